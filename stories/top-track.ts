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

const shows = {
  track: nullable(text()),
  artist: nullable(text()),
  track_id: optional(text()),
  artist_id: optional(text()),
};

export default defineStory({
  id: 'top-track',
  version: 1,
  title: 'Top tracks',
  summary: 'the ten tracks you played most, and how many different ones you played',
  group: 'tracks',
  source: 'ours',
  definition: `
    The ${LENGTH} tracks of most plays, and in \`distinct\` how many different tracks were played. They are ranked ${RANKED}, then title, then
    artist in binary order, then id. ${MS_OF_PLAYS}

    Without a play of a known track there is no value.`,
  reads: ['user_track', 'track'],
  column: object({
    tracks: list(
      object({
        ...shows,
        plays: integer(),
        ms: nullable(integer()),
      }),
    ),
    distinct: integer(),
  }),
  absent: 'no play of a known track',
  query: ({ user_track, track }) => sql`
    SELECT user_year, ${struct({
      tracks: listOf(
        struct({
          track: sql`title`,
          artist: sql`artist_name`,
          track_id: sql`track_id`,
          artist_id: sql`artist_id`,
          plays: sql`plays`,
          ms: knownMs,
        }),
        { place: sql`place`, n: LENGTH },
      ),
      distinct: sql`any_value("distinct")`,
    })} AS value
    FROM (${topRows({ from: user_track, key: 'track', n: LENGTH })}) JOIN ${track} USING (track)
    GROUP BY user_year`,
  decade: rankingDecade({
    list: 'tracks',
    length: LENGTH,
    shows,
    same: { id: 'track_id', names: ['artist', 'track'] },
    reads: ['user_track', 'track'],
    plays: ({ user_track }) =>
      sql`SELECT user_year, track AS key, plays, ms, unknown_lengths FROM ${user_track}`,
    things: ({ track }) =>
      sql`SELECT track AS key, title AS track, artist_name AS artist, track_id, artist_id FROM ${track}`,
  }),
});
