import {
  defineStory,
  integer,
  knownMs,
  list,
  listOf,
  nullable,
  object,
  optional,
  rankingDecade,
  sql,
  struct,
  text,
  topRows,
} from '../src/story/index.ts';

const LENGTH = 10;

const shows = { artist: nullable(text()), artist_id: optional(text()) };

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
        ...shows,
        plays: integer(),
        ms: nullable(integer()),
      }),
    ),
    distinct: integer(),
  }),
  query: ({ user_artist, artist }) => sql`
    SELECT user_year, ${struct({
      artists: listOf(
        struct({ artist: sql`name`, artist_id: sql`artist_id`, plays: sql`plays`, ms: knownMs }),
        { place: sql`place`, n: LENGTH },
      ),
      distinct: sql`any_value("distinct")`,
    })} AS value
    FROM (${topRows({ from: user_artist, key: 'artist', n: LENGTH })}) JOIN ${artist} USING (artist)
    GROUP BY user_year`,
  decade: rankingDecade({
    list: 'artists',
    length: LENGTH,
    shows,
    same: { id: 'artist_id', names: ['artist'] },
    reads: ['user_artist', 'artist'],
    plays: ({ user_artist }) =>
      sql`SELECT user_year, artist AS key, plays, ms, unknown_lengths FROM ${user_artist}`,
    things: ({ artist }) => sql`SELECT artist AS key, name AS artist, artist_id FROM ${artist}`,
    faithful: true,
  }),
});
