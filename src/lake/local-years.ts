import { WrappedError } from '../error.ts';
import type { Session } from '../sql/database.ts';
import { ident, join, type Sql, sql } from '../sql/sql.ts';
import { checkFiles, type UnreadableFile, whyUnreadable } from './broken-files.ts';
import { type Lake, type PlaysFile, partitionYears } from './lake.ts';
import { type LocalTime, localTime } from './local-time.ts';
import { describePlays, type PlaysSchema, type Tables } from './relations.ts';

/** The span of a file's instants, in milliseconds since 1970; null where no row has a time. */
interface Span {
  readonly first: number | null;
  readonly last: number | null;
  /** Rows without a time; null where the file's metadata don't tell. */
  readonly timeless: number | null;
}

/** Where a year begins and ends in a zone, in milliseconds since 1970. */
interface Boundary {
  readonly zone: string;
  readonly start: number;
  readonly end: number;
}

/** One year's listen rows of every user, each in the user's own time zone. */
export interface YearSource {
  readonly year: number;
  /** The files it takes: the year's own, and of its neighbours only what time zones need. */
  readonly files: readonly PlaysFile[];
  /** Its listen rows that some of these files hold, in all columns of `plays`. */
  plays(files: readonly PlaysFile[]): Sql;
  /** A file among them that can't be read, so that nothing of the year can be told. */
  readonly broken?: UnreadableFile | undefined;
  /** The clocks of its users. */
  localTime(): Promise<LocalTime>;
}

/** A lake's years as its users lived them. */
export interface LocalYears {
  readonly schema: PlaysSchema;
  /** Every year with a listen row, in order. A year next to a partition is among them where a time zone moves plays into it. */
  readonly years: readonly number[];
  source(year: number): Promise<YearSource>;
}

/**
 * Works out which plays are of which year, from the listing, the `users` table and the files' metadata; plays are looked at
 * only around New Year, where a zone may move the last of them.
 * @param timezone the zone of users that `users` gives none
 * `isLeftOut`: users whose plays alone make no year. `broken`: files that are known to be unreadable; all else is told without them.
 * @throws UnreadableFile for a file that can't be read.
 * @throws WrappedError for a file whose instants lie outside its partition
 */
export async function localYears(
  session: Session,
  lake: Lake,
  { users }: Tables,
  timezone: string,
  { isLeftOut, broken = [] }: { isLeftOut?: LeftOut | undefined; broken?: readonly UnreadableFile[] } = {},
): Promise<LocalYears> {
  const brokenAt = (file: PlaysFile) => broken.find(({ path }) => path === file.path);
  const schema = await describePlays(
    session,
    lake,
    lake.plays.filter((file) => brokenAt(file) === undefined),
  );
  const zones = await zonesOf(session, users, timezone);
  const partitions = partitionYears(lake);
  const { played_at = 'played_at' } = lake.layout.plays?.columns ?? {};
  const spansOf = spanReader(session, played_at);

  const filesOf = async (year: number, boundaries: readonly Boundary[]): Promise<PlaysFile[]> => {
    const { first, last } = reach(boundaries);
    const own = lake.plays.filter((file) => file.year === year);
    const near = lake.plays.filter(
      (file) =>
        (file.year === year - 1 && (file.month ?? 12) === 12 && first < utcYear(year)) ||
        (file.year === year + 1 && (file.month ?? 1) === 1 && last > utcYear(year + 1)),
    );
    const spans = await spansOf(near.filter((file) => brokenAt(file) === undefined));
    const reached = near.filter(
      (file) => brokenAt(file) !== undefined || overlaps(spans.get(file.path), first, last),
    );
    return [...own, ...reached].sort((a, b) => (a.path < b.path ? -1 : 1));
  };

  const holdsPlays = async (year: number): Promise<boolean> => {
    const boundaries = await boundariesOf(session, zones, year);
    const { settled, open } = reach(boundaries);
    const all = await filesOf(year, boundaries);
    const files = all.filter((file) => brokenAt(file) === undefined);
    if (all.some((file) => file.year === year && !files.includes(file))) return true;
    const spans = await spansOf(files);
    for (const file of files) if (file.year === year) checkPartition(file, spans.get(file.path));
    const within = (instant: number | null | undefined) =>
      instant != null && instant >= settled && instant < open;
    const isTold = files.some(({ path }) => within(spans.get(path)?.first) || within(spans.get(path)?.last));
    if (isTold && isLeftOut === undefined) return true;
    if (files.length === 0) return false;
    const plays = playsOf({ schema, files, spans, boundaries, users, timezone });
    return hasOthers(session, plays, isLeftOut).catch(async (cause: unknown) => {
      throw await whyUnreadable(session, files, cause);
    });
  };

  const years: number[] = [];
  for (const year of new Set(partitions.flatMap((partition) => [partition - 1, partition, partition + 1]))) {
    if (await holdsPlays(year)) years.push(year);
  }

  return {
    schema,
    years: years.sort((a, b) => a - b),
    async source(year) {
      const boundaries = await boundariesOf(session, zones, year);
      const all = await filesOf(year, boundaries);
      const files = all.filter((file) => brokenAt(file) === undefined);
      const spans = await spansOf(files);
      return {
        year,
        files: all,
        plays: (some) => playsOf({ schema, files: some, spans, boundaries, users, timezone }),
        broken: all.flatMap((file) => brokenAt(file) ?? [])[0],
        localTime: () => localTime(session, { year, zones, users, timezone }),
      };
    },
  };
}

