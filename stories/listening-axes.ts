import {
  AXES_DEFINED,
  AXES_OF_YEARS_DEFINED,
  AXES_READ,
  axesOfYears,
  axesType,
  defineStory,
  FEWEST_PLAYS,
  integer,
  list,
  listeningAxes,
  listOf,
  object,
  shownAxes,
  sql,
  struct,
} from '../src/story/index.ts';

/** For a listener alone, whose listening personality can't be told. */
export default defineStory({
  id: 'listening-axes',
  version: 2,
  title: 'How you listen',
  summary: 'the four axes of the listening personality, as far as each can be known',
  group: 'you',
  source: "ours, after Spotify's listening personality of 2022",
  definition: `
    How someone listens, as far as it can be known: an axis is null where the lake lacks what it takes (release dates, other listeners).

    ${AXES_DEFINED}

    Users with fewer than ${FEWEST_PLAYS} plays have no value.`,
  reads: AXES_READ,
  comparesUsers: true,
  column: object({ axes: axesType, plays: integer() }),
  query: (relations) => sql`
    SELECT
      user_year,
      CASE WHEN plays < ${FEWEST_PLAYS} THEN ${`fewer than ${FEWEST_PLAYS} plays`} END AS absent,
      CASE WHEN plays >= ${FEWEST_PLAYS} THEN ${struct({ axes: shownAxes, plays: sql`plays` })} END AS value
    FROM (${listeningAxes(relations)})`,
  decade: {
    reads: [],
    definition: AXES_OF_YEARS_DEFINED,
    column: object({
      axes: axesType,
      plays: integer(),
      by_year: list(object({ year: integer(), axes: axesType, plays: integer() })),
    }),
    query: ({ years }, { length }) => sql`
      SELECT listener, ${struct({ axes: shownAxes, plays: sql`plays`, by_year: sql`by_year` })} AS value
      FROM (${axesOfYears(years)}) JOIN (
        SELECT listener, ${listOf(
          struct({ year: sql`year`, axes: sql`value.axes`, plays: sql`value.plays` }),
          {
            place: sql`year`,
            n: length,
          },
        )} AS by_year
        FROM ${years} GROUP BY listener
      ) USING (listener)`,
  },
});
