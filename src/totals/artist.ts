import { sql } from '../sql/sql.ts';
import type { DerivedStep } from './step.ts';

/** Population totals: the artists of a year that are the artist of a track played, and how many users played one. */
export const artist: DerivedStep = {
  reads: ['user_artist', 'artist_name'],
  writes: ['artist'],
  derive: ({ read, write }) =>
    write(
      'artist',
      sql`
        SELECT artist, year, name, artist_id, listeners
        FROM ${read('artist_name')} JOIN (SELECT artist, count(*) AS listeners FROM ${read('user_artist')} GROUP BY artist) USING (artist)
        ORDER BY artist`,
    ),
};
