import { sql } from '../../sql/sql.ts';

/**
 * What a row of either Spotify export is of, from the fields `track`, `artist`, `episode`, `podcast`,
 * `chapter` and `book`: the title decides. By an episode's artist its show is meant, by a chapter's its book.
 */
export const spotifyKinds = {
  kind: sql`CASE WHEN track IS NOT NULL THEN 'track' WHEN episode IS NOT NULL THEN 'episode'
    WHEN coalesce(chapter, book) IS NOT NULL THEN 'audiobook' ELSE 'track' END`,
  track: sql`coalesce(track, episode, chapter, book)`,
  artist: sql`CASE WHEN track IS NOT NULL THEN artist WHEN episode IS NOT NULL THEN podcast ELSE book END`,
};
