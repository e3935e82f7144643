import type { Session } from '../../sql/database.ts';
import { ident, type Sql, sql } from '../../sql/sql.ts';
import type { LakeFile } from '../lake.ts';
import { LONGEST_MS } from '../listen-row.ts';
import type { PlaysSchema } from '../relations.ts';
import { firstOf, utc } from './rows.ts';

/** As many rows are grouped at once: some 400 MB. */
const ROWS_AT_ONCE = 4_000_000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** A play lasts at least this long: what one of unknown length adds to a day. */
const SHORTEST_PLAY_MS = 30_000;

const DIFFERENT = ident('check_different_rows');
const DAYS = ident('check_days');

/** What the rows of a year are like beside each other. */
export interface GroupsReport {
  readonly duplicates: number;
  readonly duplicate: string | undefined;
  /** Days of a user on which something was played, and those of more than 24 hours. */
  readonly days: number;
  readonly longDays: number;
  /** The longest of these. */
  readonly longest: { readonly hours: number; readonly says: string } | undefined;
}

/**
 * Compares the rows of a year with each other, some users at a time, so that memory does not grow with the
 * year. A day is UTC's, as long as any other; rows that repeat another count once in it.
 * @param rows how many there are
 */
export async function checkGroups(
  session: Session,
  input: { schema: PlaysSchema; files: readonly LakeFile[]; rows: number },
): Promise<GroupsReport> {
  const parts = Math.max(1, Math.ceil(input.rows / ROWS_AT_ONCE));
  let report: GroupsReport = {
    duplicates: 0,
    duplicate: undefined,
    days: 0,
    longDays: 0,
    longest: undefined,
  };
  for (let part = 0; part < parts; part++) {
    report = together(report, await checkPart(session, input, sql`hash(user_id) % ${parts} = ${part}`));
  }
  return report;
}

async function checkPart(
  session: Session,
  { schema, files }: { schema: PlaysSchema; files: readonly LakeFile[] },
  isOfPart: Sql,
): Promise<GroupsReport> {
  const identity = schema.identity === 'title' ? sql`artist, track` : sql`track_id`;
  try {
    await session.run(sql`CREATE OR REPLACE TEMP TABLE ${DIFFERENT} AS
      SELECT user_id, played_at, ${identity}, ms_played, count(*) AS rows FROM (${schema.select(files)})
      WHERE user_id IS NOT NULL AND played_at IS NOT NULL AND ${isOfPart} GROUP BY ALL`);
    await session.run(sql`CREATE OR REPLACE TEMP TABLE ${DAYS} AS
      SELECT user_id, date_trunc('day', ${utc}) AS day, sum(coalesce(ms_played, ${SHORTEST_PLAY_MS})) AS ms
      FROM ${DIFFERENT} WHERE coalesce(ms_played, 0) BETWEEN 0 AND ${LONGEST_MS} GROUP BY ALL`);
    const [repeats] = await session.rows<{ found: number }>(
      sql`SELECT CAST(coalesce(sum(rows - 1), 0) AS DOUBLE) AS found FROM ${DIFFERENT}`,
    );
    const [days] = await session.rows<{ of: number; found: number }>(sql`
      SELECT CAST(count(*) AS DOUBLE) AS "of", CAST(count(*) FILTER (ms > ${DAY_MS}) AS DOUBLE) AS found FROM ${DAYS}`);
    const [longest] = await session.rows<{ hours: number; says: string }>(sql`
      SELECT CAST(ms AS DOUBLE) / 3600000 AS hours,
        user_id || ' on ' || strftime(day, '%Y-%m-%d') || ': ' || format('{:,.1f} hours', CAST(ms AS DOUBLE) / 3600000)
          AS says
      FROM ${DAYS} WHERE ms > ${DAY_MS} ORDER BY ms DESC, day, user_id LIMIT 1`);
    return {
      duplicates: repeats!.found,
      duplicate:
        repeats!.found === 0 ? undefined : await firstOf(session, sql`FROM ${DIFFERENT} WHERE rows > 1`),
      days: days!.of,
      longDays: days!.found,
      longest,
    };
  } finally {
    for (const table of [DIFFERENT, DAYS]) await session.run(sql`DROP TABLE IF EXISTS ${table}`);
  }
}

/** Two reports as one; of examples the first, of days the longest. */
export const together = (a: GroupsReport, b: GroupsReport): GroupsReport => ({
  duplicates: a.duplicates + b.duplicates,
  duplicate: a.duplicate ?? b.duplicate,
  days: a.days + b.days,
  longDays: a.longDays + b.longDays,
  longest: (b.longest?.hours ?? 0) > (a.longest?.hours ?? 0) ? b.longest : a.longest,
});
