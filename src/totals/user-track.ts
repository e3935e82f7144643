import { ident, sql } from '../sql/sql.ts';
import { wholeSum } from '../story/index.ts';
import { groupPlays } from './group-plays.ts';
import { findNames } from './names.ts';
import type { TotalsStep } from './step.ts';
import { writeTimeline } from './timeline.ts';

/**
 * The one shuffle: plays by user and track, and with them the year's tracks and artists, numbered in name order. Sorted by user, so
 * that what reads it meets each user's rows together. The timeline, where it is asked for, comes of the same numbers.
 */
export const userTrack: TotalsStep = {
  reads: ['user'],
  writes: ['artist_name', 'track', 'user_track'],
  alsoWrites: ['timeline'],
  async build(input) {
    const { session, year, write, wants } = input;
    const { key, variantHash } = await groupPlays(input);
    const several = await findNames(input, key);
    await write(
      'artist_name',
      sql`SELECT artist, ${year} AS year, name, artist_id FROM artist_name ORDER BY artist`,
    );
    await write(
      'track',
      sql`
        SELECT
          shown.track, ${year} AS year, shown.title, shown.artist_name, shown.track_id, artist_name.artist, shown.artist_id, release_year
        FROM shown LEFT JOIN artist_name USING (same_artist)
        ORDER BY shown.track`,
    );
    // A track may have been played in several variants: their groups become one.
    const rows = sql`FROM grouped JOIN listener USING (user_hash) JOIN variant USING (variant_hash)`;
    await write(
      'user_track',
      several
        ? sql`
            SELECT
              user_year,
              track,
              ${wholeSum(sql`plays`)}::INTEGER AS plays,
              ${wholeSum(sql`ms`)} AS ms,
              ${wholeSum(sql`unknown_lengths`)}::INTEGER AS unknown_lengths
            ${rows}
            GROUP BY user_year, track
            ORDER BY user_year`
        : sql`SELECT user_year, track, plays, ms, unknown_lengths ${rows} ORDER BY user_year`,
    );
    if (wants('timeline')) await writeTimeline(input, variantHash);
    for (const table of ['grouped', 'listener', 'variant', 'artist_name', 'shown']) {
      await session.run(sql`DROP TABLE ${ident(table)}`);
    }
  },
};
