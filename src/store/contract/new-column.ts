import { join as joinPath } from 'node:path';
import type { Database } from '../../sql/database.ts';
import { join, sql } from '../../sql/sql.ts';
import type { ColumnType } from '../../story/index.ts';
import type { ColumnId, NewColumn, Provenance } from '../store.ts';

/** A column as a test writes it: values by user. */
export interface ColumnSpec extends ColumnId {
  readonly type: ColumnType;
  readonly values: Readonly<Record<string, unknown>>;
}

export const PROVENANCE: Provenance = { version: 1, definition: 'd1', rules: 'r1', input: 'i1' };

let files = 0;

/** A column on its way into a store: writes its Parquet file into `dir`, under a name of its own. */
export async function newColumn(
  database: Database,
  dir: string,
  { story, period, type, values }: ColumnSpec,
): Promise<NewColumn> {
  const file = joinPath(dir, `${process.pid}-${files++}.parquet`);
  const rows = Object.entries(values).map(
    ([user, value]) =>
      sql`(${user}, json_transform(${JSON.stringify(value)}, ${JSON.stringify(structureOf(type))}))`,
  );
  const session = await database.session();
  try {
    await session.run(sql`
      COPY (SELECT * FROM (VALUES ${join(rows)}) AS rows(user_id, value) ORDER BY user_id)
      TO ${file} (FORMAT parquet)`);
  } finally {
    session.close();
  }
  return { story, period, file, written: { from: PROVENANCE, rows: rows.length, absent: {}, type } };
}

const SCALARS = { text: 'VARCHAR', integer: 'BIGINT', number: 'DOUBLE', boolean: 'BOOLEAN' } as const;

/** A type as `json_transform` has it; there a key that is missing is null. */
function structureOf(type: ColumnType): unknown {
  switch (type.kind) {
    case 'list':
      return [structureOf(type.item)];
    case 'object':
      return Object.fromEntries(
        Object.entries(type.fields).map(([name, field]) => [name, structureOf(field)]),
      );
    default:
      return SCALARS[type.kind];
  }
}
