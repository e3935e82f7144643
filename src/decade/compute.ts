import { join as joinPath } from 'node:path';
import { type Phases, secondsSince } from '../engine/phases.ts';
import { withTold, writeColumn } from '../engine/told.ts';
import { isOfUsers, readTotals } from '../engine/totals-folder.ts';
import type { Session } from '../sql/database.ts';
import { ident, join, type Sql, sql } from '../sql/sql.ts';
import { FolderStore } from '../store/folder/folder-store.ts';
import { columnName, type NewColumn } from '../store/store.ts';
import type { Decade, DecadeContext, DecadeRelations, TotalsName } from '../story/index.ts';
import { userOrder } from '../totals/index.ts';
import type { DecadeNote, PlannedDecade, YearColumn } from './plan.ts';

/**
 * Computes one story's decade out of its yearly columns and, where they are there, the totals of those years, and writes its file.
 * @throws WrappedError where the story's query gives something else than one row per user
 */
export async function computeDecade(
  session: Session,
  planned: PlannedDecade,
  context: DecadeContext,
  fetched: ReadonlyMap<string, string>,
  scratch: string,
  phases: Phases,
): Promise<NewColumn> {
  const { story, period, years, without, exact, from } = planned;
  const decade = story.decade as Decade;
  const since = performance.now();
  const telling = {
    who: `the decade of story ${story.id}`,
    key: 'listener',
    column: decade.column,
    queries: await queriesOf(session, decade, planned, context, fetched),
    users: sql`listener`,
  } as const;
  return withTold(session, telling, async () => {
    const [facts] = await session.rows<{ rows: bigint; note: string | null }>(
      sql`SELECT count(value) AS rows, max(note) AS note FROM told`,
    );
    const absent = await session.rows<{ reason: string; users: bigint }>(
      sql`SELECT absent AS reason, count(*) AS users FROM told WHERE value IS NULL AND absent IS NOT NULL GROUP BY ALL ORDER BY ALL`,
    );
    const rows = Number(facts?.rows ?? 0);
    phases.add({ phase: 'story', name: story.id, rows, seconds: secondsSince(since) });
    const file = joinPath(scratch, `${columnName({ story: story.id, period })}-decade.parquet`);
    await writeColumn(
      session,
      sql`SELECT user_id, value FROM told JOIN listener USING (listener)`,
      file,
      rows,
      phases,
    );
    const note: DecadeNote = {
      years: years.map(({ year }) => year),
      ...(without.length > 0 && { without }),
      exact,
      ...(facts?.note == null ? {} : JSON.parse(facts.note)),
    };
    return {
      story: story.id,
      period,
      file,
      written: {
        from,
        rows,
        absent: Object.fromEntries(absent.map(({ reason, users }) => [reason, Number(users)])),
        note,
        type: decade.column,
      },
    };
  });
}

/** Listeners whose rows are computed together, from the first to the last. Their numbers are in the order in which totals number them. */
interface Listeners {
  readonly first: number;
  readonly last: number;
}

/** Makes the tables that the queries read, and gives the queries: one, or one for each part of the listeners. */
async function queriesOf(
  session: Session,
  decade: Decade,
  { years, exact }: PlannedDecade,
  context: DecadeContext,
  fetched: ReadonlyMap<string, string>,
): Promise<Sql[]> {
  const files = years.map((year) => ({ ...year, path: fileOf(year, fetched) }));
  const columns = join(
    files.map(({ year, path }) => sql`SELECT user_id, ${year} AS year, value FROM read_parquet(${path})`),
    ' UNION ALL ',
  );
  await session.run(sql`
    CREATE OR REPLACE TEMP TABLE listener AS
    SELECT row_number() OVER (ORDER BY ${userOrder(sql`user_id`)})::UINTEGER AS listener, user_id FROM (SELECT DISTINCT user_id FROM (${columns}))`);
  const yearly = (some: Sql) =>
    sql`(SELECT listener::BIGINT AS listener, year, value FROM (${columns}) JOIN ${some} USING (user_id))`;

  if (decade.reads.length === 0)
    return [decade.query({ ...noTotals, years: yearly(sql`listener`) }, context)];
  if (!exact && decade.bounds !== undefined)
    return [decade.bounds({ years: yearly(sql`listener`) }, context)];

  await session.run(sql`
    CREATE OR REPLACE TEMP TABLE listener_year AS
    SELECT user_year, year, listener FROM ${read(years, 'user')} JOIN listener USING (user_id)`);
  const all = await totalsOf(session, decade, years, undefined);
  const whole = { ...all, years: yearly(sql`listener`), listener_year: sql`listener_year` };
  if (decade.shared === undefined) return [decade.query(whole, context)];
  for (const [name, table] of Object.entries(decade.shared(whole, context)))
    await session.run(sql`CREATE OR REPLACE TEMP TABLE ${ident(name)} AS ${table}`);
  const queries: Sql[] = [];
  for (const some of await partsOf(session, decade, years)) {
    const within = sql`(SELECT * FROM listener WHERE listener BETWEEN ${some.first} AND ${some.last})`;
    queries.push(
      decade.query(
        {
          ...(await totalsOf(session, decade, years, some)),
          years: yearly(within),
          listener_year: sql`listener_year`,
        },
        context,
      ),
    );
  }
  return queries;
}

