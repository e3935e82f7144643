import {
  defineStory,
  integer,
  knownMs,
  list,
  listOf,
  nullable,
  number,
  object,
  rankingOrder,
  ratio,
  sql,
  struct,
  text,
  topRows,
} from '../src/story/index.ts';

const LENGTH = 10;

/**
 * The genres a user played most. A play counts once for each genre of its artist; `share` is of the plays whose artist has a genre.
 * Ties: by plays, then milliseconds (an unknown length adds 0), then name in binary order.
 * Definition: ours.
 */
export default defineStory({
  id: 'top-genre',
  version: 1,
  title: 'Top genres',
  summary: 'the ten genres you played most, and their share of your plays',
  reads: ['user_artist', 'artist_genre'],
  needs: ['genres'],
  column: object({
    genres: list(object({ genre: text(), plays: integer(), share: number(), ms: nullable(integer()) })),
    distinct: integer(),
    plays_with_genre: integer(),
  }),
  query: ({ user_artist, artist_genre }) => sql`
    WITH user_genre AS (
      SELECT user_year, genre, sum(plays)::BIGINT AS plays, sum(ms)::BIGINT AS ms, sum(unknown_lengths)::BIGINT AS unknown_lengths
      FROM ${user_artist} JOIN ${artist_genre} USING (artist)
      GROUP BY user_year, genre
    ),
    listener AS (
      SELECT user_year, sum(plays) FILTER (artist IN (SELECT artist FROM ${artist_genre}))::BIGINT AS plays_with_genre
      FROM ${user_artist}
      GROUP BY user_year
    ),
    genre AS (SELECT DISTINCT genre, name FROM ${artist_genre}),
    top AS (
      SELECT user_year, ${listOf(
        struct({
          genre: sql`name`,
          plays: sql`plays`,
          share: ratio(sql`plays`, sql`plays_with_genre`),
          ms: knownMs,
        }),
        { by: rankingOrder('genre'), n: LENGTH },
      )} AS genres
      FROM (${topRows({ from: sql`user_genre`, key: 'genre', n: LENGTH })}) JOIN genre USING (genre) JOIN listener USING (user_year)
      GROUP BY user_year
    ),
    played AS (SELECT user_year, count(*) AS genres FROM user_genre GROUP BY user_year)
    SELECT
      user_year,
      CASE WHEN plays_with_genre IS NULL THEN 'no play of an artist with a known genre' END AS absent,
      CASE WHEN plays_with_genre IS NOT NULL THEN ${struct({
        genres: sql`top.genres`,
        distinct: sql`played.genres`,
        plays_with_genre: sql`plays_with_genre`,
      })} END AS value
    FROM listener LEFT JOIN top USING (user_year) LEFT JOIN played USING (user_year)`,
});
