import {
  AXES_READ,
  axesOfYears,
  defineStory,
  FEWEST_PLAYS,
  integer,
  list,
  listeningAxes,
  listOf,
  object,
  personalityFields,
  sql,
  struct,
  text,
  withPersonality,
} from '../src/story/index.ts';

/**
 * Which of sixteen kinds of listener someone is: Spotify's listening personality of 2022, four axes of how, not what, one listens to.
 * Each axis is cut at the population's median of that year, or, with fewer than 1,000 users who have all four, at a fixed cut;
 * at or above the cut it is Familiarity, Newness, Variety, Common, below it Exploration, Timelessness, Loyalty, Uniqueness.
 * A decade's axes are the means of its years', weighted by plays, cut as the years were: at their own median, or at the fixed cuts.
 * Axes are rounded to four decimals first, so that the code follows from the numbers shown.
 * Definition of the axes: ours, see `listeningAxes`; of the sixteen: Spotify, 2022.
 */
export default defineStory({
  id: 'listening-personality',
  version: 2,
  title: 'Listening personality',
  summary: 'which of sixteen kinds of listener you are, by how you listen and not to what',
  reads: AXES_READ,
  needs: ['release dates'],
  column: object({ ...personalityFields, plays: integer() }),
  query: (relations) => sql`
    SELECT
      user_year,
      CASE WHEN code IS NOT NULL THEN ${struct({
        code: sql`code`,
        name: sql`name`,
        axes: sql`shown_axes`,
        plays: sql`plays`,
      })} END AS value,
      CASE
        WHEN plays < ${FEWEST_PLAYS} THEN ${`fewer than ${FEWEST_PLAYS} plays`}
        WHEN newness IS NULL THEN 'no play of a track with a release date'
        WHEN popularity IS NULL THEN 'popularity takes more than one listener and more than one artist'
        WHEN code IS NULL THEN 'no play with a known artist and track'
      END AS absent,
      note
    FROM (${withPersonality(listeningAxes(relations), 'year')})`,
  decade: {
    reads: [],
    column: object({
      ...personalityFields,
      plays: integer(),
      by_year: list(object({ year: integer(), code: text(), name: text() })),
    }),
    query: ({ years }, { length, cuts }) => sql`
      SELECT listener, note, ${struct({
        code: sql`code`,
        name: sql`name`,
        axes: sql`shown_axes`,
        plays: sql`plays`,
        by_year: sql`by_year`,
      })} AS value
      FROM (${withPersonality(sql`SELECT *, true AS everyone FROM (${axesOfYears(years)})`, 'everyone', cuts)}) JOIN (
        SELECT listener, ${listOf(struct({ year: sql`year`, code: sql`value.code`, name: sql`value.name` }), {
          place: sql`year`,
          n: length,
        })} AS by_year
        FROM ${years} GROUP BY listener
      ) USING (listener)`,
  },
});