/** What a decade that reads no totals is given: there is nothing of it that its query may name. */
const noTotals = {} as Omit<DecadeRelations, 'years'>;

/** So many rows of totals are grouped at once. 45 M rows of 30,000 users so took 2.0 GB instead of 5.5, in the same time as all at once. */
const ROWS_AT_ONCE = 8_000_000;

/** The listeners in parts of about {@link ROWS_AT_ONCE} rows of the totals that the decade reads. */
async function partsOf(session: Session, decade: Decade, years: readonly YearColumn[]): Promise<Listeners[]> {
  const paths = decade.reads.filter(isOfUsers).map((name) => years.map(({ totals }) => totals.path(name)));
  const counts = await Promise.all(
    paths.map((files) =>
      session.rows<{ rows: bigint }>(
        sql`SELECT sum(num_rows)::BIGINT AS rows FROM parquet_file_metadata([${files}])`,
      ),
    ),
  );
  const rows = Math.max(0, ...counts.map(([count]) => Number(count?.rows ?? 0)));
  const [{ listeners = 0n } = {}] = await session.rows<{ listeners: bigint }>(
    sql`SELECT count(*) AS listeners FROM listener`,
  );
  const parts = Math.max(1, Math.ceil(rows / ROWS_AT_ONCE));
  const size = Math.max(1, Math.ceil(Number(listeners) / parts));
  return Array.from({ length: parts }, (_, part) => ({ first: part * size + 1, last: (part + 1) * size }));
}

const read = (years: readonly YearColumn[], name: TotalsName): Sql =>
  readTotals(years.map(({ totals }) => totals.path(name)));

/** The totals that a decade reads: of all listeners, or only the row groups that some of them are in. */
async function totalsOf(
  session: Session,
  decade: Decade,
  years: readonly YearColumn[],
  some: Listeners | undefined,
): Promise<Omit<DecadeRelations, 'years' | 'listener_year'>> {
  const spans = new Map<number, Sql>();
  if (some !== undefined) {
    const found = await session.rows<{ year: number; first: bigint; last: bigint }>(sql`
      SELECT year, min(user_year) AS first, max(user_year) AS last FROM listener_year
      WHERE listener BETWEEN ${some.first} AND ${some.last} GROUP BY year`);
    for (const { year, first, last } of found) spans.set(year, sql`user_year BETWEEN ${first} AND ${last}`);
  }
  const relation = (name: TotalsName): Sql =>
    some === undefined || !isOfUsers(name)
      ? read(years, name)
      : sql`(${join(
          years.map(
            ({ year, totals }) =>
              sql`SELECT * FROM ${readTotals([totals.path(name)])} WHERE ${spans.get(year) ?? sql`false`}`,
          ),
          ' UNION ALL ',
        )})`;
  return Object.fromEntries(decade.reads.map((name) => [name, relation(name)])) as Omit<
    DecadeRelations,
    'years' | 'listener_year'
  >;
}

/** The Parquet file of a year's column: the store's, or one that was fetched out of its rows. */
function fileOf({ entry, store }: YearColumn, fetched: ReadonlyMap<string, string>): string {
  const file = fetched.get(columnName(entry));
  if (file !== undefined) return file;
  if (!(store instanceof FolderStore) || entry.written === undefined)
    throw new Error(`${columnName(entry)} was not fetched`);
  return store.path(entry.written);
}
