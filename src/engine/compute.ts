import { join as joinPath } from 'node:path';
import type { Session } from '../sql/database.ts';
import { ident, join, type Sql, sql, unsafe } from '../sql/sql.ts';
import type { NewColumn } from '../store/store.ts';
import {
  type AnyStory,
  type PastRelations,
  type Relations,
  TOTALS,
  type TotalsName,
} from '../story/index.ts';
import { type Bucket, EVERYONE, type TotalsFile } from '../totals/index.ts';
import { type Phases, secondsSince } from './phases.ts';
import type { PlannedColumn } from './plan.ts';
import { withTold, writeColumn } from './told.ts';
import { inBuckets } from './too-large.ts';
import type { YearTotals } from './totals.ts';
import { type Reader, readTotals } from './totals-folder.ts';

/** A story's column of one year, to be computed from that year's totals. */
export interface ColumnTask {
  readonly column: PlannedColumn;
  readonly totals: YearTotals;
}

/** Reads the totals of several years as one. */
async function readerOf(session: Session, years: readonly YearTotals[]): Promise<Reader> {
  if (years.length === 0) return noTotals;
  const readers = await Promise.all(years.map(({ whole }) => whole.reader(session)));
  return (name, bucket = EVERYONE) => {
    if (bucket.of === 1) return readTotals(years.map((totals) => totals.path(name)));
    const rows = readers.map((read) => sql`SELECT * FROM ${read(name, bucket)}`);
    return sql`(${join(rows, ' UNION ALL ')})`;
  };
}

/** Totals of no year. */
const noTotals = (name: TotalsFile): Sql => {
  const columns = Object.entries(TOTALS[name as TotalsName]);
  return sql`(SELECT ${join(columns.map(([column, type]) => sql`NULL::${unsafe(type)} AS ${ident(column)}`))} LIMIT 0)`;
};

/** Why a user of a year has no value, where the story says no reason. */
const NO_PLAYS = 'no play that counts';

/** What a query takes from the lake beside totals, and how much of it at once. */
export interface Computing extends Pick<PastRelations, 'same' | 'since'> {
  readonly scratch: string;
  /** Bytes of plays whose users are computed together. */
  readonly mouthful: number;
  readonly phases: Phases;
}

/**
 * Computes one story for several years in one query, or for a large one bucket by bucket, and writes a file a year.
 * @throws WrappedError where the story's query gives something else than one row per user and year
 */
export async function computeColumns(
  session: Session,
  story: AnyStory,
  tasks: readonly ColumnTask[],
  { scratch, mouthful, phases, ...ofLake }: Computing,
): Promise<NewColumn[]> {
  const since = performance.now();
  const own = tasks.map(({ totals }) => totals);
  const past = [
    ...new Map(tasks.flatMap(({ column }) => column.past.map((one) => [one.year, one]))).values(),
  ];
  const bytes = [...own, ...past].reduce((sum, totals) => sum + totals.bytes, 0);
  const whose = story.users ?? 'user';
  const [read, readPast] = await Promise.all([own, past].map((years) => readerOf(session, years)));
  const relations = (names: readonly TotalsName[], reader: Reader | undefined, bucket: Bucket) =>
    Object.fromEntries(names.map((name) => [name, reader?.(name, bucket)])) as Relations;
  const queryOf = (bucket: Bucket) =>
    story.query(relations(story.reads, read, bucket), {
      ...relations(story.past?.reads ?? [], readPast, bucket),
      ...ofLake,
    } as PastRelations);
  const users = readTotals(own.map((totals) => totals.path(whose)));
  /** Users of podcasts have no plays to be counted. */
  const ofPlayers =
    story.absent === undefined || whose !== 'user'
      ? sql`NULL`
      : sql`CASE WHEN plays > 0 THEN ${story.absent} END`;
  const write = async (): Promise<NewColumn[]> => {
    const facts = await session.rows<{
      year: number;
      reason: string | null;
      users: bigint;
      note: string | null;
    }>(sql`
      SELECT
        year,
        CASE WHEN value IS NULL THEN coalesce(absent, ${ofPlayers}, ${NO_PLAYS}) END AS reason,
        count(*) AS users,
        max(note) AS note
      FROM ${users} LEFT JOIN told USING (user_year)
      GROUP BY ALL
      ORDER BY ALL`);
    const values = facts.reduce((sum, { reason, users }) => sum + (reason === null ? Number(users) : 0), 0);
    phases.add({ phase: 'story', name: story.id, rows: values, seconds: secondsSince(since) });
    const columns: NewColumn[] = [];
    for (const { column, totals } of tasks) {
      const file = joinPath(scratch, `${story.id}-${column.year}.parquet`);
      const ofYear = facts.filter(({ year }) => year === column.year);
      const rows = Number(ofYear.find(({ reason }) => reason === null)?.users ?? 0);
      const ofUsers = sql`SELECT user_id, value FROM told JOIN ${readTotals([totals.path(whose)])} USING (user_year)`;
      await writeColumn(session, ofUsers, file, rows, phases);
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
  };
  const columnsOf = (buckets: readonly Bucket[]) => {
    const queries = buckets.map((bucket) => ({ query: queryOf(bucket) }));
    const who = `story ${story.id}`;
    return withTold(session, { who, key: 'user_year', column: story.column, queries, users }, write);
  };
  // Buckets are ranges of the numbers that `user` has.
  const isWhole = story.comparesUsers === true || whose !== 'user';
  return isWhole ? columnsOf([EVERYONE]) : inBuckets(bytes, mouthful, columnsOf);
}
