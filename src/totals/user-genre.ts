import { sql } from '../sql/sql.ts';
import { addedUp, PLAYED } from './added-up.ts';
import type { DerivedStep } from './step.ts';

/** Plays by user and genre, from plays by user and artist: an artist's plays count once for each of their genres. */
export const userGenre: DerivedStep = {
  reads: ['user_artist', 'artist_genre'],
  writes: ['user_genre'],
  derive: ({ writeByUser }) =>
    writeByUser('user_genre', (read) => {
      const rows = sql`
        SELECT user_year, genre, plays, ms, unknown_lengths
        FROM ${read('user_artist')} JOIN ${read('artist_genre')} USING (artist)`;
      return sql`${addedUp('user_genre', rows, PLAYED)} ORDER BY user_year`;
    }),
};
