import { join } from 'node:path';
import { WrappedError } from '../error.ts';
import type { Session, SqlRow } from '../sql/database.ts';
import { ident, type Sql, sql } from '../sql/sql.ts';
import { COLUMN_ROW_GROUP } from '../store/folder/folder-store.ts';
import type { NewColumn } from '../store/store.ts';
import { type AnyStory, sqlType, type TotalsName } from '../story/index.ts';
import type { PlannedColumn } from './plan.ts';
import type { YearTotals } from './totals.ts';

/** A story's column of one year, to be computed from that year's totals. */
export interface ColumnTask {
  readonly column: PlannedColumn;
  readonly totals: YearTotals;
}

/** Users of a year who have no value and for whom a story says no reason. */
const NO_PLAYS = 'no play that counts';

/**
 * Computes one story for several years in one query, and writes a file a year.
 * @throws WrappedError where the story's query gives something else than one row per user and year
 */
export async function computeColumns(
  session: Session,
  story: AnyStory,
  tasks: readonly ColumnTask[],
  scratch: string,
): Promise<NewColumn[]> {
  const relation = (name: TotalsName): Sql =>
    sql`read_parquet([${tasks.map(({ totals }) => totals.path(name))}])`;
  const query = story.query(
    Object.fromEntries(story.reads.map((name: TotalsName) => [name, relation(name)])),
  );
  await session.run(sql`
    CREATE OR REPLACE TEMP TABLE told AS
    SELECT user_year, value::${sqlType(story.column)} AS value, ${await optionalColumns(session, story, query)}
    FROM (${query})`);
  try {
    const users = relation('user');
    await checkOneRowEach(session, story, users);
    const facts = await session.rows<{
      year: number;
      reason: string | null;
      users: bigint;
      note: string | null;
    }>(sql`
      SELECT
        year,
        CASE WHEN value IS NULL THEN coalesce(absent, ${NO_PLAYS}) END AS reason,
        count(*) AS users,
        max(note) AS note
      FROM ${users} LEFT JOIN told USING (user_year)
      GROUP BY ALL
      ORDER BY ALL`);
    const columns: NewColumn[] = [];
    for (const { column, totals } of tasks) {
      const file = join(scratch, `${story.id}-${column.year}.parquet`);
      const ofYear = facts.filter(({ year }) => year === column.year);
      const rows = Number(ofYear.find(({ reason }) => reason === null)?.users ?? 0);
      await session.run(sql`
        COPY (
          SELECT user_id, value FROM told JOIN read_parquet(${totals.path('user')}) USING (user_year)
          WHERE value IS NOT NULL
          ORDER BY user_id
        ) TO ${file} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${rowGroupSize(rows)})`);
      const note = ofYear.map((fact) => fact.note).find((found) => found !== null);
      columns.push({
        story: story.id,
        period: String(column.year),
        file,
        written: {
          from: column.from,
          rows,
          absent: Object.fromEntries(
            ofYear.flatMap(({ reason, users: count }) => (reason === null ? [] : [[reason, Number(count)]])),
          ),
          ...(note === undefined ? {} : { note: JSON.parse(note) }),
          type: story.column,
        },
      });
    }
    return columns;
  } finally {
    await session.run(sql`DROP TABLE IF EXISTS told`);
  }
}

/**
 * Between one row group and two, DuckDB 1.5 cuts where one thread writes and does not where several do: there one group is
 * asked for, so that a column is the same byte for byte.
 */
const rowGroupSize = (rows: number): number =>
  rows < 2 * COLUMN_ROW_GROUP ? 2 * COLUMN_ROW_GROUP : COLUMN_ROW_GROUP;

async function optionalColumns(session: Session, story: AnyStory, query: Sql): Promise<Sql> {
  const rows = await session.rows<SqlRow & { column_name: string }>(sql`DESCRIBE ${query}`);
  const names = rows.map(({ column_name }) => column_name);
  for (const needed of ['user_year', 'value']) {
    if (!names.includes(needed)) {
      throw new WrappedError(
        `story ${story.id}: its query gives ${names.join(', ')}; expected user_year and value`,
      );
    }
  }
  const [absent, note] = ['absent', 'note'].map((name) =>
    names.includes(name)
      ? sql`${ident(name)}::VARCHAR AS ${ident(name)}`
      : sql`NULL::VARCHAR AS ${ident(name)}`,
  ) as [Sql, Sql];
  return sql`${absent}, ${note}`;
}

async function checkOneRowEach(session: Session, story: AnyStory, users: Sql): Promise<void> {
  const [row] = await session.rows<{ user_year: bigint; rows: bigint }>(
    sql`SELECT user_year, count(*) AS rows FROM told GROUP BY user_year HAVING count(*) > 1 ORDER BY user_year LIMIT 1`,
  );
  if (row !== undefined) {
    const [user] = await session.rows<{ user_id: string; year: number }>(
      sql`SELECT user_id, year FROM ${users} WHERE user_year = ${row.user_year}`,
    );
    throw new WrappedError(
      `story ${story.id}: its query gives ${row.rows} rows for user '${user?.user_id}' in ${user?.year}; expected one`,
      { hint: 'Group by user_year, and join dictionaries by their number alone.' },
    );
  }
}
