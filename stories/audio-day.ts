import {
  defineStory,
  ident,
  integer,
  list,
  listOf,
  nullable,
  number,
  object,
  ratio,
  sql,
  struct,
  text,
  wholeSum,
} from '../src/story/index.ts';

const PARTS = ['morning', 'midday', 'evening', 'night'];

const ofYear = Object.fromEntries(PARTS.map((name) => [name, nullable(text())]));
const top = nullable(object({ genre: text(), plays: integer(), share: number() }));

export default defineStory({
  id: 'audio-day',
  version: 1,
  title: 'Audio day',
  summary: 'your top genre of the morning, of midday, the evening and the night',
  group: 'taste',
  source: 'Spotify, 2022 ("Audio Day"); the parts of the day are ours',
  definition: `
    The genre of most plays in each part of the day, six hours of the user's own time zone: the morning from 5, midday from 11, the evening
    from 17, the night from 23. A play counts once for each genre of its artist. \`share\` is of the plays of that part whose artist has a genre,
    to four decimals. Of equal genres that of more milliseconds counts (an unknown length adds 0), then the first by name in binary order.

    A part without a play of a known genre is null; users without such a play have no value.`,
  reads: ['timeline', 'artist_genre'],
  needs: ['genres'],
  column: object({ morning: top, midday: top, evening: top, night: top }),
  absent: 'no play of an artist with a known genre',
  query: ({ timeline, artist_genre }) => sql`
    WITH heard AS (
      SELECT user_year, part, artist, count(*) AS plays, ${wholeSum(sql`ended - started`)} AS ms
      FROM (
        SELECT user_year, ((hour + 19) % 24) // 6 AS part, artist, started, ended
        FROM ${timeline}
        WHERE artist IN (SELECT artist FROM ${artist_genre})
      )
      GROUP BY user_year, part, artist
    ),
    listener AS (SELECT user_year, part, ${wholeSum(sql`plays`)} AS plays_with_genre FROM heard GROUP BY user_year, part),
    by_genre AS (
      SELECT user_year, part, genre, ${wholeSum(sql`plays`)} AS plays, ${wholeSum(sql`ms`)} AS ms
      FROM heard JOIN ${artist_genre} USING (artist)
      GROUP BY user_year, part, genre
    ),
    best AS (
      SELECT user_year, part, unnest(min({plays: -plays, ms: -ms, genre: genre}))
      FROM by_genre
      GROUP BY user_year, part
    ),
    told AS (
      SELECT user_year, part, ${struct({
        genre: sql`name`,
        plays: sql`-plays`,
        share: ratio(sql`-plays`, sql`plays_with_genre`),
      })} AS top
      FROM best JOIN listener USING (user_year, part) JOIN (SELECT DISTINCT genre, name FROM ${artist_genre}) USING (genre)
    )
    SELECT user_year, ${struct(
      Object.fromEntries(PARTS.map((name, place) => [name, sql`any_value(top) FILTER (part = ${place})`])),
    )} AS value
    FROM told
    GROUP BY user_year`,
  decade: {
    reads: [],
    definition: '`by_year` has the genres of each year.',
    column: object({ by_year: list(object({ year: integer(), ...ofYear })) }),
    query: ({ years }, { length }) => sql`
      SELECT listener, ${struct({
        by_year: listOf(
          struct({
            year: sql`year`,
            ...Object.fromEntries(PARTS.map((name) => [name, ident('value', name, 'genre')])),
          }),
          { place: sql`year`, n: length },
        ),
      })} AS value
      FROM ${years}
      GROUP BY listener`,
  },
});
