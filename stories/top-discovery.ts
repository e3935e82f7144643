import {
  defineStory,
  FIRST_YEAR,
  firstHeard,
  ident,
  integer,
  knownMs,
  knownSince,
  list,
  listOf,
  MS_OF_PLAYS,
  nullable,
  object,
  optional,
  RANKED,
  type Same,
  type Sql,
  sql,
  struct,
  text,
  usersOf,
  wholeSum,
} from '../src/story/index.ts';

const LENGTH = 50;
const FEWEST_PLAYS = 4;
const OF_ONE_ARTIST = 2;

const shows = {
  track: nullable(text()),
  artist: nullable(text()),
  track_id: optional(text()),
  artist_id: optional(text()),
};

/** Tracks by their number in a year, and what makes them the same in every year. */
const things = (track: Sql, same: Same): Sql => sql`
  SELECT key AS track, ${same('track_id', ['artist', 'track'])} AS same
  FROM (SELECT track AS key, title AS track, artist_name AS artist, track_id FROM ${track})`;

const fields = (from: string) =>
  Object.fromEntries(Object.keys(shows).map((name) => [name, ident(from, name)]));

/** Few tracks have so many plays: only these are looked for in earlier years, by number there. */
export default defineStory({
  id: 'top-discovery',
  version: 1,
  title: 'Top discoveries',
  summary: 'the tracks you first heard this year and played most',
  group: 'tracks',
  source: 'ListenBrainz, top discoveries of the year',
  definition: `
    The tracks whose first play by the user, over all years of the lake, is in this year, and that have more than ${FEWEST_PLAYS - 1} plays in it: the ${LENGTH}
    of most plays, at most ${OF_ONE_ARTIST} of one artist (the first in the ranking; tracks of no known artist are not held to that). They are ranked
    ${RANKED}, then title, then artist in binary order, then id. ${MS_OF_PLAYS} \`distinct\` is how many there are of all artists' tracks,
    those past the ${OF_ONE_ARTIST} included. A track is the same in every year by id where the lake goes by ids and has one, else by artist and title.

    What a user played before the lake begins is unknown: the first year in which the lake has the user's listening has no value. Neither has
    a year without such a track.`,
  reads: ['user', 'user_track', 'track'],
  past: { years: 'earlier', reads: ['user', 'user_track', 'track'] },
  column: object({
    tracks: list(object({ ...shows, plays: integer(), ms: nullable(integer()) })),
    distinct: integer(),
  }),
  query: ({ user, user_track, track }, past) => sql`
    WITH often AS (SELECT * FROM ${user_track} WHERE plays >= ${FEWEST_PLAYS}),
    thing AS (SELECT * FROM (${things(track, past.same)}) WHERE track IN (SELECT track FROM often)),
    past_thing AS (SELECT * FROM (${things(past.track, past.same)}) WHERE same IN (SELECT same FROM thing)),
    heard AS (${firstHeard(past.user_track, past.user, sql`SELECT * FROM past_thing`, 'track')}),
    known AS (${knownSince(past)}),
    found AS (
      SELECT user_year, often.track, plays, ms, unknown_lengths
      FROM often JOIN thing USING (track) JOIN ${usersOf(user)} USING (user_year) LEFT JOIN heard USING (user_id, same)
      WHERE coalesce(first_year >= year, true)
    ),
    ranked AS (
      SELECT
        *,
        row_number() OVER (PARTITION BY user_year, coalesce(artist, -track) ORDER BY plays DESC, ms DESC, track) AS of_artist,
        count(*) OVER (PARTITION BY user_year) AS "distinct"
      FROM found JOIN ${track} USING (track)
    ),
    told AS (
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
          { place: struct({ plays: sql`-plays`, ms: sql`-ms`, track: sql`track` }), n: LENGTH },
        ),
        distinct: sql`any_value("distinct")`,
      })} AS value
      FROM ranked WHERE of_artist <= ${OF_ONE_ARTIST}
      GROUP BY user_year
    )
    SELECT
      user_year,
      CASE WHEN known_since < year THEN value END AS value,
      CASE
        WHEN known_since IS NULL OR known_since >= year THEN ${FIRST_YEAR}
        WHEN value IS NULL THEN ${`no track first heard in the year has more than ${FEWEST_PLAYS - 1} plays`}
      END AS absent
    FROM (SELECT * FROM ${user} WHERE plays > 0) LEFT JOIN known USING (user_id) LEFT JOIN told USING (user_year)`,
  decade: {
    reads: [],
    definition:
      "A track is discovered in one year alone: `distinct` adds up, `by_year` has each year's first.",
    column: object({
      distinct: integer(),
      by_year: list(object({ year: integer(), ...shows, plays: integer() })),
    }),
    query: ({ years }, { length }) => sql`
      SELECT listener, ${struct({
        distinct: wholeSum(sql`value."distinct"`),
        by_year: listOf(struct({ year: sql`year`, ...fields('first'), plays: sql`first.plays` }), {
          place: sql`year`,
          n: length,
        }),
      })} AS value
      FROM (SELECT *, value.tracks[1] AS first FROM ${years})
      GROUP BY listener`,
  },
});
