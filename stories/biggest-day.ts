import {
  artistFields,
  defineStory,
  firstEver,
  ident,
  integer,
  nullable,
  object,
  RANKED,
  shownArtist,
  shownTrack,
  sql,
  struct,
  text,
  topRows,
  trackFields,
  wholeSum,
} from '../src/story/index.ts';

const column = object({
  day: text(),
  minutes: nullable(integer()),
  ms: nullable(integer()),
  plays: integer(),
  track: nullable(object({ ...trackFields, plays: integer() })),
  artist: nullable(object({ ...artistFields, plays: integer() })),
  new_artists: nullable(object({ day: text(), artists: integer() })),
});

/** What is told of the biggest day itself. */
const OF_DAY = ['day', 'minutes', 'ms', 'plays', 'track', 'artist'];

export default defineStory({
  id: 'biggest-day',
  version: 1,
  title: 'Biggest day',
  summary: 'the day you listened longest, what to, and the day of most new artists',
  group: 'time',
  source: 'ours',
  definition: `
    The day with most milliseconds of music, short rows and private sessions included (an unknown length adds 0), of equal days that of more
    plays, then the earliest; days are of the user's own time zone. \`minutes\` are its milliseconds / 60,000, rounded down; both are null where
    none of its lengths is known. \`track\` and \`artist\` are the top ones of that day's plays, ranked ${RANKED}, then by name in binary order, then id;
    null where none is known.

    \`new_artists\` is the day on which the user played most artists for the first time ever, over all years of the lake, and how many; of equal
    days the earliest. What was played before the lake begins is unknown, so that it is null in the first year in which the lake has
    the user's listening, and where no artist is new. Everyone with a music listen row has a value.`,
  reads: ['user', 'user_hour', 'user_artist_days', 'timeline', 'track', 'artist'],
  past: { years: 'earlier', reads: ['user', 'user_artist', 'artist'] },
  column,
  query: ({ user, user_hour, user_artist_days, timeline, track, artist }, past) => sql`
    WITH biggest AS (
      SELECT user_year, unnest(min({ms: -ms, plays: -plays, day: day, timed: timed}))
      FROM (
        SELECT
          user_year, day, ${wholeSum(sql`ms`)} AS ms, ${wholeSum(sql`plays`)} AS plays, sum(unknown_lengths) < sum(listens) AS timed
        FROM ${user_hour}
        GROUP BY user_year, day
      )
      GROUP BY user_year
    ),
    by_track AS (
      SELECT user_year, track, count(*) AS plays, ${wholeSum(sql`ended - started`)} AS ms, 0 AS unknown_lengths
      FROM ${timeline} JOIN (SELECT user_year, day FROM biggest) USING (user_year, day)
      WHERE track IS NOT NULL
      GROUP BY user_year, track
    ),
    by_artist AS (
      SELECT user_year, artist, ${wholeSum(sql`plays`)} AS plays, ${wholeSum(sql`ms`)} AS ms, 0 AS unknown_lengths
      FROM by_track JOIN ${track} USING (track)
      WHERE artist IS NOT NULL
      GROUP BY user_year, artist
    ),
    top_track AS (
      SELECT user_year, ${struct({ ...shownTrack, plays: sql`plays` })} AS track
      FROM (${topRows({ from: sql`by_track`, key: 'track', n: 1 })}) AS top JOIN ${track} AS shown ON shown.track = top.track
    ),
    top_artist AS (
      SELECT user_year, ${struct({ ...shownArtist, plays: sql`plays` })} AS artist
      FROM (${topRows({ from: sql`by_artist`, key: 'artist', n: 1 })}) AS top JOIN ${artist} AS shown ON shown.artist = top.artist
    ),
    new_artists AS (
      SELECT user_year, arg_min(${struct({ day: sql`day::VARCHAR`, artists: sql`artists` })}, {artists: -artists, day: day}) AS new_artists
      FROM (
        SELECT user_year, day, count(*) AS artists
        FROM (${firstEver({ user, user_artist_days, artist }, past)})
        GROUP BY user_year, day
      )
      GROUP BY user_year
    )
    SELECT user_year, ${struct({
      day: sql`day::VARCHAR`,
      minutes: sql`CASE WHEN timed THEN -ms // 60000 END`,
      ms: sql`CASE WHEN timed THEN -ms END`,
      plays: sql`-plays`,
      track: sql`track`,
      artist: sql`artist`,
      new_artists: sql`new_artists`,
    })} AS value
    FROM biggest LEFT JOIN top_track USING (user_year) LEFT JOIN top_artist USING (user_year) LEFT JOIN new_artists USING (user_year)`,
  decade: {
    reads: [],
    definition: `
      The biggest of the years' days, of equal ones the earliest; of \`new_artists\` likewise.`,
    column,
    query: ({ years }) => sql`
      SELECT listener, ${struct({
        ...Object.fromEntries(OF_DAY.map((name) => [name, ident('biggest', name)])),
        new_artists: sql`new_artists`,
      })} AS value
      FROM (
        SELECT
          listener,
          arg_min(value, {ms: -coalesce(value.ms, 0), plays: -value.plays, year: year}) AS biggest,
          arg_min(value.new_artists, {artists: -value.new_artists.artists, year: year}) AS new_artists
        FROM ${years}
        GROUP BY listener
      )`,
  },
});
