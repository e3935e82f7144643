import { ident, join, type Sql, sql } from '../sql/sql.ts';
import { monthOf, pick, topRows, wholeSum } from './helpers.ts';
import type { Relations } from './story.ts';

/** A run of months with fewer plays is no phase. */
export const FEWEST_PLAYS_OF_PHASE = 30;

/** So many of the year's top artists may lead a phase. */
export const LEADERS = 10;

/** As many as there may be. */
export const PHASES = [1, 2, 3];

const MONTHS = 12;

/** Months after one up to another. */
type Run = readonly [after: number, upTo: number];

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

const RUNS: readonly Run[] = numbers(0, MONTHS - 1).flatMap((after) =>
  numbers(after + 1, MONTHS).map((upTo) => [after, upTo] as const),
);

/** Every way to cut a year into three runs or fewer, in the order that breaks ties: fewer runs first, then earlier cuts. */
const SPLITS: readonly (readonly Run[])[] = [
  [],
  ...numbers(1, MONTHS - 1).map((cut) => [cut]),
  ...numbers(1, MONTHS - 2).flatMap((first) =>
    numbers(first + 1, MONTHS - 1).map((second) => [first, second]),
  ),
].map((cuts) => [...cuts, MONTHS].map((upTo, index) => [cuts[index - 1] ?? 0, upTo] as const));

/** More than there are splits: plays and a split's place make one number. */
const PLACES = 128;

const upTo = (month: number): Sql => ident(`up_to_${month}`);
const led = ([after, last]: Run): Sql => ident(`led_${after}_${last}`);

/** Aggregates over rows of `month` and `plays`: the plays up to each month. */
const running: Sql = join(
  numbers(0, MONTHS).map(
    (month) => sql`${wholeSum(sql`CASE WHEN month <= ${month} THEN plays ELSE 0 END`)} AS ${upTo(month)}`,
  ),
);

const enough = ([after, last]: Run): Sql =>
  sql`whole.${upTo(last)} - whole.${upTo(after)} >= ${FEWEST_PLAYS_OF_PHASE}`;

/** The plays of a split's leaders and its place as one number, the lower the better; null where a run is too small for a phase. */
const judged = (split: readonly Run[], place: number): Sql =>
  sql`CASE WHEN ${join(split.map(enough), ' AND ')} THEN ${place} - ${PLACES} * (${join(split.map(led), ' + ')}) END`;

/** The last month of a phase of the split at `place`; of one that is not there, December. */
const lastMonth = (phase: number): Sql =>
  sql`${pick(
    SPLITS.map((split) => String(split[phase - 1]?.[1] ?? MONTHS)),
    sql`place + 1`,
  )}::INTEGER`;

/**
 * The plays of each user's artists by phase of the year, and of all artists by month: tables of a `WITH` query.
 *
 * - `phase_month`: `user_year`, `month`, `plays`, `phase` (from 1): the months with a play of a known artist
 * - `phase_artist`: `user_year`, `artist`, and the plays in each phase, `phase_1` to `phase_3`
 *
 * A phase has 30 plays or more, and is led by the one of the year's ten top artists with most plays in it; a year is cut where the leaders have
 * most plays together, into the fewest phases of equal ones, then the earliest. Users of whom no phase has 30 plays are left out.
 */
export const phasesOfYear = ({ user_artist, timeline }: Relations<'user_artist' | 'timeline'>): Sql => {
  const plays = sql`(SELECT user_year, artist, ${monthOf(sql`day`)} AS month FROM ${timeline} WHERE artist IS NOT NULL)`;
  return sql`
  by_month AS (SELECT user_year, month, count(*) AS plays FROM ${plays} GROUP BY user_year, month),
  whole AS (SELECT user_year, ${running} FROM by_month GROUP BY user_year),
  leader AS (
    SELECT user_year, ${running}
    FROM (
      SELECT user_year, artist, month, count(*) AS plays
      FROM ${plays} SEMI JOIN (${topRows({ from: user_artist, key: 'artist', n: LEADERS })}) USING (user_year, artist)
      GROUP BY user_year, artist, month
    )
    GROUP BY user_year, artist
  ),
  leaders AS (
    SELECT user_year, ${join(RUNS.map((run) => sql`max(${upTo(run[1])} - ${upTo(run[0])}) AS ${led(run)}`))}
    FROM leader
    GROUP BY user_year
  ),
  split AS (
    SELECT user_year, (best % ${PLACES} + ${PLACES}) % ${PLACES} AS place
    FROM (SELECT user_year, least(${join(SPLITS.map(judged))}) AS best FROM leaders JOIN whole USING (user_year))
    WHERE best IS NOT NULL
  ),
  cut AS (SELECT user_year, ${lastMonth(1)} AS first, ${lastMonth(2)} AS second FROM split),
  phase_month AS (
    SELECT user_year, month, plays, 1 + (month > first)::INTEGER + (month > second)::INTEGER AS phase
    FROM by_month JOIN cut USING (user_year)
  ),
  phase_artist AS (
    SELECT
      user_year,
      artist,
      count(*) FILTER (month <= first) AS phase_1,
      count(*) FILTER (month > first AND month <= second) AS phase_2,
      count(*) FILTER (month > second) AS phase_3
    FROM ${plays} JOIN cut USING (user_year)
    GROUP BY user_year, artist
  )`;
};

/**
 * Of each phase the `n` things whose plays are most above their share of the year's: their plays × all of the year − theirs of the year × all of
 * the phase, then their plays, then the lower key; none that were not played in it or are below. A row each: `user_year`, `phase`, `place`
 * (from 1), the key, `plays`.
 * @param options.from a table of `user_year`, the key, and `phase_1` to `phase_3`
 */
export const mostAbove = ({ from, key, n }: { from: Sql; key: string; n: number }): Sql => {
  const inAll = sql`(phase_1 + phase_2 + phase_3)`;
  const topOf = (phase: number) => {
    const plays = ident(`phase_${phase}`);
    const above = sql`(${plays} * (all_1 + all_2 + all_3) - ${inAll} * ${ident(`all_${phase}`)})`;
    return sql`min({above: -${above}, plays: -${plays}, key: ${ident(key)}}, ${n}) FILTER (${plays} > 0 AND ${above} >= 0)`;
  };
  return sql`
  SELECT user_year, phase, place, top.key AS ${ident(key)}, -top.plays AS plays
  FROM (
    SELECT user_year, phase, unnest(tops[phase]) AS top, unnest(range(1, len(tops[phase]) + 1)) AS place
    FROM (
      SELECT user_year, [${join(PHASES.map(topOf))}] AS tops
      FROM ${from} JOIN (
        SELECT user_year, ${join(PHASES.map((phase) => sql`${wholeSum(ident(`phase_${phase}`))} AS ${ident(`all_${phase}`)}`))}
        FROM ${from}
        GROUP BY user_year
      ) USING (user_year)
      GROUP BY user_year
    ) CROSS JOIN (VALUES ${join(PHASES.map((phase) => sql`(${phase})`))}) AS phases(phase)
  )`;
};
