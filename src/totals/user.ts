import { sql } from '../sql/sql.ts';
import { wholeSum } from '../story/index.ts';
import { columns, NAMES } from './group-plays.ts';
import { NUMBERS_PER_YEAR, type TotalsStep } from './step.ts';

/**
 * A row per user with music in the year, numbered in the order of user ids. `names_tracks` is for the next step alone: whether any of
 * the user's rows says itself what was played, by more than an id.
 */
export const user: TotalsStep = {
  reads: [],
  writes: ['user'],
  build: ({ year, music, write }) =>
    write(
      'user',
      sql`
        SELECT
          ${year * NUMBERS_PER_YEAR} + row_number() OVER (ORDER BY user_id) AS user_year,
          ${year} AS year,
          user_id,
          listens,
          plays,
          ms,
          unknown_lengths,
          names_tracks
        FROM (
          SELECT
            user_id,
            count(*) AS listens,
            ${wholeSum(sql`is_play`)} AS plays,
            ${wholeSum(sql`coalesce(ms_played, 0)`)} AS ms,
            count(*) - count(ms_played) AS unknown_lengths,
            bool_or(coalesce(${columns(NAMES)}) IS NOT NULL) AS names_tracks
          FROM (${music})
          GROUP BY user_id
        )
        ORDER BY user_id`,
    ),
};
