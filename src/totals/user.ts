import { sql } from '../sql/sql.ts';
import { wholeSum } from '../story/index.ts';
import { NUMBERS_PER_YEAR, type TotalsStep } from './step.ts';

/** A row per user with music in the year, numbered in the order of user ids. */
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
          unknown_lengths
        FROM (
          SELECT
            user_id,
            count(*) AS listens,
            count(*) FILTER (is_play) AS plays,
            ${wholeSum(sql`coalesce(ms_played, 0)`)} AS ms,
            count(*) FILTER (ms_played IS NULL) AS unknown_lengths
          FROM (${music})
          GROUP BY user_id
        )
        ORDER BY user_id`,
    ),
};
