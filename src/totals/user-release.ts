import { sql } from '../sql/sql.ts';
import { struct, wholeSum } from '../story/index.ts';
import type { DerivedStep } from './step.ts';

/** Plays by user and year of release, from plays by user and track; and the track of each that is highest in a ranking. */
export const userRelease: DerivedStep = {
  reads: ['user_track', 'track'],
  writes: ['user_release'],
  derive: ({ writeByUser }) =>
    writeByUser(
      'user_release',
      (read) => sql`
        SELECT
          user_year,
          release_year,
          ${wholeSum(sql`plays`)}::INTEGER AS plays,
          ${wholeSum(sql`ms`)} AS ms,
          ${wholeSum(sql`unknown_lengths`)}::INTEGER AS unknown_lengths,
          min(${struct({ plays: sql`-plays`, ms: sql`-ms`, track: sql`track` })}).track AS track
        FROM ${read('user_track')} JOIN (SELECT track, release_year FROM ${read('track')} WHERE release_year IS NOT NULL) USING (track)
        GROUP BY user_year, release_year
        ORDER BY user_year, release_year`,
    ),
};
