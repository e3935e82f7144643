import { type Sql, sql } from '../sql/sql.ts';
import { wholeSum } from './helpers.ts';
import type { Relations } from './story.ts';

/**
 * The music listen rows of users that count for what they skip, and how many of them they skipped: `user_year`, `listens`, `skipped`, `short`,
 * `marked` (null where no row is: then the marks of their source are unknown). Every user has a row.
 */
export const skipsOfUsers = ({ user, user_skip }: Relations<'user' | 'user_skip'>): Sql => sql`
  SELECT
    user_year,
    plays - unknown_lengths + coalesce(private_lengthless + short + CASE WHEN marked > 0 THEN lengthless ELSE 0 END, 0) AS listens,
    coalesce(skipped, 0) AS skipped,
    coalesce(short, 0) AS short,
    nullif(marked, 0) AS marked
  FROM ${user} LEFT JOIN (
    SELECT
      user_year,
      ${wholeSum(sql`short`)} AS short,
      ${wholeSum(sql`marked`)} AS marked,
      ${wholeSum(sql`skipped`)} AS skipped,
      ${wholeSum(sql`lengthless`)} AS lengthless,
      ${wholeSum(sql`private_lengthless`)} AS private_lengthless
    FROM ${user_skip}
    GROUP BY user_year
  ) USING (user_year)`;

/** The same by artist: `user_year`, `artist`, `listens`, `skipped`, of users as {@link skipsOfUsers} has them. */
export const skipsOfArtists = (
  { user_artist, user_skip }: Relations<'user_artist' | 'user_skip'>,
  users: Sql,
): Sql => sql`
  SELECT
    user_year,
    artist,
    coalesce(plays - unknown_lengths, 0) + coalesce(short + CASE WHEN is_marked THEN lengthless ELSE 0 END, 0) AS listens,
    coalesce(skipped, 0) AS skipped
  FROM ${user_artist} FULL JOIN (
    SELECT *, user_year IN (SELECT user_year FROM ${users} WHERE marked > 0) AS is_marked
    FROM ${user_skip}
    WHERE artist IS NOT NULL
  ) USING (user_year, artist)`;
