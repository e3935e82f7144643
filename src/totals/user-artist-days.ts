import { sql } from '../sql/sql.ts';
import { distinctMonths } from '../story/index.ts';
import type { DerivedStep } from './step.ts';

/** When users played their artists: the timeline grouped once, so that stories that compare an artist's days need not each do it. */
export const userArtistDays: DerivedStep = {
  reads: ['timeline'],
  writes: ['user_artist_days'],
  derive: ({ writeByUser }) =>
    writeByUser(
      'user_artist_days',
      (read) => sql`
        SELECT user_year, artist, min(day) AS first_day, max(day) AS last_day, ${distinctMonths(sql`day`)} AS months
        FROM ${read('timeline')}
        WHERE artist IS NOT NULL
        GROUP BY user_year, artist
        ORDER BY user_year`,
    ),
};
