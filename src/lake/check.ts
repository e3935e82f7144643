import { WrappedError } from '../error.ts';
import type { Session } from '../sql/database.ts';
import { sql } from '../sql/sql.ts';
import { checkFiles, UnreadableFile, whyUnreadable, withoutBroken } from './broken-files.ts';
import { CHECK_IDS, CHECKS, type CheckId, type Finding, type Limit, type Unchecked } from './check/checks.ts';
import { checkGroups, type GroupsReport, together } from './check/groups.ts';
import { judgeMonths } from './check/months.ts';
import { checkRows, type RowCheckId, type RowsReport } from './check/rows.ts';
import { Footers } from './footers.ts';
import { checkKeys } from './keys.ts';
import { type Lake, partitionYears } from './lake.ts';
import { localYears } from './local-years.ts';
import { describePlays, describeTables, type Tables } from './relations.ts';

/** What to check, and against what. */
export interface CheckOptions {
  readonly lake: Lake;
  readonly session: Session;
  /** The zone of users that the lake gives none. */
  readonly timezone: string;
  /** What is later than this is in the future. */
  readonly now: Date;
  /** The partitions to look at. Default: all. */
  readonly years?: readonly number[] | undefined;
  /** In place of a check's own limit. */
  readonly limits?: Readonly<Partial<Record<CheckId, Limit>>> | undefined;
  /** Called before a partition is read. */
  readonly onYear?: ((year: number) => void) | undefined;
}

/** What a lake is like. */
export interface CheckReport {
  readonly rows: number;
  readonly users: number;
  readonly first: Date | null;
  readonly last: Date | null;
  /** What was checked, whether or not something was found, in the order of CHECKS. */
  readonly findings: readonly Finding[];
  readonly unchecked: readonly Unchecked[];
}

type Found = Pick<Finding, 'found' | 'of' | 'examples'>;

/**
 * Looks at all rows of a lake, a partition at a time, in flat memory.
 * @throws WrappedError where a file can't be read, a column is missing or of a wrong type, or a year has no partition
 */
export async function checkLake(options: CheckOptions): Promise<CheckReport> {
  const footers = await Footers.read(options.lake);
  return withoutBroken(options.lake.plays, (broken) => checkReadable(options, footers, broken));
}

/** Looks at what can be read. @param broken files that can't be */
async function checkReadable(
  options: CheckOptions,
  footers: Footers,
  broken: readonly UnreadableFile[],
): Promise<CheckReport> {
  const { session, lake, now } = options;
  const years = options.years ?? partitionYears(lake);
  const missing = years.find((year) => !lake.plays.some((file) => file.year === year));
  if (missing !== undefined) {
    throw new WrappedError(`lake ${lake.dir} has no partition of ${missing}`, {
      hint: `Its partitions are ${partitionYears(lake).join(', ')}.`,
    });
  }
  const asked = lake.plays.filter(({ year }) => years.includes(year));
  const unreadable = broken.filter(({ path }) => asked.some((file) => file.path === path));
  const files = asked.filter(({ path }) => !unreadable.some((file) => file.path === path));
  if (files.length === 0) throw unreadable[0]!;
  const schema = await describePlays(session, lake, files, footers);
  await checkFiles(session, files, schema.required);
  const tables = await describeTables(session, lake);
  const refused = await refusal(options, footers, tables, broken);
  const all: { rows: RowsReport; groups: GroupsReport }[] = [];
  try {
    for (const year of years) {
      const own = files.filter((file) => file.year === year);
      if (own.length === 0) continue;
      options.onYear?.(year);
      const rows = await checkRows(session, { schema, tables, files: own, now });
      all.push({ rows, groups: await checkGroups(session, { schema, files: own, rows: rows.rows }) });
    }
    const [counted] = await session.rows<{ users: number }>(
      sql`SELECT CAST(count(DISTINCT user_id) AS DOUBLE) AS users FROM (${schema.select(files)})`,
    );
    const reports = all.map(({ rows }) => rows);
    const found = findings({
      refused,
      unreadable: {
        found: unreadable.length,
        of: asked.length,
        examples: unreadable.map(({ message }) => message),
      },
      reports,
      groups: all.map(({ groups }) => groups).reduce(together),
      months: judgeMonths(byMonth(reports), { years: options.years, now }),
    });
    const unchecked = await uncheckable(session, tables);
    return {
      rows: reports.reduce((sum, { rows }) => sum + rows, 0),
      users: counted!.users,
      first: reports.find(({ first }) => first !== null)?.first ?? null,
      last: reports.findLast(({ last }) => last !== null)?.last ?? null,
      findings: CHECK_IDS.filter((check) => !unchecked.some((other) => other.check === check)).map(
        (check) => ({
          check,
          ...found[check],
          limit: options.limits?.[check] ?? CHECKS[check].limit,
        }),
      ),
      unchecked,
    };
  } catch (cause) {
    throw await whyUnreadable(session, files, cause);
  }
}

