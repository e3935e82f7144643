import {
  AXES_READ,
  defineStory,
  FEWEST_PLAYS,
  FIXED_CUTS,
  ident,
  join,
  jsonText,
  listeningAxes,
  median,
  number,
  object,
  sql,
  struct,
  text,
} from '../src/story/index.ts';

/** With fewer users than this the median of the population says little: the fixed cuts are used. */
const FEWEST_USERS = 1000;

const AXES = ['familiarity', 'newness', 'variety', 'popularity'] as const;

/** At or above the cut, below the cut; in the order of the code. */
const LETTERS = {
  familiarity: ['F', 'E'],
  newness: ['N', 'T'],
  variety: ['V', 'L'],
  popularity: ['C', 'U'],
} as const;

const NAMES = {
  ENVU: 'Adventurer',
  ENVC: 'Early Adopter',
  ENLU: 'Nomad',
  ENLC: 'Voyager',
  ETVU: 'Time Traveler',
  ETVC: 'Musicologist',
  ETLU: 'Maverick',
  ETLC: 'Top Charter',
  FNVU: 'Specialist',
  FNVC: 'Fan Clubber',
  FNLU: 'Devotee',
  FNLC: 'Enthusiast',
  FTVU: 'Deep Diver',
  FTVC: 'Jukeboxer',
  FTLU: 'Replayer',
  FTLC: 'Connoisseur',
};

/**
 * Which of sixteen kinds of listener someone is: Spotify's listening personality of 2022, four axes of how, not what, one listens to.
 * Each axis is cut at the population's median of that year, or, with fewer than 1,000 users who have all four, at a fixed cut;
 * at or above the cut it is Familiarity, Newness, Variety, Common, below it Exploration, Timelessness, Loyalty, Uniqueness.
 * Axes are rounded to four decimals first, so that the code follows from the numbers shown.
 * Definition of the axes: ours, see `listeningAxes`; of the sixteen: Spotify, 2022.
 */
export default defineStory({
  id: 'listening-personality',
  version: 1,
  title: 'Listening personality',
  summary: 'which of sixteen kinds of listener you are, by how you listen and not to what',
  reads: AXES_READ,
  needs: ['release dates'],
  column: object({
    code: text(),
    name: text(),
    axes: object({ familiarity: number(), newness: number(), variety: number(), popularity: number() }),
  }),
  query: (relations) => sql`
    WITH axes AS (${listeningAxes(relations)}),
    known AS (
      SELECT * FROM axes
      WHERE plays >= ${FEWEST_PLAYS} AND ${join(
        AXES.map((axis) => sql`${ident(axis)} IS NOT NULL`),
        ' AND ',
      )}
    ),
    cut AS (
      SELECT year, count(*) AS users, ${join(
        AXES.map(
          (axis) =>
            sql`CASE WHEN count(*) < ${FEWEST_USERS} THEN ${FIXED_CUTS[axis]} ELSE ${median(ident(axis))} END AS ${ident(axis)}`,
        ),
      )}
      FROM known GROUP BY year
    ),
    told AS (
      SELECT user_year, ${join(
        AXES.map(
          (axis) =>
            sql`CASE WHEN ${ident('known', axis)} >= ${ident('cut', axis)} THEN ${LETTERS[axis][0]} ELSE ${LETTERS[axis][1]} END`,
        ),
        ' || ',
      )} AS code
      FROM known JOIN cut USING (year)
    ),
    names(code, name) AS (VALUES ${join(Object.entries(NAMES).map(([code, name]) => sql`(${code}, ${name})`))})
    SELECT
      user_year,
      CASE WHEN code IS NOT NULL THEN ${struct({
        code: sql`code`,
        name: sql`name`,
        axes: struct(Object.fromEntries(AXES.map((axis) => [axis, ident('axes', axis)]))),
      })} END AS value,
      CASE
        WHEN axes.plays < ${FEWEST_PLAYS} THEN ${`fewer than ${FEWEST_PLAYS} plays`}
        WHEN axes.newness IS NULL THEN 'no play of a track with a release date'
        WHEN axes.popularity IS NULL THEN 'popularity takes more than one listener and more than one artist'
        WHEN code IS NULL THEN 'no play with a known artist and track'
      END AS absent,
      CASE WHEN users IS NOT NULL THEN ${jsonText(
        struct({
          cuts: sql`CASE WHEN users < ${FEWEST_USERS} THEN 'fixed' ELSE 'population' END`,
          users: sql`users`,
          ...Object.fromEntries(AXES.map((axis) => [axis, ident('cut', axis)])),
        }),
      )} END AS note
    FROM axes LEFT JOIN told USING (user_year) LEFT JOIN names USING (code) LEFT JOIN cut USING (year)`,
});
