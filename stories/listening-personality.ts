import {
  AXES_DEFINED,
  AXES_OF_YEARS_DEFINED,
  AXES_READ,
  axesOfYears,
  CUTS_DEFINED,
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

export default defineStory({
  id: 'listening-personality',
  version: 2,
  title: 'Listening personality',
  summary: 'which of sixteen kinds of listener you are, by how you listen and not to what',
  group: 'you',
  source: 'Spotify, 2022: the four axes by name, and the sixteen kinds; the formulas are ours',
  definition: `
    Which of sixteen kinds of listener someone is, by four axes of how and not what one listens to. At or above its cut an axis reads
    Familiarity, Newness, Variety, Common; below it Exploration, Timelessness, Loyalty, Uniqueness. The four letters are the \`code\`.

    ${AXES_DEFINED}

    ${CUTS_DEFINED}

    Users with fewer than ${FEWEST_PLAYS} plays, and those of whom any of the axes is unknown, have no value.`,
  reads: AXES_READ,
  needs: ['release dates'],
  comparesUsers: true,
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
    definition: `${AXES_OF_YEARS_DEFINED} They are cut as the years were: at the median of the decade's, or at the fixed cuts.`,
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
