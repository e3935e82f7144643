import { sql } from '../sql/sql.ts';
import { wholeSum } from '../story/index.ts';
import { userOrder } from './buckets.ts';
import { type DerivedStep, NUMBERS_PER_YEAR } from './step.ts';

/**
 * Users with podcast episodes, whether they have music or not, and what they heard by show. These users are numbered by themselves: those
 * with episodes alone are none of `user`, whose stories are of music.
 */
export const podcastUser: DerivedStep = {
  reads: ['episode'],
  writes: ['podcast_user', 'user_show'],
  async derive({ year, read, write }) {
    const summed = sql`
      ${wholeSum(sql`listens`)} AS listens,
      ${wholeSum(sql`ms`)} AS ms,
      ${wholeSum(sql`unknown_lengths`)} AS unknown_lengths,
      count(DISTINCT same_episode) AS episodes`;
    await write(
      'podcast_user',
      sql`
        SELECT
          ${year * NUMBERS_PER_YEAR} + row_number() OVER (ORDER BY ${userOrder(sql`user_id`)}) AS user_year, ${year} AS year, *
        FROM (SELECT user_id, ${summed} FROM ${read('episode')} GROUP BY user_id)
        ORDER BY user_year`,
    );
    await write(
      'user_show',
      sql`
        SELECT user_year, name, ${summed}
        FROM ${read('episode')} JOIN (SELECT user_year, user_id FROM ${read('podcast_user')}) USING (user_id)
        WHERE name IS NOT NULL
        GROUP BY user_year, name
        ORDER BY user_year, name`,
    );
  },
};
