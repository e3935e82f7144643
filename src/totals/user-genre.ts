import { sql } from '../sql/sql.ts';
import { wholeSum } from '../story/index.ts';
import type { DerivedStep } from './step.ts';

/** Plays by user and genre, from plays by user and artist: an artist's plays count once for each of their genres. */
export const userGenre: DerivedStep = {
  reads: ['user_artist', 'artist_genre'],
  writes: ['user_genre'],
  derive: ({ writeByUser }) =>
    writeByUser(
      'user_genre',
      (read) => sql`
        SELECT
          user_year,
          genre,
          ${wholeSum(sql`plays`)}::INTEGER AS plays,
          ${wholeSum(sql`ms`)} AS ms,
          ${wholeSum(sql`unknown_lengths`)}::INTEGER AS unknown_lengths
        FROM ${read('user_artist')} JOIN ${read('artist_genre')} USING (artist)
        GROUP BY user_year, genre
        ORDER BY user_year`,
    ),
};
