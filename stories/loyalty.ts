import {
  artistFields,
  defineStory,
  ident,
  integer,
  knownMs,
  list,
  listOf,
  MS_OF_PLAYS,
  nullable,
  object,
  RANKED,
  type Sql,
  sameArtists,
  shownArtist,
  sql,
  struct,
  topRows,
  usersOf,
} from '../src/story/index.ts';

const LENGTH = 10;

/** An artist of one month was not stayed with. */
const FEWEST_MONTHS = 2;

const mostMonths = object({ ...artistFields, months: integer(), plays: integer(), ms: nullable(integer()) });

/** A user's artists of most plays, of each year, with what makes an artist the same in every year. */
const topOf = (user: Sql, user_artist: Sql, things: Sql): Sql => sql`
  SELECT user_year, user_id, year, artist, same, place
  FROM (${topRows({ from: user_artist, key: 'artist', n: LENGTH })}) JOIN ${usersOf(user)} USING (user_year) JOIN (${things}) USING (artist)`;

export default defineStory({
  id: 'loyalty',
  version: 1,
  title: 'Loyalty',
  summary: 'the top artists of the year before that still are, and the artist you played in most months',
  group: 'artists',
  source: 'ours',
  definition: `
    \`kept\`: how many of the ${LENGTH} artists of most plays of the year before (\`of\`, fewer where fewer were played) are \`still\` among those of this year, and
    which, with their \`place\` of this year and \`last_place\`, that of the one before. Artists are ranked ${RANKED}, then name in binary order, then id.
    An artist is the same in both years by id where the lake goes by ids and has one, else by name. It is null where the user played no known artist
    in the year before, or the lake begins after it.

    \`most_months\` is the artist with a play in most months of the user's own time zone, of several the one of most plays, then milliseconds, then name,
    then id; null where no artist has a play in ${FEWEST_MONTHS} months. ${MS_OF_PLAYS} Users of whom both are null have no value.`,
  reads: ['user', 'user_artist', 'user_artist_days', 'artist'],
  past: { years: 'last', reads: ['user', 'user_artist', 'artist'] },
  column: object({
    kept: nullable(
      object({
        still: integer(),
        of: integer(),
        artists: list(object({ ...artistFields, place: integer(), last_place: integer() })),
      }),
    ),
    most_months: nullable(mostMonths),
  }),
  query: ({ user, user_artist, user_artist_days, artist }, past) => sql`
    WITH top AS (${topOf(user, user_artist, sameArtists(artist, past.same))}),
    last_top AS (${topOf(past.user, past.user_artist, sameArtists(past.artist, past.same))}),
    compared AS (
      SELECT listener.user_year, top.artist, top.place, last_top.place AS last_place
      FROM last_top
        JOIN ${usersOf(user)} AS listener ON listener.user_id = last_top.user_id AND listener.year = last_top.year + 1
        LEFT JOIN top ON top.user_year = listener.user_year AND top.same = last_top.same
      WHERE last_top.year >= ${past.since}
    ),
    kept AS (
      SELECT user_year, ${struct({
        still: sql`count(artist)`,
        of: sql`count(*)`,
        artists: sql`coalesce(${listOf(
          struct({ ...shownArtist, place: sql`place`, last_place: sql`last_place` }),
          { place: sql`place`, n: LENGTH },
        )} FILTER (artist IS NOT NULL), [])`,
      })} AS kept
      FROM compared LEFT JOIN ${artist} USING (artist)
      GROUP BY user_year
    ),
    most AS (SELECT user_year, max(months) AS months FROM ${user_artist_days} GROUP BY user_year HAVING max(months) >= ${FEWEST_MONTHS}),
    faithful AS (${topRows({
      from: sql`(SELECT user_year, artist FROM ${user_artist_days} JOIN most USING (user_year, months)) JOIN ${user_artist} USING (user_year, artist)`,
      key: 'artist',
      n: 1,
    })}),
    most_months AS (
      SELECT user_year, ${struct({ ...shownArtist, months: sql`months::INTEGER`, plays: sql`plays`, ms: knownMs })} AS most_months
      FROM faithful JOIN most USING (user_year) JOIN ${artist} USING (artist)
    )
    SELECT
      user_year,
      CASE WHEN kept IS NOT NULL OR most_months IS NOT NULL THEN ${struct({ kept: sql`kept`, most_months: sql`most_months` })} END AS value,
      CASE WHEN kept IS NULL AND most_months IS NULL THEN ${`no artist played in ${FEWEST_MONTHS} months, and none in the year before`} END AS absent
    FROM (SELECT DISTINCT user_year FROM top) LEFT JOIN kept USING (user_year) LEFT JOIN most_months USING (user_year)`,
  decade: {
    reads: [],
    definition: '`by_year` has of each year how many artists were kept, and the artist of most months.',
    column: object({
      by_year: list(
        object({
          year: integer(),
          still: nullable(integer()),
          of: nullable(integer()),
          most_months: nullable(mostMonths),
        }),
      ),
    }),
    query: ({ years }, { length }) => sql`
      SELECT listener, ${struct({
        by_year: listOf(
          struct({
            year: sql`year`,
            still: ident('value', 'kept', 'still'),
            of: ident('value', 'kept', 'of'),
            most_months: sql`value.most_months`,
          }),
          { place: sql`year`, n: length },
        ),
      })} AS value
      FROM ${years}
      GROUP BY listener`,
  },
});
