import {
  defineStory,
  FEWEST_PLAYS,
  integer,
  list,
  listOf,
  number,
  object,
  ratio,
  sql,
  struct,
} from '../src/story/index.ts';

/** So many release years make a span. */
const SPAN = 5;

/** How old one is when the music of one's life comes out: in the first year of a span. */
const FORMATIVE = 16;

const inSpan = sql`RANGE BETWEEN CURRENT ROW AND ${SPAN - 1} FOLLOWING`;

export default defineStory({
  id: 'listening-age',
  version: 1,
  title: 'Listening age',
  summary: 'how old your music makes you: the five years of music that you play more than everyone',
  group: 'you',
  source: 'Spotify, 2025; the formula is ours',
  definition: `
    The ${SPAN} years of release that a user plays most above what everyone does, and the age of someone who was ${FORMATIVE} to ${FORMATIVE + SPAN} when that music
    came out: the year − the first of the ${SPAN} years + ${FORMATIVE}.

    Of each span of ${SPAN} release years that begins with one the user played, and not after the year itself, \`share\` is the span's share of
    the user's plays of tracks with a known release year, \`share_of_all\` its share of those of all users of the year, this one included.
    The span is the one in which the first is most above the second; of equal ones the latest. Shares have four decimals; they are compared
    exactly. \`plays\` are the user's plays with a known release year.

    Users with fewer than ${FEWEST_PLAYS} such plays have no value, and neither have those who are alone in having any, or who play no span more than
    everyone.`,
  reads: ['user', 'user_release'],
  needs: ['release dates'],
  comparesUsers: true,
  column: object({
    age: integer(),
    from: integer(),
    to: integer(),
    share: number(),
    share_of_all: number(),
    plays: integer(),
  }),
  query: ({ user, user_release }) => sql`
    WITH played AS (SELECT user_year, year, release_year, plays FROM ${user_release} JOIN (SELECT user_year, year FROM ${user}) USING (user_year)),
    listener AS (SELECT user_year, year, sum(plays)::BIGINT AS dated FROM played GROUP BY user_year, year),
    everyone AS (SELECT year, count(*) AS listeners, sum(dated)::BIGINT AS dated_of_all FROM listener GROUP BY year),
    span AS (
      SELECT user_year, year, release_year AS first, sum(plays) OVER (PARTITION BY user_year ORDER BY release_year ${inSpan}) AS own
      FROM played
    ),
    span_of_all AS (
      SELECT year, release_year AS first, sum(plays) OVER (PARTITION BY year ORDER BY release_year ${inSpan}) AS of_all
      FROM (SELECT year, release_year, sum(plays) AS plays FROM played GROUP BY year, release_year)
    ),
    best AS (
      SELECT user_year, min(${struct({
        below: sql`(of_all * dated - own * dated_of_all)::HUGEINT`,
        latest: sql`-first`,
        own: sql`own`,
        of_all: sql`of_all`,
      })}) AS best
      FROM span JOIN span_of_all USING (year, first) JOIN listener USING (user_year, year) JOIN everyone USING (year)
      WHERE first <= year
      GROUP BY user_year
    )
    SELECT
      user_year,
      absent,
      CASE WHEN absent IS NULL THEN ${struct({
        age: sql`year - first + ${FORMATIVE}`,
        from: sql`first`,
        to: sql`first + ${SPAN - 1}`,
        share: ratio(sql`best.own`, sql`dated`),
        share_of_all: ratio(sql`best.of_all`, sql`dated_of_all`),
        plays: sql`dated`,
      })} END AS value
    FROM (
      SELECT *, -best.latest AS first, CASE
        WHEN dated < ${FEWEST_PLAYS} THEN ${`fewer than ${FEWEST_PLAYS} plays of tracks with a release date`}
        WHEN listeners = 1 THEN 'nobody else played a track with a release date'
        WHEN best IS NULL OR best.below >= 0 THEN ${`no ${SPAN} years of music played more than everyone does`}
      END AS absent
      FROM listener JOIN everyone USING (year) LEFT JOIN best USING (user_year)
    )`,
  decade: {
    reads: [],
    definition:
      'An age is of its year, in which its listener was a year older than in the one before: `by_year` has that of each.',
    column: object({
      by_year: list(object({ year: integer(), age: integer(), from: integer(), to: integer() })),
    }),
    query: ({ years }, { length }) => sql`
      SELECT listener, ${struct({
        by_year: listOf(
          struct({ year: sql`year`, age: sql`value.age`, from: sql`value."from"`, to: sql`value."to"` }),
          { place: sql`year`, n: length },
        ),
      })} AS value
      FROM ${years}
      GROUP BY listener`,
  },
});