/** Of a user, an expression: whether their plays are left out. */
export type LeftOut = (user: Sql) => Sql;

/** Whether rows are of anyone who is not left out: the first such row ends the search. */
async function hasOthers(
  session: Session,
  rows: Sql,
  isLeftOut: LeftOut = () => sql`false`,
): Promise<boolean> {
  const found = await session.rows(
    sql`SELECT 1 FROM (${rows}) WHERE user_id IS NULL OR NOT ${isLeftOut(sql`user_id`)} LIMIT 1`,
  );
  return found.length > 0;
}

/**
 * A lake as if users who are left out had never been in it: without the years that hold their rows alone.
 * @throws WrappedError where nothing else is in it
 */
export async function lakeWithout(
  session: Session,
  lake: Lake,
  isLeftOut: LeftOut,
  broken: readonly UnreadableFile[],
): Promise<Lake> {
  const readable = lake.plays.filter((file) => !broken.some(({ path }) => path === file.path));
  const { select } = await describePlays(session, lake, readable);
  const years = new Set<number>();
  for (const year of partitionYears(lake)) {
    const own = readable.filter((file) => file.year === year);
    const isBroken = lake.plays.some((file) => file.year === year && !readable.includes(file));
    const has = await hasOthers(session, select(own), isLeftOut).catch(async (cause: unknown) => {
      throw await whyUnreadable(session, own, cause);
    });
    if (isBroken || has) years.add(year);
  }
  if (years.size === 0) {
    throw new WrappedError(`lake ${lake.dir} holds plays of forgotten users alone`, {
      hint: '`wrapped forget USER --undo` takes a user off the list.',
    });
  }
  return { ...lake, plays: lake.plays.filter(({ year }) => years.has(year)) };
}

/** What it takes to tell which plays of these files are of a year. */
interface Choice {
  readonly schema: PlaysSchema;
  readonly files: readonly PlaysFile[];
  readonly spans: ReadonlyMap<string, Span>;
  readonly boundaries: readonly Boundary[];
  readonly users: Sql | undefined;
  readonly timezone: string;
}

/**
 * The rows from the latest start to the earliest end are of the year in every zone; only those around them take a look at their user. A
 * file that lies wholly between is read without a look at the time, and each span is a range of its own, so that the reader skips
 * what lies outside.
 */
