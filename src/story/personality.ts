import { ident, join, type Sql, sql } from '../sql/sql.ts';
import { withCommas } from '../with-commas.ts';
import { AXES, FEWEST_PLAYS, FIXED_CUTS, shownAxes } from './axes.ts';
import { jsonText, median, struct } from './helpers.ts';
import { number, object, text } from './types.ts';

/** With fewer users than this the median of the population says little: the fixed cuts are used. */
const FEWEST_USERS = 1000;

/** Where axes are cut, as a part of a story's definition. */
export const CUTS_DEFINED = `Each axis is cut at the median of that year's users who have all four, or, with fewer than
  ${withCommas(FEWEST_USERS)} of them, at a fixed cut (${Object.entries(FIXED_CUTS)
    .map(([axis, cut]) => `${axis} ${cut}`)
    .join(
      ', ',
    )}); the ledger's note says which. It is cut as rounded, so that the code follows from the numbers shown.`;

/** Where axes are cut in two: at fixed values, or at the median of the users. */
export type Cuts = 'fixed' | 'population';

/** At or above the cut, below the cut; in the order of the code. */
const LETTERS = {
  familiarity: ['F', 'E'],
  newness: ['N', 'T'],
  variety: ['V', 'L'],
  popularity: ['C', 'U'],
} as const;

/** Spotify's, of 2022. */
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

/** A code, its name, and the axes that it follows from. */
export const personalityFields = {
  code: text(),
  name: text(),
  axes: object({ familiarity: number(), newness: number(), variety: number(), popularity: number() }),
};

/**
 * A code for each row of enough `plays` whose four axes are known: each axis cut at the median of all such rows of one `among`, or at a
 * fixed cut: as `cuts` says, else at a fixed one where they are fewer than 1,000. Axes have four decimals, so that the code follows from the numbers shown.
 *
 * All of `axes`, and `code`, `name` (null where an axis is not known), `shown_axes`, and `note`, JSON text of the cuts.
 */
export const withPersonality = (axes: Sql, among: string, cuts?: Cuts): Sql => sql`
  WITH axes AS (${axes}),
  known AS (
    SELECT * FROM axes
    WHERE plays >= ${FEWEST_PLAYS} AND ${join(
      AXES.map((axis) => sql`${ident(axis)} IS NOT NULL`),
      ' AND ',
    )}
  ),
  cut AS (
    SELECT ${ident(among)}, count(*) AS users, ${join(
      AXES.map(
        (axis) =>
          sql`CASE WHEN ${isFixed(cuts, sql`count(*)`)} THEN ${FIXED_CUTS[axis]} ELSE ${median(ident(axis))} END AS ${ident(`${axis}_cut`)}`,
      ),
    )}
    FROM known GROUP BY ${ident(among)}
  ),
  names(code, name) AS (VALUES ${join(Object.entries(NAMES).map(([code, name]) => sql`(${code}, ${name})`))}),
  coded AS (
    SELECT *, CASE WHEN plays >= ${FEWEST_PLAYS} THEN ${join(
      AXES.map(
        (axis) =>
          sql`CASE WHEN ${ident(axis)} >= ${ident(`${axis}_cut`)} THEN ${LETTERS[axis][0]} WHEN ${ident(axis)} IS NOT NULL THEN ${LETTERS[axis][1]} END`,
      ),
      ' || ',
    )} END AS code
    FROM axes LEFT JOIN cut USING (${ident(among)})
  )
  SELECT
    *,
    ${shownAxes} AS shown_axes,
    CASE WHEN users IS NOT NULL THEN ${jsonText(
      struct({
        cuts: sql`CASE WHEN ${isFixed(cuts, sql`users`)} THEN 'fixed' ELSE 'population' END`,
        users: sql`users`,
        ...Object.fromEntries(AXES.map((axis) => [axis, ident(`${axis}_cut`)])),
      }),
    )} END AS note
  FROM coded LEFT JOIN names USING (code)`;

const isFixed = (cuts: Cuts | undefined, users: Sql): Sql =>
  cuts === undefined ? sql`${users} < ${FEWEST_USERS}` : sql`${cuts === 'fixed'}`;
