import {
  defineStory,
  integer,
  knownMs,
  list,
  listOf,
  MS_OF_PLAYS,
  nullable,
  number,
  object,
  RANKED,
  rankingDecade,
  ratio,
  sql,
  struct,
  text,
  topRows,
} from '../src/story/index.ts';

const LENGTH = 10;

export default defineStory({
  id: 'top-genre',
  version: 1,
  title: 'Top genres',
  summary: 'the ten genres you played most, and their share of your plays',
  group: 'taste',
  source: 'ours',
  definition: `
    The ${LENGTH} genres of most plays, and in \`distinct\` how many different genres were played. A play counts once for each genre of its
    artist. \`share\` is of \`plays_with_genre\`, the plays whose artist has a genre, so that shares may add up to more than 1; it has four
    decimals. Genres are ranked ${RANKED}, then name in binary order. ${MS_OF_PLAYS}

    Without a play of an artist with a known genre there is no value.`,
  reads: ['user_artist', 'artist_genre', 'user_genre'],
  needs: ['genres'],
  column: object({
    genres: list(object({ genre: text(), plays: integer(), share: number(), ms: nullable(integer()) })),
    distinct: integer(),
    plays_with_genre: integer(),
  }),
  query: ({ user_artist, artist_genre, user_genre }) => sql`
    WITH listener AS (
      SELECT user_year, sum(plays) FILTER (artist IN (SELECT artist FROM ${artist_genre}))::BIGINT AS plays_with_genre
      FROM ${user_artist}
      GROUP BY user_year
    ),
    genre AS (SELECT DISTINCT genre, name FROM ${artist_genre}),
    told AS (
      SELECT user_year, ${struct({
        genres: listOf(
          struct({
            genre: sql`name`,
            plays: sql`plays`,
            share: ratio(sql`plays`, sql`plays_with_genre`),
            ms: knownMs,
          }),
          { place: sql`place`, n: LENGTH },
        ),
        distinct: sql`any_value("distinct")`,
        plays_with_genre: sql`any_value(plays_with_genre)`,
      })} AS value
      FROM (${topRows({ from: user_genre, key: 'genre', n: LENGTH })}) JOIN genre USING (genre) JOIN listener USING (user_year)
      GROUP BY user_year
    )
    SELECT
      user_year,
      value,
      CASE WHEN plays_with_genre IS NULL THEN 'no play of an artist with a known genre' END AS absent
    FROM listener LEFT JOIN told USING (user_year)`,
  decade: rankingDecade({
    list: 'genres',
    length: LENGTH,
    shows: { genre: text() },
    same: { names: ['genre'] },
    reads: ['user_genre', 'artist_genre'],
    plays: ({ user_genre }) =>
      sql`SELECT user_year, genre AS key, plays, ms, unknown_lengths FROM ${user_genre}`,
    things: ({ artist_genre }) => sql`SELECT DISTINCT genre AS key, name AS genre FROM ${artist_genre}`,
  }),
});