/** Why a run would refuse the lake, where it would. */
async function refusal(
  { session, lake, timezone }: CheckOptions,
  footers: Footers,
  tables: Tables,
  broken: readonly UnreadableFile[],
): Promise<string | undefined> {
  try {
    await checkKeys(session, lake, tables);
    const { years } = await localYears(session, lake, footers, tables, timezone, { broken });
    return years.length === 0 ? 'it has no listen row with a user and a time' : undefined;
  } catch (error) {
    if (error instanceof WrappedError && !(error instanceof UnreadableFile)) return error.message;
    throw error;
  }
}

function findings(input: {
  refused: string | undefined;
  unreadable: Found;
  reports: readonly RowsReport[];
  groups: GroupsReport;
  months: { gap: Found; thin: Found };
}): Record<CheckId, Found> {
  const { refused, unreadable, reports, groups, months } = input;
  const rows = (check: RowCheckId): Found => ({
    found: reports.reduce((sum, { found }) => sum + found[check].found, 0),
    of: reports.reduce((sum, { found }) => sum + found[check].of, 0),
    examples: only(reports.find(({ found }) => found[check].example !== undefined)?.found[check].example),
  });
  return {
    refused: { found: refused === undefined ? 0 : 1, of: 1, examples: only(refused) },
    unreadable,
    ...months,
    'no-user': rows('no-user'),
    'no-time': rows('no-time'),
    'no-track': rows('no-track'),
    'no-length': rows('no-length'),
    'unknown-kind': rows('unknown-kind'),
    'unknown-time-is': rows('unknown-time-is'),
    future: rows('future'),
    'bad-length': rows('bad-length'),
    'longer-than-track': rows('longer-than-track'),
    duplicate: {
      found: groups.duplicates,
      of: reports.reduce((sum, report) => sum + report.rows, 0),
      examples: only(groups.duplicate),
    },
    'beyond-human': { found: groups.longDays, of: groups.days, examples: only(groups.longest?.says) },
  };
}

/** Rows that lie outside their partition's year are of their own month all the same. */
function byMonth(reports: readonly RowsReport[]): Map<string, number> {
  const all = new Map<string, number>();
  for (const { months } of reports)
    for (const [month, rows] of months) all.set(month, (all.get(month) ?? 0) + rows);
  return all;
}

const only = (example: string | undefined): string[] => (example === undefined ? [] : [example]);

async function uncheckable(session: Session, { tracks }: Tables): Promise<Unchecked[]> {
  const known =
    tracks === undefined
      ? []
      : await session.rows(sql`FROM (${tracks}) WHERE TRY_CAST(duration_ms AS BIGINT) IS NOT NULL LIMIT 1`);
  return known.length > 0
    ? []
    : [{ check: 'longer-than-track', why: 'the lake does not say how long tracks are (tracks.duration_ms)' }];
}
