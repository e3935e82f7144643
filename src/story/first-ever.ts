import { type Sql, sql } from '../sql/sql.ts';
import { firstHeard, knownSince, sameArtists, usersOf } from './past.ts';
import type { PastRelations, Relations } from './story.ts';

/**
 * The artists that users played for the first time ever, and the local day of that: `user_year`, `artist`, `day`. None of the first year in
 * which the lake has a user's listening, since what was heard before is unknown. `past` is of all earlier years.
 */
export const firstEver = (
  { user, user_artist_days, artist }: Relations<'user' | 'user_artist_days' | 'artist'>,
  past: PastRelations<'user' | 'user_artist' | 'artist'>,
): Sql => sql`
    SELECT user_year, artist, first_day AS day
    FROM ${user_artist_days}
      JOIN ${usersOf(user)} USING (user_year)
      JOIN (${knownSince(past)}) USING (user_id)
      JOIN (${sameArtists(artist, past.same)}) USING (artist)
      LEFT JOIN (${firstHeard(past.user_artist, past.user, sameArtists(past.artist, past.same), 'artist')}) USING (user_id, same)
    WHERE known_since < year AND coalesce(first_year >= year, true)`;
