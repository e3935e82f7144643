import { sql } from '../sql/sql.ts';
import { distinctMonths } from '../story/index.ts';
import type { TotalsStep } from './step.ts';

/** When users played their artists: the timeline grouped once, so that stories that compare an artist's days need not each do it. */
export const userArtistDays: TotalsStep = {
  reads: ['timeline', 'track'],
  writes: ['user_artist_days'],
  build: ({ read, write }) =>
    write(
      'user_artist_days',
      sql`
        SELECT user_year, artist, min(day) AS first_day, max(day) AS last_day, ${distinctMonths(sql`day`)} AS months
        FROM ${read('timeline')} JOIN (SELECT track, artist FROM ${read('track')} WHERE artist IS NOT NULL) USING (track)
        GROUP BY user_year, artist
        ORDER BY user_year`,
    ),
};
