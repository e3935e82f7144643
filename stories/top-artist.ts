import {
  defineStory,
  integer,
  knownMs,
  list,
  listOf,
  MS_OF_PLAYS,
  nullable,
  object,
  optional,
  RANKED,
  rankingDecade,
  sql,
  struct,
  text,
  topRows,
} from '../src/story/index.ts';

const LENGTH = 10;

const shows = { artist: nullable(text()), artist_id: optional(text()) };

export default defineStory({
  id: 'top-artist',
  version: 1,
  title: 'Top artists',
  summary: 'the ten artists you played most, and how many different ones you played',
  group: 'artists',
  source: 'ours',
  definition: `
    The ${LENGTH} artists of most plays, and in \`distinct\` how many different artists were played. A play counts for its first credited
    artist. They are ranked ${RANKED}, then name in binary order, then id. ${MS_OF_PLAYS}

    Without a play of a known artist there is no value.`,
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
  absent: 'no play of a known artist',
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
