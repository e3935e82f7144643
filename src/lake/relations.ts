import { WrappedError } from '../error.ts';
import type { Session } from '../sql/database.ts';
import { ident, join, type Sql, sql, unsafe } from '../sql/sql.ts';
import { whyUnreadable } from './broken-files.ts';
import type { Footers } from './footers.ts';
import type { Identity, Lake, LakeFile } from './lake.ts';
import { TABLE_COLUMNS, type TableName } from './layout.ts';
import { PLAYS_COLUMNS, type PlaysColumnName } from './listen-row.ts';

const TEXT = /^(VARCHAR|UUID|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|ENUM.*)$/;
const WHOLE = /^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/;
const INSTANT = /^TIMESTAMP( WITH TIME ZONE|_S|_MS|_NS)?$/;

/** What a column in a file may be, to be taken for a column of ours. */
const ACCEPTED: Readonly<Record<string, { readonly types: RegExp; readonly expected: string }>> = {
  VARCHAR: { types: TEXT, expected: 'text or a whole number' },
  BIGINT: { types: WHOLE, expected: 'a whole number' },
  BOOLEAN: { types: /^BOOLEAN$/, expected: 'a boolean' },
  TIMESTAMPTZ: { types: INSTANT, expected: 'a timestamp (without a zone it is taken as UTC)' },
};

/** Types whose values are made of others, or of bytes. */
const SEVERAL_VALUES = /\]$|^(STRUCT|MAP|UNION|BLOB)\b/;

/** How the files of a lake's plays become our columns. */
export interface PlaysSchema {
  readonly identity: Identity;
  /** Our columns that the files have. */
  readonly has: ReadonlySet<PlaysColumnName>;
  /** What each file has to have, by its name there. */
  readonly required: readonly string[];
  /** The plays of these files, in all our columns; where the files lack one it is null. */
  readonly select: (files: readonly LakeFile[]) => Sql;
}

/** The Parquet files as a relation; files may lack columns that others have. */
export const readParquet = (files: readonly { readonly path: string }[]): Sql =>
  sql`read_parquet([${files.map((file) => file.path)}], union_by_name = true, hive_partitioning = false)`;

/**
 * Reads which columns the plays have, and of which types.
 * @param footers those of the files
 * @throws WrappedError that names the column, what was found and what was expected
 */
export async function describePlays(
  session: Session,
  lake: Lake,
  files: readonly LakeFile[],
  footers: Footers,
): Promise<PlaysSchema> {
  const examples = footers.examples(files);
  const found = await describeFiles(session, examples);
  const each = await describeEach(session, examples, found);
  const names = lake.layout.plays?.columns ?? {};
  const has = new Set<PlaysColumnName>();
  const columns: Sql[] = [];
  const sources = new Map<string, Sql>();
  for (const column of Object.keys(PLAYS_COLUMNS) as PlaysColumnName[]) {
    const source = names[column] ?? column;
    const { type, ...rest } = PLAYS_COLUMNS[column];
    const actual = found.get(source);
    if (actual === undefined) {
      if (names[column] !== undefined || 'required' in rest) {
        throw missingColumn(`plays.columns.${column}`, source, examples, found);
      }
      columns.push(sql`NULL::${unsafe(type)} AS ${ident(column)}`);
      continue;
    }
    checkTypes(source, type, each);
    has.add(column);
    if (!sources.has(source)) sources.set(source, sql`NULL::${unsafe(type)} AS ${ident(source)}`);
    columns.push(sql`${ident(source)}::${unsafe(type)} AS ${ident(column)}`);
  }
  if (!has.has('track_id') && !(has.has('track') && has.has('artist'))) {
    throw new WrappedError(
      `plays in ${lake.dir} have no track's identity: found ${[...found.keys()].join(', ')}, expected track_id, or artist and track`,
      { hint: 'Say which column is which in wrapped.config.json: plays.columns.' },
    );
  }
  return {
    identity: lake.identity ?? (has.has('track_id') ? 'track_id' : 'title'),
    has,
    required: REQUIRED_PLAYS.map((column) => names[column] ?? column),
    // Some files may lack a column that others have: no rows of all of them stand in for it.
    select: (some) => sql`SELECT ${join(columns)} FROM (
      SELECT * FROM ${readParquet(some)} UNION ALL BY NAME SELECT ${join([...sources.values()])} WHERE false)`,
  };
}

