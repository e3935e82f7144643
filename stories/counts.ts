import {
  defineStory,
  integer,
  list,
  listOf,
  nullable,
  number,
  object,
  ratio,
  sql,
  struct,
  wholeSum,
} from '../src/story/index.ts';

export default defineStory({
  id: 'counts',
  version: 1,
  title: 'In numbers',
  summary: 'how many tracks, artists, albums and genres you played, on how many days, and plays a day',
  group: 'listening',
  source: 'ours',
  definition: `
    How many different \`tracks\`, \`artists\`, \`albums\` and \`genres\` a user played, each null where none is known; a play counts for its first
    credited artist, and an album however little of it was played. \`days\` are the days of the user's own time zone with a play,
    \`plays_a_day\` the mean of plays on these: plays ÷ days to four decimals. Days without a play are not in it.

    Users without a play have no value.`,
  reads: ['user', 'user_hour', 'user_track', 'user_artist', 'user_album', 'user_genre'],
  column: object({
    plays: integer(),
    tracks: nullable(integer()),
    artists: nullable(integer()),
    albums: nullable(integer()),
    genres: nullable(integer()),
    days: integer(),
    plays_a_day: number(),
  }),
  query: ({ user, user_hour, user_track, user_artist, user_album, user_genre }) => sql`
    WITH days AS (SELECT user_year, count(DISTINCT day) AS days FROM ${user_hour} WHERE plays > 0 GROUP BY user_year),
    tracks AS (SELECT user_year, count(*) AS tracks FROM ${user_track} GROUP BY user_year),
    artists AS (SELECT user_year, count(*) AS artists FROM ${user_artist} GROUP BY user_year),
    albums AS (SELECT user_year, count(*) AS albums FROM ${user_album} GROUP BY user_year),
    genres AS (SELECT user_year, count(*) AS genres FROM ${user_genre} GROUP BY user_year)
    SELECT user_year, ${struct({
      plays: sql`plays`,
      tracks: sql`tracks`,
      artists: sql`artists`,
      albums: sql`albums`,
      genres: sql`genres`,
      days: sql`days`,
      plays_a_day: ratio(sql`plays`, sql`days`),
    })} AS value
    FROM (SELECT user_year, plays FROM ${user} WHERE plays > 0) JOIN days USING (user_year) LEFT JOIN tracks USING (user_year)
      LEFT JOIN artists USING (user_year) LEFT JOIN albums USING (user_year) LEFT JOIN genres USING (user_year)`,
  decade: {
    reads: [],
    definition: `
      Plays and days of the years are added up, and \`plays_a_day\` is their quotient. \`by_year\` has each year's numbers: what was played in
      two years would count twice in a sum. How many there are of all years is in the decades of \`top-track\`, \`top-artist\` and \`top-genre\`.`,
    column: object({
      plays: integer(),
      days: integer(),
      plays_a_day: number(),
      by_year: list(
        object({
          year: integer(),
          tracks: nullable(integer()),
          artists: nullable(integer()),
          albums: nullable(integer()),
          genres: nullable(integer()),
          days: integer(),
        }),
      ),
    }),
    query: ({ years }, { length }) => sql`
      SELECT listener, ${struct({
        plays: sql`plays`,
        days: sql`days`,
        plays_a_day: ratio(sql`plays`, sql`days`),
        by_year: sql`by_year`,
      })} AS value
      FROM (
        SELECT listener, ${wholeSum(sql`value.plays`)} AS plays, ${wholeSum(sql`value.days`)} AS days, ${listOf(
          struct({
            year: sql`year`,
            tracks: sql`value.tracks`,
            artists: sql`value.artists`,
            albums: sql`value.albums`,
            genres: sql`value.genres`,
            days: sql`value.days`,
          }),
          { place: sql`year`, n: length },
        )} AS by_year
        FROM ${years}
        GROUP BY listener
      )`,
  },
});
