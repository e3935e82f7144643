import {
  defineStory,
  integer,
  knownMs,
  list,
  listOf,
  nullable,
  object,
  optional,
  rankingOrder,
  sql,
  struct,
  text,
  topRows,
} from '../src/story/index.ts';

const LENGTH = 10;

/**
 * The artists a user played most. A play counts for its first credited artist.
 * Ties: by plays, then milliseconds (an unknown length adds 0), then name in binary order, then id.
 * Definition: ours.
 */
export default defineStory({
  id: 'top-artist',
  version: 1,
  title: 'Top artists',
  summary: 'the ten artists you played most, and how many different ones you played',
  reads: ['user_artist', 'artist'],
  column: object({
    artists: list(
      object({
        artist: nullable(text()),
        artist_id: optional(text()),
        plays: integer(),
        ms: nullable(integer()),
      }),
    ),
    distinct: integer(),
  }),
  query: ({ user_artist, artist }) => sql`
    WITH top AS (
      SELECT user_year, ${listOf(
        struct({ artist: sql`name`, artist_id: sql`artist_id`, plays: sql`plays`, ms: knownMs }),
        { by: rankingOrder('artist'), n: LENGTH },
      )} AS artists
      FROM (${topRows({ from: user_artist, key: 'artist', n: LENGTH })}) JOIN ${artist} USING (artist)
      GROUP BY user_year
    ),
    played AS (SELECT user_year, count(*) AS artists FROM ${user_artist} GROUP BY user_year)
    SELECT user_year, ${struct({ artists: sql`top.artists`, distinct: sql`played.artists` })} AS value
    FROM top JOIN played USING (user_year)`,
});
