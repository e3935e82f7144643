import { join, type Sql, sql } from '../sql/sql.ts';
import { wholeSum } from '../story/index.ts';
import { sliceOf, userOrder } from './buckets.ts';
import { columns, NAMES } from './group-plays.ts';
import { NUMBERS_PER_YEAR, type PlaysStep } from './step.ts';

/**
 * A row per user with music in the year, numbered in the order of their slices. `names_tracks` is for the next step alone: whether any of
 * the user's rows says itself what was played, by more than an id.
 */
export const user: PlaysStep = {
  reads: [],
  writes: ['user'],
  build: ({ year, music, write }) =>
    write(
      'user',
      numbered(
        year,
        sql`
          SELECT
            user_id,
            count(*) AS listens,
            ${wholeSum(sql`is_play`)} AS plays,
            ${wholeSum(sql`coalesce(ms_played, 0)`)} AS ms,
            count(*) - count(ms_played) AS unknown_lengths,
            bool_or(coalesce(${columns(NAMES)}) IS NOT NULL) AS names_tracks
          FROM (${music})
          GROUP BY user_id`,
      ),
    ),
  merge: ({ year, parts, write }) =>
    write(
      'user',
      numbered(
        year,
        sql`
          SELECT
            user_id,
            ${wholeSum(sql`listens`)} AS listens,
            ${wholeSum(sql`plays`)} AS plays,
            ${wholeSum(sql`ms`)} AS ms,
            ${wholeSum(sql`unknown_lengths`)} AS unknown_lengths,
            bool_or(names_tracks) AS names_tracks
          FROM (${join(
            parts.map((part) => sql`SELECT * FROM ${part.read('user')}`),
            ' UNION ALL ',
          )})
          GROUP BY user_id`,
      ),
    ),
};

const numbered = (year: number, users: Sql): Sql => sql`
  SELECT
    ${year * NUMBERS_PER_YEAR} + row_number() OVER (ORDER BY ${userOrder(sql`user_id`)}) AS user_year,
    ${year} AS year,
    *,
    ${sliceOf(sql`user_id`)} AS slice
  FROM (${users})
  ORDER BY user_year`;
