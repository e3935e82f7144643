import { type Sql, sql } from '../sql/sql.ts';
import { rowsOfParts } from './merge.ts';
import type { MergeInput, PlaysInput } from './step.ts';

/**
 * Every play with its times, by numbers: reads the temporary table `variant` (see `findNames`). Sorted by user alone: to sort by time
 * too took twice as long as to write it, and stories order what few rows they need.
 */
export async function writeTimeline(
  { music, localTime, read, write }: PlaysInput,
  variantHash: Sql,
): Promise<void> {
  const { withClocks, hourOfYear, day, hour } = await localTime();
  const users = withClocks(sql`SELECT user_year, user_id FROM ${read('user')}`);
  const instant = sql`epoch_ms(played_at)`;
  const hours = sql`hours`;
  await write(
    'timeline',
    sql`
      SELECT user_year, track, ${day(hours)} AS day, ${hour(hours)} AS hour, started, started + ms AS ended
      FROM (
        SELECT
          user_year,
          variant.track AS track,
          ${hourOfYear(instant)} AS hours,
          ${instant} - CASE WHEN time_is = 'end' THEN ms ELSE 0 END AS started,
          ms
        FROM (
          SELECT user_id, played_at, time_is, coalesce(ms_played, 0) AS ms, ${variantHash} AS variant_hash FROM (${music}) WHERE is_play
        )
        JOIN (${users}) USING (user_id)
        LEFT JOIN variant USING (variant_hash)
      )
      ORDER BY user_year`,
  );
}

/** The timelines of parts as one: reads the temporary table `track_of_part`. */
export const mergeTimeline = (input: MergeInput): Promise<void> =>
  input.writeByUser(
    'timeline',
    (read, bucket) =>
      sql`SELECT * FROM (${rowsOfParts({ ...input, read }, 'timeline', bucket, { tracks: true })}) ORDER BY user_year`,
  );