function playsOf({ schema, files, spans, boundaries, users, timezone }: Choice): Sql {
  const { first, settled, open, last } = reach(boundaries);
  const clear = files.filter(({ path }) => {
    const span = spans.get(path);
    return span?.timeless === 0 && overlaps(span, settled, open) === 'wholly';
  });
  const within = (from: number, to: number) => {
    const some = files.filter((file) => !clear.includes(file) && overlaps(spans.get(file.path), from, to));
    return some.length === 0
      ? undefined
      : sql`SELECT * FROM (${schema.select(some)}) WHERE user_id IS NOT NULL AND played_at >= ${new Date(from)} AND played_at < ${new Date(to)}`;
  };
  const zoned = (from: number, to: number) => {
    const plays = within(from, to);
    if (plays === undefined || users === undefined) return plays;
    return sql`
      SELECT plays.* FROM (${plays}) AS plays
      LEFT JOIN (${users}) AS users USING (user_id)
      JOIN (VALUES ${join(boundaries.map(({ zone, start, end }) => sql`(${zone}, ${new Date(start)}, ${new Date(end)})`))})
        AS boundary(zone, starts, ends) ON boundary.zone = coalesce(users.timezone, ${timezone})
      WHERE played_at >= starts AND played_at < ends`;
  };
  const parts = [
    clear.length === 0 ? undefined : sql`SELECT * FROM (${schema.select(clear)}) WHERE user_id IS NOT NULL`,
    within(settled, open),
    first < settled ? zoned(first, settled) : undefined,
    open < last ? zoned(open, last) : undefined,
  ].filter((part) => part !== undefined);
  return parts.length === 0
    ? sql`SELECT * FROM (${schema.select(files)}) WHERE false`
    : join(parts, ' UNION ALL ');
}

async function zonesOf(session: Session, users: Sql | undefined, timezone: string): Promise<string[]> {
  const rows =
    users === undefined
      ? []
      : await session.rows<{ zone: string }>(
          sql`SELECT DISTINCT timezone AS zone FROM (${users}) WHERE timezone IS NOT NULL`,
        );
  const zones = [...new Set([timezone, ...rows.map(({ zone }) => zone)])].sort();
  const known = await session.rows<{ name: string }>(
    sql`SELECT name FROM pg_timezone_names() WHERE name IN (${zones})`,
  );
  const unknown = zones.filter((zone) => !known.some(({ name }) => name === zone));
  if (unknown.length > 0) {
    throw new WrappedError(
      `unknown time zone ${unknown
        .slice(0, 3)
        .map((zone) => `'${zone}'`)
        .join(', ')}`,
      {
        hint: 'Expected IANA names such as Europe/Berlin, in users.timezone and --timezone.',
      },
    );
  }
  return zones;
}

async function boundariesOf(session: Session, zones: readonly string[], year: number): Promise<Boundary[]> {
  const rows = await session.rows<{ zone: string; start: bigint; stop: bigint }>(sql`
    SELECT
      zone,
      epoch_ms(make_timestamptz(${year}, 1, 1, 0, 0, 0, zone)) AS start,
      epoch_ms(make_timestamptz(${year + 1}, 1, 1, 0, 0, 0, zone)) AS stop
    FROM (VALUES ${join(zones.map((zone) => sql`(${zone})`))}) AS zones(zone) ORDER BY zone`);
  return rows.map(({ zone, start, stop }) => ({ zone, start: Number(start), end: Number(stop) }));
}

