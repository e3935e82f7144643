import {
  defineStory,
  integer,
  knownMs,
  list,
  listOf,
  nullable,
  object,
  optional,
  sql,
  struct,
  text,
  topRows,
} from '../src/story/index.ts';

const LENGTH = 10;

/**
 * The tracks a user played most.
 * Ties: by plays, then milliseconds (an unknown length adds 0), then title, then artist in binary order, then id.
 * Definition: ours.
 */
export default defineStory({
  id: 'top-track',
  version: 1,
  title: 'Top tracks',
  summary: 'the ten tracks you played most, and how many different ones you played',
  reads: ['user_track', 'track'],
  column: object({
    tracks: list(
      object({
        track: nullable(text()),
        artist: nullable(text()),
        track_id: optional(text()),
        artist_id: optional(text()),
        plays: integer(),
        ms: nullable(integer()),
      }),
    ),
    distinct: integer(),
  }),
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
});
