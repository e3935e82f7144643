import { WrappedError } from '../error.ts';
import type { Session } from '../sql/database.ts';
import { ident, sql } from '../sql/sql.ts';
import type { Lake } from './lake.ts';
import type { Tables } from './relations.ts';

/** The tables that plays are joined with, and the column by which: a second row of an id would count its plays twice. */
const KEYS = { tracks: 'track_id', users: 'user_id' } as const;

/** Checks that tables have each id once. @throws WrappedError that names the table and an id that it has more than once */
export async function checkKeys(session: Session, lake: Lake, tables: Tables): Promise<void> {
  for (const [table, key] of Object.entries(KEYS) as [keyof typeof KEYS, string][]) {
    const relation = tables[table];
    if (relation === undefined) continue;
    const [twice] = await session.rows<{ id: string; rows: bigint }>(sql`
      SELECT ${ident(key)} AS id, count(*) AS rows FROM (${relation})
      WHERE ${ident(key)} IS NOT NULL GROUP BY id HAVING count(*) > 1 ORDER BY id LIMIT 1`);
    if (twice === undefined) continue;
    throw new WrappedError(`table ${table} has ${twice.rows} rows of ${key} '${twice.id}', expected one`, {
      hint: `Leave one row of each ${key} in ${lake.tables[table]?.map(({ path }) => path).join(', ')}.`,
    });
  }
}
