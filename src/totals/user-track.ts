import { sql } from '../sql/sql.ts';
import { addedUp, PLAYED } from './added-up.ts';
import { dropTables } from './drop-tables.ts';
import { groupPlays } from './group-plays.ts';
import { withRowsOfParts } from './merge.ts';
import { candidatesOf, candidatesOfParts, findNames, writeNames } from './names.ts';
import type { PlaysStep } from './step.ts';
import { mergeTimeline, writeTimeline } from './timeline.ts';

/**
 * The one shuffle: plays by user and track, and with them the year's tracks and artists, numbered in name order. Sorted by user, so
 * that what reads it meets each user's rows together. The timeline, where it is asked for, comes of the same numbers.
 */
export const userTrack: PlaysStep = {
  reads: ['user'],
  writes: ['variant', 'artist_name', 'track', 'user_track'],
  alsoWrites: ['timeline'],
  async build(input) {
    const { session, write, wants } = input;
    const { key, variantHash } = await groupPlays(input);
    await candidatesOf(input, key);
    const several = await findNames(input);
    await session.run(sql`
      CREATE OR REPLACE TEMP TABLE variant AS
      SELECT variant_hash, track, artist FROM candidate JOIN (${NUMBERED}) USING (same_track)`);
    await writeNames(input);
    const rows = sql`
      SELECT user_year, track, plays, ms, unknown_lengths
      FROM grouped JOIN listener USING (user_hash) JOIN variant USING (variant_hash)`;
    // A track may have been played in several variants: their groups become one.
    await write(
      'user_track',
      sql`${several ? addedUp('user_track', rows, PLAYED) : rows} ORDER BY user_year`,
    );
    // Before plays are sorted, which takes all the memory that there is.
    await dropTables(session, ['grouped', 'listener', 'candidate', 'artist_name', 'shown']);
    if (wants('timeline')) await writeTimeline(input, variantHash);
    await dropTables(session, ['variant']);
  },
  async merge(input) {
    const { session, wants } = input;
    await candidatesOfParts(input);
    await findNames(input);
    await writeNames(input);
    await withRowsOfParts(input, sql`(${NUMBERED})`, async (rowsOfParts) => {
      await dropTables(session, ['candidate', 'artist_name', 'shown']);
      await input.writeByUser('user_track', (_, bucket) => {
        const rows = rowsOfParts('user_track', bucket, ['track']);
        return sql`${addedUp('user_track', rows, PLAYED)} ORDER BY user_year`;
      });
      if (wants('timeline')) await mergeTimeline(input, rowsOfParts);
    });
  },
};

/** The tracks of the year, as `findNames` numbered them: `same_track`, `track`, `artist`. */
const NUMBERED = sql`SELECT same_track, track, artist FROM shown LEFT JOIN artist_name USING (same_artist)`;