/** Reads each file's span once: from its metadata, or from its rows where the writer left no statistics. */
function spanReader(session: Session, time: string) {
  const known = new Map<string, Span>();
  /** Of a file whose metadata do not name the column: it has no rows, or they are broken. */
  const spanOfUntold = async (path: string): Promise<Span> => {
    await checkFiles(session, [{ path }], [time]);
    return span({ ...(await scan(session, path, time)), timeless: null });
  };
  return async (files: readonly PlaysFile[]): Promise<ReadonlyMap<string, Span>> => {
    const unread = files.filter((file) => !known.has(file.path));
    if (unread.length > 0) {
      const rows = await session
        .rows<RawSpan & { path: string; told: boolean }>(sql`
          SELECT
            file_name AS path,
            epoch_ms(min(stats_min_value::TIMESTAMPTZ)) AS first,
            epoch_ms(max(stats_max_value::TIMESTAMPTZ)) AS last,
            CASE WHEN bool_and(stats_null_count IS NOT NULL) THEN sum(stats_null_count)::BIGINT END AS timeless,
            bool_and(stats_min_value IS NOT NULL AND stats_max_value IS NOT NULL OR num_values = 0) AS told
          FROM parquet_metadata([${unread.map((file) => file.path)}])
          WHERE path_in_schema = ${time}
          GROUP BY file_name`)
        .catch(async (cause: unknown) => {
          throw await whyUnreadable(session, unread, cause);
        });
      for (const { path, told, ...row } of rows) {
        known.set(path, span(told ? row : { ...row, ...(await scan(session, path, time)) }));
      }
      for (const { path } of unread) if (!known.has(path)) known.set(path, await spanOfUntold(path));
    }
    return known;
  };
}

type RawSpan = Readonly<Record<keyof Span, bigint | null>>;

async function scan(
  session: Session,
  path: string,
  column: string,
): Promise<Pick<RawSpan, 'first' | 'last'>> {
  const [row] = await session
    .rows<{ first: bigint | null; last: bigint | null }>(sql`
      SELECT epoch_ms(min(${ident(column)})) AS first, epoch_ms(max(${ident(column)})) AS last FROM read_parquet(${path})`)
    .catch(async (cause: unknown) => {
      throw await whyUnreadable(session, [{ path }], cause);
    });
  return { first: row?.first ?? null, last: row?.last ?? null };
}

const span = ({ first, last, timeless }: RawSpan): Span => {
  const number = (value: bigint | null) => (value === null ? null : Number(value));
  return { first: number(first), last: number(last), timeless: number(timeless) };
};

function checkPartition(file: PlaysFile, span: Span | undefined): void {
  const { path, year, month } = file;
  const [start, end] =
    month === undefined
      ? [utcYear(year), utcYear(year + 1)]
      : [utcMonth(year, month), utcMonth(year, month + 1)];
  if (span === undefined || span.first === null || overlaps(span, start, end) === 'wholly') return;
  const partition = month === undefined ? `year ${year}` : `year ${year}, month ${month}`;
  throw new WrappedError(
    `${path} holds plays from ${iso(span.first)} to ${iso(span.last)}, but its partition is ${partition}`,
    { hint: 'Partitions are of played_at in UTC: write those plays into the partition of their own year.' },
  );
}

/** Whether instants of a span lie from `start` to before `end`: all of them, some, or none. */
function overlaps(span: Span | undefined, start: number, end: number): false | 'partly' | 'wholly' {
  if (span === undefined || span.first === null || span.last === null) return false;
  if (span.first >= start && span.last < end) return 'wholly';
  return span.first < end && span.last >= start ? 'partly' : false;
}

/** The instants at which a year has begun somewhere, begun everywhere, ended somewhere, ended everywhere. */
const reach = (boundaries: readonly Boundary[]) => ({
  first: Math.min(...boundaries.map(({ start }) => start)),
  settled: Math.max(...boundaries.map(({ start }) => start)),
  open: Math.min(...boundaries.map(({ end }) => end)),
  last: Math.max(...boundaries.map(({ end }) => end)),
});

const utcYear = (year: number): number => utcMonth(year, 1);
const utcMonth = (year: number, month: number): number => Date.UTC(year, month - 1);
const iso = (instant: number | null) => (instant === null ? '?' : new Date(instant).toISOString());
