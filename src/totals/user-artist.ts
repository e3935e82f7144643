import { sql } from '../sql/sql.ts';
import { wholeSum } from '../story/index.ts';
import type { DerivedStep } from './step.ts';

/** Plays by user and artist, from plays by user and track: a track's plays are its artist's. */
export const userArtist: DerivedStep = {
  reads: ['user_track', 'track'],
  writes: ['user_artist'],
  derive: ({ writeByUser }) =>
    writeByUser(
      'user_artist',
      (read) => sql`
        SELECT
          user_year,
          artist,
          ${wholeSum(sql`plays`)}::INTEGER AS plays,
          ${wholeSum(sql`ms`)} AS ms,
          ${wholeSum(sql`unknown_lengths`)}::INTEGER AS unknown_lengths
        FROM ${read('user_track')} JOIN (SELECT track, artist FROM ${read('track')} WHERE artist IS NOT NULL) USING (track)
        GROUP BY user_year, artist
        ORDER BY user_year`,
    ),
};