/** A lake's tables beside the plays, those it has, in all our columns as text (null where the files lack one). */
export type Tables = Readonly<Partial<Record<TableName, Sql>>>;

/** @throws WrappedError where a column that the layout names is not there, or one that a table can't do without, or is of lists */
export async function describeTables(session: Session, lake: Lake): Promise<Tables> {
  const tables: Partial<Record<TableName, Sql>> = {};
  for (const name of Object.keys(lake.tables) as TableName[])
    tables[name] = await describeTable(session, lake, name);
  return tables;
}

async function describeTable(session: Session, lake: Lake, name: TableName): Promise<Sql> {
  const files = lake.tables[name] ?? [];
  const found = await describeFiles(session, files);
  const names: Partial<Record<string, string>> = lake.layout[name]?.columns ?? {};
  const columns = TABLE_COLUMNS[name].map((column) => {
    const source = names[column] ?? column;
    const type = found.get(source);
    if (type !== undefined && SEVERAL_VALUES.test(type)) {
      throw new WrappedError(
        `column ${name}.${source} is ${type} in ${files[0]?.path}, expected one value a row`,
        {
          hint: 'Map another column in wrapped.config.json; a list, such as of genres, becomes a row for each.',
        },
      );
    }
    if (type !== undefined) return sql`${ident(source)}::VARCHAR AS ${ident(column)}`;
    if (names[column] !== undefined || REQUIRED[name].includes(column)) {
      throw missingColumn(`${name}.columns.${column}`, source, files, found);
    }
    return sql`NULL::VARCHAR AS ${ident(column)}`;
  });
  return sql`SELECT ${join(columns)} FROM ${readParquet(files)}`;
}

/** Without these a row counts nowhere. */
const REQUIRED_PLAYS = ['user_id', 'played_at'] as const satisfies readonly PlaysColumnName[];

const REQUIRED: Readonly<Record<TableName, readonly string[]>> = {
  tracks: ['track_id'],
  artist_genres: ['genre'],
  users: ['user_id'],
};

async function describeFiles(session: Session, files: readonly LakeFile[]): Promise<Map<string, string>> {
  const rows = await session
    .rows<{ column_name: string; column_type: string }>(sql`DESCRIBE SELECT * FROM ${readParquet(files)}`)
    .catch(async (cause: unknown) => {
      throw await whyUnreadable(session, files, cause);
    });
  return new Map(rows.map((row) => [row.column_name, row.column_type]));
}

/** A file, and the types of its columns. */
interface Described {
  readonly path: string;
  readonly types: ReadonlyMap<string, string>;
}

/** The same of each file: read together, one type may hide another. */
async function describeEach(
  session: Session,
  files: readonly LakeFile[],
  found: ReadonlyMap<string, string>,
): Promise<Described[]> {
  const [only, ...others] = files;
  if (only !== undefined && others.length === 0) return [{ path: only.path, types: found }];
  const each: Described[] = [];
  for (const file of files) each.push({ path: file.path, types: await describeFiles(session, [file]) });
  return each;
}

/** @throws WrappedError for a column that is of the wrong type in a file, or of types that can't be read as one */
function checkTypes(column: string, type: string, files: readonly Described[]): void {
  const { types: accepted, expected } = ACCEPTED[type] ?? { types: /^/, expected: type };
  const found = files.flatMap(({ path, types }) => {
    const actual = types.get(column);
    return actual === undefined ? [] : [{ path, actual }];
  });
  const wrong = found.find(({ actual }) => !accepted.test(actual));
  if (wrong !== undefined) {
    throw new WrappedError(
      `column plays.${column} is ${wrong.actual} in ${wrong.path}, expected ${expected}`,
      { hint: 'Map another column in wrapped.config.json, or write the files with that type.' },
    );
  }
  const uuid = found.find(({ actual }) => actual === 'UUID');
  const other = found.find(({ actual }) => actual !== 'UUID');
  if (uuid === undefined || other === undefined) return;
  throw new WrappedError(
    `column plays.${column} is UUID in ${uuid.path} and ${other.actual} in ${other.path}, expected one type`,
    { hint: 'Write it as text in all files.' },
  );
}

function missingColumn(
  key: string,
  source: string,
  files: readonly LakeFile[],
  found: ReadonlyMap<string, string>,
): WrappedError {
  return new WrappedError(
    `${key}: no column '${source}' in ${files[0]?.path}; its columns are ${[...found.keys()].join(', ')}`,
    { hint: `Say which column it is in wrapped.config.json: ${key}.` },
  );
}
