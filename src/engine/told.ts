import { WrappedError } from '../error.ts';
import type { Session, SqlRow } from '../sql/database.ts';
import { ident, type Sql, sql } from '../sql/sql.ts';
import { COLUMN_ROW_GROUP } from '../store/folder/folder-store.ts';
import { type ObjectType, sqlType } from '../story/index.ts';
import { bytesOf, type Phases } from './phases.ts';

/** What a story's query says, to be made into columns. */
export interface Telling {
  /** For errors: `story top-artist`. */
  readonly who: string;
  /** The column of the query that has each value once: `user_year`, or a decade's `listener`. */
  readonly key: 'user_year' | 'listener';
  readonly column: ObjectType;
  /** One, or several that tell of different keys, each with the tables that are made before it. */
  readonly queries: readonly TellingQuery[];
  /** Whom a key stands for, for errors: `user_id`, and the `year` if it is of one. A relation with the key. */
  readonly users: Sql;
}

/** A query, and the temporary tables that it reads, by name. */
export interface TellingQuery {
  readonly query: Sql;
  readonly tables?: Readonly<Record<string, Sql>> | undefined;
}

/**
 * Runs a story's queries into the temporary table `told`: the key, `value`, `absent`, `note`; hands it to `use`, and drops it.
 * @throws WrappedError where the query lacks the key or `value`, or gives two rows for one key
 */
export async function withTold<Result>(
  session: Session,
  telling: Telling,
  use: () => Promise<Result>,
): Promise<Result> {
  const { key, column, queries } = telling;
  try {
    for (const [index, { query, tables = {} }] of queries.entries()) {
      await makeTables(session, tables);
      const statement = sql`
        ${index === 0 ? sql`CREATE OR REPLACE TEMP TABLE told AS` : sql`INSERT INTO told`}
        SELECT ${ident(key)}, value::${sqlType(column)} AS value, absent::VARCHAR AS absent, note::VARCHAR AS note
        FROM (SELECT * FROM (${query}) UNION ALL BY NAME SELECT NULL::VARCHAR AS absent, NULL::VARCHAR AS note WHERE false)`;
      await session.run(statement).catch(async (cause: unknown) => {
        await checkColumns(session, telling);
        throw cause;
      });
    }
    await checkOneRowEach(session, telling);
    return await use();
  } finally {
    await session.run(sql`DROP TABLE IF EXISTS told`);
  }
}

/** Makes temporary tables, in this order, in place of those that have their names. */
export async function makeTables(session: Session, tables: Readonly<Record<string, Sql>>): Promise<void> {
  for (const [name, table] of Object.entries(tables))
    await session.run(sql`CREATE OR REPLACE TEMP TABLE ${ident(name)} AS ${table}`);
}

/** Writes `user_id` and `value` of `rows`, of which there are `count`, as a column's file: sorted by user, the same byte for byte on every run. */
export async function writeColumn(
  session: Session,
  rows: Sql,
  file: string,
  count: number,
  phases: Phases,
): Promise<void> {
  await phases.timed(
    { phase: 'columns' },
    () =>
      session.run(sql`
        COPY (SELECT user_id, value FROM (${rows}) WHERE value IS NOT NULL ORDER BY user_id)
        TO ${file} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${rowGroupSize(count)})`),
    async () => ({ rows: count, bytes: await bytesOf(file) }),
  );
}

/**
 * Between one row group and two, DuckDB 1.5 cuts where one thread writes and does not where several do: there one group is
 * asked for, so that a column is the same byte for byte.
 */
const rowGroupSize = (rows: number): number =>
  rows < 2 * COLUMN_ROW_GROUP ? 2 * COLUMN_ROW_GROUP : COLUMN_ROW_GROUP;

/** Asked only of a query that fails: to plan it once more takes as long as to run it over a small history. */
async function checkColumns(session: Session, { who, key, queries }: Telling): Promise<void> {
  const rows = await session
    .rows<SqlRow & { column_name: string }>(sql`DESCRIBE ${queries[0]!.query}`)
    .catch(() => undefined);
  const names = rows?.map(({ column_name }) => column_name);
  if (names !== undefined && !(names.includes(key) && names.includes('value')))
    throw new WrappedError(`${who}: its query gives ${names.join(', ')}; expected ${key} and value`);
}

async function checkOneRowEach(session: Session, { who, key, users }: Telling): Promise<void> {
  const [row] = await session.rows<{ key: bigint; rows: bigint }>(
    sql`SELECT ${ident(key)} AS key, count(*) AS rows FROM told GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1`,
  );
  if (row === undefined) return;
  const [user] = await session.rows<{ user_id: string; year?: number }>(
    sql`SELECT * FROM ${users} WHERE ${ident(key)} = ${row.key}`,
  );
  const year = user?.year === undefined ? '' : ` in ${user.year}`;
  throw new WrappedError(
    `${who}: its query gives ${row.rows} rows for user '${user?.user_id}'${year}; expected one`,
    {
      hint: `Group by ${key}, and join dictionaries by their number alone.`,
    },
  );
}
