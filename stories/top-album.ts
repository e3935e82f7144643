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
  type Sql,
  sql,
  struct,
  text,
  topRows,
} from '../src/story/index.ts';

const LENGTH = 10;

const shows = { album: nullable(text()), artist: nullable(text()), album_id: optional(text()) };

/** The albums of which a user played more than half of the tracks. One known track is a single. */
const heardMost = (user_album: Sql, album: Sql): Sql => sql`
  SELECT user_year, album, plays, ms, unknown_lengths, heard.tracks AS tracks
  FROM ${user_album} AS heard JOIN (SELECT album, tracks FROM ${album} WHERE tracks > 1) AS known USING (album)
  WHERE 2 * heard.tracks > known.tracks`;

export default defineStory({
  id: 'top-album',
  version: 1,
  title: 'Top albums',
  summary: 'the ten albums you played most, of those you heard most of',
  group: 'tracks',
  source: 'ours',
  definition: `
    The ${LENGTH} albums of most plays, of those of which the user played more than half of the known tracks in the year: \`tracks\` of \`of\`. An album
    with one known track, a single, is none. \`distinct\` is how many such albums there are. They are ranked ${RANKED}, then album, then
    artist in binary order, then id. ${MS_OF_PLAYS}

    Where the lake goes by ids, a track is of the album whose \`album_id\` the table of tracks gives it, whose known tracks are all that the table
    has of it; it is shown under the name that most of these have (of equal ones the lowest) and the artist of more than half of them. Any other play is of
    the album that its row names (or the table, where the row does not), by name and artist; known of it are the tracks that any user's music listen
    row of the year names, short rows and private sessions included.

    Where no such album was played there is no value.`,
  reads: ['user', 'user_album', 'album'],
  column: object({
    albums: list(
      object({ ...shows, plays: integer(), ms: nullable(integer()), tracks: integer(), of: integer() }),
    ),
    distinct: integer(),
  }),
  query: ({ user, user_album, album }) => sql`
    WITH heard AS (${heardMost(user_album, album)}),
    told AS (
      SELECT user_year, ${struct({
        albums: listOf(
          struct({
            album: sql`name`,
            artist: sql`artist_name`,
            album_id: sql`album_id`,
            plays: sql`plays`,
            ms: knownMs,
            tracks: sql`top.tracks`,
            of: sql`known.tracks`,
          }),
          { place: sql`place`, n: LENGTH },
        ),
        distinct: sql`any_value("distinct")`,
      })} AS value
      FROM (${topRows({ from: sql`heard`, key: 'album', also: ['tracks'], n: LENGTH })}) AS top JOIN ${album} AS known USING (album)
      GROUP BY user_year
    )
    SELECT
      user_year,
      value,
      CASE WHEN plays > 0 THEN CASE
        WHEN user_year IN (SELECT user_year FROM ${user_album}) THEN 'no album of which more than half was played'
        ELSE 'no album of a play is known'
      END END AS absent
    FROM ${user} LEFT JOIN told USING (user_year)`,
  decade: rankingDecade({
    list: 'albums',
    length: LENGTH,
    shows,
    same: { id: 'album_id', names: ['artist', 'album'] },
    reads: ['user_album', 'album'],
    plays: ({ user_album, album }) =>
      sql`SELECT user_year, album AS key, plays, ms, unknown_lengths FROM (${heardMost(user_album, album)})`,
    things: ({ album }) =>
      sql`SELECT album AS key, name AS album, artist_name AS artist, album_id FROM ${album}`,
  }),
});
