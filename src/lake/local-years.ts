import { WrappedError } from '../error.ts';
import type { Session } from '../sql/database.ts';
import { ident, join, type Sql, sql } from '../sql/sql.ts';
import { checkFiles, type UnreadableFile, whyUnreadable } from './broken-files.ts';
import type { Footers, Span } from './footers.ts';
import { type Lake, type PlaysFile, playsByYear } from './lake.ts';
import { LONGEST_MS } from './listen-row.ts';
import { type LocalTime, localTime } from './local-time.ts';
import { describePlays, type PlaysSchema, type Tables } from './relations.ts';

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
  /** Its listen rows that some of these files hold, in all columns of `plays`; impossible lengths are unknown ones. */
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
 * Works out which plays are of which year, from the listing, the `users` table and the files' footers; plays are looked at
 * only around New Year, where a zone may move the last of them.
 * @param footers those of the lake's plays
 * @param timezone the zone of users that `users` gives none
 * `isLeftOut`: users whose plays alone make no year. `broken`: files that are known to be unreadable; all else is told without them.
 * @throws UnreadableFile for a file that can't be read.
 * @throws WrappedError for a file whose instants lie outside its partition
 */
export async function localYears(
  session: Session,
  lake: Lake,
  footers: Footers,
  { users }: Tables,
  timezone: string,
  { isLeftOut, broken = [] }: { isLeftOut?: LeftOut | undefined; broken?: readonly UnreadableFile[] } = {},
): Promise<LocalYears> {
  const unreadable = new Map(broken.map((file) => [file.path, file]));
  const isReadable = ({ path }: PlaysFile) => !unreadable.has(path);
  const schema = await describePlays(session, lake, lake.plays.filter(isReadable), footers);
  const zones = await zonesOf(session, users, timezone);
  const partitions = playsByYear(lake);
  const possible = new Set([...partitions.keys()].flatMap((year) => [year - 1, year, year + 1]));
  const boundaries = await boundariesOf(session, zones, [...possible]);
  const spansOf = spanReader(session, footers);

  const filesOf = async (year: number): Promise<PlaysFile[]> => {
    const { first, last } = reach(boundaries(year));
    const own = partitions.get(year) ?? [];
    const before = first < utcYear(year) ? (partitions.get(year - 1) ?? []) : [];
    const after = last > utcYear(year + 1) ? (partitions.get(year + 1) ?? []) : [];
    const near = [
      ...before.filter(({ month = 12 }) => month === 12),
      ...after.filter(({ month = 1 }) => month === 1),
    ];
    const spanOf = await spansOf(near.filter(isReadable));
    const reached = near.filter((file) => !isReadable(file) || overlaps(spanOf(file), first, last));
    return [...own, ...reached].sort((a, b) => (a.path < b.path ? -1 : 1));
  };

  const holdsPlays = async (year: number): Promise<boolean> => {
    const { settled, open } = reach(boundaries(year));
    const all = await filesOf(year);
    const files = all.filter(isReadable);
    if (all.some((file) => file.year === year && !isReadable(file))) return true;
    const spanOf = await spansOf(files);
    for (const file of files) if (file.year === year) checkPartition(file, spanOf(file));
    const within = (instant: number | null | undefined) =>
      instant != null && instant >= settled && instant < open;
    const isTold = files.some((file) => within(spanOf(file)?.first) || within(spanOf(file)?.last));
    if (isTold && isLeftOut === undefined) return true;
    if (files.length === 0) return false;
    const plays = playsOf({ schema, files, spanOf, boundaries: boundaries(year), users, timezone });
    return hasOthers(session, plays, isLeftOut).catch(async (cause: unknown) => {
      throw await whyUnreadable(session, files, cause);
    });
  };

  const years: number[] = [];
  for (const year of possible) {
    if (await holdsPlays(year)) years.push(year);
  }

  return {
    schema,
    years: years.sort((a, b) => a - b),
    async source(year) {
      const all = await filesOf(year);
      const files = all.filter(isReadable);
      const spanOf = await spansOf(files);
      let clocks: Promise<LocalTime> | undefined;
      return {
        year,
        files: all,
        plays: (some) =>
          playsOf({ schema, files: some, spanOf, boundaries: boundaries(year), users, timezone }),
        broken: all.flatMap(({ path }) => unreadable.get(path) ?? [])[0],
        localTime: () => {
          clocks ??= localTime(session, { year, zones, users, timezone });
          return clocks;
        },
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
  footers: Footers,
  isLeftOut: LeftOut,
  broken: readonly UnreadableFile[],
): Promise<Lake> {
  const isReadable = ({ path }: PlaysFile) => !broken.some((file) => file.path === path);
  const { select } = await describePlays(session, lake, lake.plays.filter(isReadable), footers);
  const years = new Set<number>();
  for (const [year, all] of playsByYear(lake)) {
    const own = all.filter(isReadable);
    const has = await hasOthers(session, select(own), isLeftOut).catch(async (cause: unknown) => {
      throw await whyUnreadable(session, own, cause);
    });
    if (has || own.length < all.length) years.add(year);
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
  readonly spanOf: (file: PlaysFile) => Span | undefined;
  readonly boundaries: readonly Boundary[];
  readonly users: Sql | undefined;
  readonly timezone: string;
}

/**
 * The rows from the latest start to the earliest end are of the year in every zone; only those around them take a look at their user. A
 * file that lies wholly between is read without a look at the time, and each span is a range of its own, so that the reader skips
 * what lies outside.
 */
function playsOf({ schema, files, spanOf, boundaries, users, timezone }: Choice): Sql {
  const { first, settled, open, last } = reach(boundaries);
  const isClear = (file: PlaysFile) => {
    const span = spanOf(file);
    return span?.timeless === 0 && overlaps(span, settled, open) === 'wholly';
  };
  const clear = files.filter(isClear);
  const within = (from: number, to: number) => {
    const some = files.filter((file) => !isClear(file) && overlaps(spanOf(file), from, to));
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
  const rows =
    parts.length === 0
      ? sql`SELECT * FROM (${schema.select(files)}) WHERE false`
      : join(parts, ' UNION ALL ');
  return sql`
    SELECT * REPLACE (CASE WHEN ms_played BETWEEN 0 AND ${LONGEST_MS} THEN ms_played END AS ms_played) FROM (${rows})`;
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

/** Of each of these years, where it begins and ends in each zone. */
async function boundariesOf(
  session: Session,
  zones: readonly string[],
  years: readonly number[],
): Promise<(year: number) => readonly Boundary[]> {
  const rows = await session.rows<{ year: number; zone: string; start: bigint; stop: bigint }>(sql`
    SELECT
      year,
      zone,
      epoch_ms(make_timestamptz(year, 1, 1, 0, 0, 0, zone)) AS start,
      epoch_ms(make_timestamptz(year + 1, 1, 1, 0, 0, 0, zone)) AS stop
    FROM (VALUES ${join(years.map((year) => sql`(${year}::INTEGER)`))}) AS years(year),
      (VALUES ${join(zones.map((zone) => sql`(${zone})`))}) AS zones(zone)
    ORDER BY year, zone`);
  const byYear = new Map<number, Boundary[]>(years.map((year) => [year, []]));
  for (const { year, zone, start, stop } of rows)
    byYear.get(year)?.push({ zone, start: Number(start), end: Number(stop) });
  return (year) => byYear.get(year) ?? [];
}

/** Reads each file's span once: from its footer, or from its rows where that does not tell it. */
function spanReader(session: Session, footers: Footers) {
  const scanned = new Map<string, Span>();
  const spanOf = (file: PlaysFile): Span | undefined => footers.span(file) ?? scanned.get(file.path);
  return async (files: readonly PlaysFile[]): Promise<(file: PlaysFile) => Span | undefined> => {
    const untold = files.filter((file) => spanOf(file) === undefined);
    for (const { path, ...span } of await scan(session, untold, footers.time))
      scanned.set(path, { ...span, timeless: null });
    return spanOf;
  };
}

async function scan(
  session: Session,
  files: readonly PlaysFile[],
  column: string,
): Promise<(Pick<Span, 'first' | 'last'> & { path: string })[]> {
  if (files.length === 0) return [];
  await checkFiles(session, files, [column]);
  const paths = files.map(({ path }) => path);
  // A double holds milliseconds to the last one. Files without a row are told by none.
  const rows = await session
    .rows<Pick<Span, 'first' | 'last'> & { path: string }>(sql`
      SELECT
        filename AS path,
        epoch_ms(min(${ident(column)}::TIMESTAMPTZ))::DOUBLE AS first,
        epoch_ms(max(${ident(column)}::TIMESTAMPTZ))::DOUBLE AS last
      FROM read_parquet([${paths}], union_by_name = true, hive_partitioning = false, filename = true)
      GROUP BY filename`)
    .catch(async (cause: unknown) => {
      throw await whyUnreadable(session, files, cause);
    });
  const empty = paths.filter((path) => !rows.some((row) => row.path === path));
  return [...rows, ...empty.map((path) => ({ path, first: null, last: null }))];
}

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
