import { sql } from '../sql/sql.ts';
import { lowerMiddle, wholeSum } from '../story/index.ts';
import type { DerivedStep } from './step.ts';

/** So many of a year's tracks are popular. */
const LENGTH = 1000;

/** Population totals: the tracks that all users together played most, and when each had half of its plays. */
export const popularTrack: DerivedStep = {
  reads: ['user_track', 'timeline'],
  writes: ['popular_track'],
  derive: ({ read, write }) =>
    write(
      'popular_track',
      sql`
        WITH popular AS (
          SELECT track, ${wholeSum(sql`plays`)} AS plays, ${wholeSum(sql`ms`)} AS ms, count(*) AS listeners
          FROM ${read('user_track')}
          GROUP BY track
          ORDER BY plays DESC, ms DESC, track
          LIMIT ${LENGTH}
        )
        SELECT track, any_value(plays) AS plays, any_value(listeners) AS listeners, ${lowerMiddle(sql`started`)} AS half
        FROM ${read('timeline')} JOIN popular USING (track)
        GROUP BY track
        ORDER BY track`,
    ),
};
