import { ident, type Sql, sql } from '../sql/sql.ts';
import type { PastRelations, Same } from './story.ts';

/** What stories that look back have in common. */

/** Whose rows of totals are, and of which year: `user_year`, `user_id`, `year`, of the relation `user`. */
export const usersOf = (user: Sql): Sql => sql`(SELECT user_year, user_id, year FROM ${user})`;

/**
 * The first year in which there is anything of a user, of those that the lake has a partition of: `user_id`, `known_since`. Of a year before
 * there are the last hours in some time zones: enough to have heard something, not to say that all else was not.
 */
export const knownSince = ({ user, since }: Pick<PastRelations<'user'>, 'user' | 'since'>): Sql =>
  sql`SELECT user_id, greatest(min(year), ${since}) AS known_since FROM ${user} GROUP BY user_id`;

/** Artists by their number in a year, and what makes them the same in every year: `artist`, `same`, of the relation `artist`. */
export const sameArtists = (artist: Sql, same: Same): Sql => sql`
  SELECT key AS artist, ${same('artist_id', ['artist'])} AS same FROM (SELECT artist AS key, name AS artist, artist_id FROM ${artist})`;

/**
 * The first year in which a user played a thing: `user_id`, `same`, `first_year`.
 * @param plays the past's plays by user and thing
 * @param things the number of each thing in its year, and its `same`
 */
export const firstHeard = (plays: Sql, user: Sql, things: Sql, number: string): Sql => sql`
  SELECT user_id, same, min(year) AS first_year
  FROM ${plays} JOIN ${usersOf(user)} USING (user_year) JOIN (${things}) USING (${ident(number)})
  GROUP BY user_id, same`;
