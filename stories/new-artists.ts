import {
  defineStory,
  FIRST_YEAR,
  firstHeard,
  integer,
  knownMs,
  knownSince,
  list,
  listOf,
  MS_OF_PLAYS,
  nullable,
  number,
  object,
  optional,
  RANKED,
  ratio,
  sameArtists,
  sql,
  struct,
  text,
  topRows,
  usersOf,
  wholeSum,
} from '../src/story/index.ts';

const LENGTH = 10;

export default defineStory({
  id: 'new-artists',
  version: 1,
  title: 'New artists',
  summary: 'how many artists you played for the first time ever, and those of them you played most',
  group: 'artists',
  source: 'ours',
  definition: `
    The artists whose first play by the user, over all years of the lake, is in this year: how many (\`new\`), of how many artists played (\`of\`),
    their \`share\` of these to four decimals, and the ${LENGTH} of most plays. They are ranked ${RANKED}, then name in binary order, then id. ${MS_OF_PLAYS}
    An artist is the same in every year by id where the lake goes by ids and has one, else by name.

    What a user played before the lake begins is unknown, so that nothing is called new in the first year in which the lake has the user's
    listening, which is the lake's first year or a later one: that year has no value. (What a time zone moves into the year before the
    lake's first is of no year before.) Neither has a year without a play of a known artist.`,
  reads: ['user', 'user_artist', 'artist'],
  past: { years: 'earlier', reads: ['user', 'user_artist', 'artist'] },
  column: object({
    new: integer(),
    of: integer(),
    share: number(),
    artists: list(
      object({
        artist: nullable(text()),
        artist_id: optional(text()),
        plays: integer(),
        ms: nullable(integer()),
      }),
    ),
  }),
  query: ({ user, user_artist, artist }, past) => sql`
    WITH heard AS (${firstHeard(past.user_artist, past.user, sameArtists(past.artist, past.same), 'artist')}),
    known AS (${knownSince(past)}),
    played AS (
      SELECT user_year, artist, plays, ms, unknown_lengths, coalesce(first_year < year, false) AS heard
      FROM ${user_artist}
        JOIN ${usersOf(user)} USING (user_year)
        JOIN (${sameArtists(artist, past.same)}) USING (artist)
        LEFT JOIN heard USING (user_id, same)
    ),
    counted AS (
      SELECT user_year, count(*) AS "of", count(*) FILTER (NOT heard) AS "new"
      FROM played
      GROUP BY user_year
    ),
    top AS (
      SELECT user_year, ${listOf(
        struct({ artist: sql`name`, artist_id: sql`artist_id`, plays: sql`plays`, ms: knownMs }),
        { place: sql`place`, n: LENGTH },
      )} AS artists
      FROM (${topRows({ from: sql`(SELECT * FROM played WHERE NOT heard)`, key: 'artist', n: LENGTH })}) JOIN ${artist} USING (artist)
      GROUP BY user_year
    )
    SELECT
      user_year,
      CASE WHEN known_since < year THEN ${struct({
        new: sql`"new"`,
        of: sql`"of"`,
        share: ratio(sql`"new"`, sql`"of"`),
        artists: sql`coalesce(artists, [])`,
      })} END AS value,
      CASE WHEN known_since IS NULL OR known_since >= year THEN ${FIRST_YEAR} END AS absent
    FROM counted
      JOIN ${usersOf(user)} USING (user_year)
      LEFT JOIN known USING (user_id)
      LEFT JOIN top USING (user_year)`,
  decade: {
    reads: [],
    definition: `
      \`new\` adds up: an artist is new in one year alone. \`by_year\` has the years that have a value; what was first played in the first year of
      all is not among the new.`,
    column: object({
      new: integer(),
      by_year: list(object({ year: integer(), new: integer(), of: integer() })),
    }),
    query: ({ years }, { length }) => sql`
      SELECT listener, ${struct({
        new: wholeSum(sql`value."new"`),
        by_year: listOf(struct({ year: sql`year`, new: sql`value."new"`, of: sql`value."of"` }), {
          place: sql`year`,
          n: length,
        }),
      })} AS value
      FROM ${years}
      GROUP BY listener`,
  },
});
