import { join as joinPath } from 'node:path';
import { type Phases, secondsSince } from '../engine/phases.ts';
import { makeTables, type TellingQuery, withTold, writeColumn } from '../engine/told.ts';
import { isOfUsers, readTotals as read } from '../engine/totals-folder.ts';
import type { Session } from '../sql/database.ts';
import { ident, join, type Sql, sql } from '../sql/sql.ts';
import { FolderStore } from '../store/folder/folder-store.ts';
import { columnName, type NewColumn } from '../store/store.ts';
import type { Decade, DecadeContext, DecadeRelations, Relations, TotalsName } from '../story/index.ts';
import { hasNumber, userOrder } from '../totals/index.ts';
import type { DecadeNote, PlannedDecade, YearColumn } from './plan.ts';

/** What a decade is computed with, beside its plan. */
export interface DecadeInput {
  readonly context: DecadeContext;
  /** The files of yearly columns that were read out of a store's rows, by column. */
  readonly fetched: ReadonlyMap<string, string>;
  readonly rowsAtOnce: number | undefined;
}

/**
 * Computes one story's decade out of its yearly columns and, where they are there, the totals of those years, and writes its file.
 * @throws WrappedError where the story's query gives something else than one row per user
 */
export async function computeDecade(
  session: Session,
  planned: PlannedDecade,
  input: DecadeInput,
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
    queries: await queriesOf(session, decade, planned, input),
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
  { context, fetched, rowsAtOnce = ROWS_AT_ONCE }: DecadeInput,
): Promise<TellingQuery[]> {
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
    return [{ query: decade.query({ ...noTotals, years: yearly(sql`listener`) }, context) }];
  if (!exact && decade.bounds !== undefined)
    return [{ query: decade.bounds({ years: yearly(sql`listener`) }, context) }];

  await session.run(sql`
    CREATE OR REPLACE TEMP TABLE listener_year AS
    SELECT user_year, year, listener FROM ${readTotals(years, 'user')} JOIN listener USING (user_id)`);
  const relations = {
    ...totalsOf(decade, years),
    each_year: years.map((year) => ({
      ...totalsOf(decade, [year]),
      year: year.year,
      listener_year: ident(tableOf(year)),
      has: (number: Sql) => hasNumber(year.year, number),
    })),
  };
  const everyone = sql`listener_year`;
  const all = { ...relations, years: yearly(sql`listener`), listener_year: everyone };
  await makeTables(session, tablesOf(years, everyone));
  if (decade.shared === undefined) return [{ query: decade.query(all, context) }];

  await makeTables(session, decade.shared(all, context));
  const parts = await partsOf(session, decade, years, rowsAtOnce);
  if (parts.length === 1) return [{ query: decade.query(all, context) }];
  return parts.map(({ first, last }) => {
    const some = (table: Sql) => sql`(SELECT * FROM ${table} WHERE listener BETWEEN ${first} AND ${last})`;
    const of = some(everyone);
    return {
      tables: tablesOf(years, of),
      query: decade.query({ ...relations, years: yearly(some(sql`listener`)), listener_year: of }, context),
    };
  });
}

/** What a decade that reads no totals is given: there is nothing of it that its query may name. */
const noTotals = {} as Omit<DecadeRelations, 'years'>;

/** The table of a year's listeners. A table, since a filter's rows are guessed at, and the larger side of a join may so be hashed. */
const tableOf = ({ year }: YearColumn): string => `listener_year_${year}`;

const tablesOf = (years: readonly YearColumn[], listeners: Sql): Record<string, Sql> =>
  Object.fromEntries(
    years.map((one) => [
      tableOf(one),
      sql`SELECT user_year, listener FROM ${listeners} WHERE year = ${one.year}`,
    ]),
  );

/**
 * So many rows of totals are grouped at once, for memory's sake. In smaller parts it takes longer: what all listeners share is joined anew
 * for each.
 */
const ROWS_AT_ONCE = 16_000_000;

/** The listeners in parts of about so many rows of the totals that the decade reads. */
async function partsOf(
  session: Session,
  decade: Decade,
  years: readonly YearColumn[],
  rowsAtOnce: number,
): Promise<Listeners[]> {
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
  const parts = Math.max(1, Math.ceil(rows / rowsAtOnce));
  const size = Math.max(1, Math.ceil(Number(listeners) / parts));
  return Array.from({ length: parts }, (_, part) => ({ first: part * size + 1, last: (part + 1) * size }));
}

const readTotals = (years: readonly YearColumn[], name: TotalsName): Sql =>
  read(years.map(({ totals }) => totals.path(name)));

const totalsOf = (decade: Decade, years: readonly YearColumn[]) =>
  Object.fromEntries(decade.reads.map((name) => [name, readTotals(years, name)])) as Relations<TotalsName>;

/** The Parquet file of a year's column: the store's, or one that was fetched out of its rows. */
function fileOf({ entry, store }: YearColumn, fetched: ReadonlyMap<string, string>): string {
  const file = fetched.get(columnName(entry));
  if (file !== undefined) return file;
  if (!(store instanceof FolderStore) || entry.written === undefined)
    throw new Error(`${columnName(entry)} was not fetched`);
  return store.path(entry.written);
}
