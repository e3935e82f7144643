import { type Sql, sql } from '../sql/sql.ts';
import type { RowsOfParts } from './merge.ts';
import { type MergeInput, NUMBERS_PER_YEAR, type PlaysInput } from './step.ts';

/**
 * Each user's plays in the order in which they began, then ended, then of their tracks, with those that nothing identifies last. The last two are
 * one number: to sort by four columns took twice as long.
 */
const inOrder = (rows: Sql): Sql => sql`
  SELECT * FROM (${rows})
  ORDER BY user_year, started, (ended - started) * ${NUMBERS_PER_YEAR} + coalesce(track % ${NUMBERS_PER_YEAR}, ${NUMBERS_PER_YEAR - 1})`;

/** Every play with its times, by numbers: reads the temporary table `variant`: `variant_hash`, `track`, `artist`. */
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
    inOrder(sql`
      SELECT user_year, track, artist, ${day(hours)} AS day, ${hour(hours)} AS hour, started, started + ms AS ended
      FROM (
        SELECT
          user_year,
          variant.track AS track,
          variant.artist AS artist,
          ${hourOfYear(instant)} AS hours,
          ${instant} - CASE WHEN time_is = 'end' THEN ms ELSE 0 END AS started,
          ms
        FROM (
          SELECT user_id, played_at, time_is, coalesce(ms_played, 0) AS ms, ${variantHash} AS variant_hash FROM (${music}) WHERE is_play
        )
        JOIN (${users}) USING (user_id)
        LEFT JOIN variant USING (variant_hash)
      )`),
  );
}

/** The timelines of parts as one. */
export const mergeTimeline = ({ writeByUser }: MergeInput, rowsOfParts: RowsOfParts): Promise<void> =>
  writeByUser('timeline', (_, bucket) => inOrder(rowsOfParts('timeline', bucket, ['track', 'artist'])));
