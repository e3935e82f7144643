import { sql } from '../sql/sql.ts';
import { addedUp, PLAYED } from './added-up.ts';
import type { DerivedStep } from './step.ts';

/** Plays by user and artist, from plays by user and track: a track's plays are its artist's. */
export const userArtist: DerivedStep = {
  reads: ['user_track', 'track'],
  writes: ['user_artist'],
  derive: ({ writeByUser }) =>
    writeByUser('user_artist', (read) => {
      const rows = sql`
        SELECT user_year, artist, plays, ms, unknown_lengths
        FROM ${read('user_track')} JOIN (SELECT track, artist FROM ${read('track')} WHERE artist IS NOT NULL) USING (track)`;
      return sql`${addedUp('user_artist', rows, PLAYED)} ORDER BY user_year`;
    }),
};
