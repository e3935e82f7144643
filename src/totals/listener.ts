import { sql } from '../sql/sql.ts';
import { columns, NAMES } from './group-plays.ts';
import { NUMBERS_PER_YEAR, type TotalsStep } from './step.ts';

/**
 * The users with music in the year, numbered in the order of user ids, for the steps that follow. `names_tracks`: whether any of the
 * user's rows says itself what was played, by more than an id.
 */
export const listener: TotalsStep = {
  reads: [],
  writes: ['listener'],
  build: ({ year, music, write }) =>
    write(
      'listener',
      sql`
        SELECT ${year * NUMBERS_PER_YEAR} + row_number() OVER (ORDER BY user_id) AS user_year, user_id, names_tracks
        FROM (SELECT user_id, bool_or(coalesce(${columns(NAMES)}) IS NOT NULL) AS names_tracks FROM (${music}) GROUP BY user_id)
        ORDER BY user_id`,
    ),
};
