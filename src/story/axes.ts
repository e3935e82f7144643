import { ident, join, type Sql, sql } from '../sql/sql.ts';
import { ratio, struct, wholeSum } from './helpers.ts';
import type { Relations } from './story.ts';
import { nullable, number, object } from './types.ts';

/** Under this many plays in a year nothing is said of how someone listens. */
export const FEWEST_PLAYS = 30;

/** A track released this many years ago, or more, is not new at all. */
const NEW_FOR_YEARS = 3;

/**
 * Where the axes are cut while there are too few users for a population's median. Chosen once, rounded: familiarity and variety after the
 * median of 19 listener-years of four real histories (0.0140, 0.9993), which have neither release dates nor a population; newness
 * and popularity after the median of 91,703 generated listeners (0.2172, 0.8862).
 */
export const FIXED_CUTS = { familiarity: 0.015, newness: 0.2, variety: 0.999, popularity: 0.9 } as const;

/** The totals that {@link listeningAxes} reads. */
export const AXES_READ = ['user', 'user_artist', 'user_track', 'artist', 'track'] as const;

/** In the order of a personality's code. */
export const AXES = ['familiarity', 'newness', 'variety', 'popularity'] as const;

/** The four axes, each from 0 to 1 with four decimals, null where it is not known. */
export const axesType = object({
  familiarity: nullable(number()),
  newness: nullable(number()),
  variety: nullable(number()),
  popularity: nullable(number()),
});

/** What {@link listeningAxes} are, as a part of a story's definition. */
export const AXES_DEFINED = `
  Each axis is from 0 to 1, to four decimals. N is a user's plays of the year, n those of one artist or track.

  \`familiarity\`: Σ n(n−1) / (N(N−1)) over artists, the chance that two plays are of the same artist. N are the plays with a known artist.

  \`newness\`: the mean, over plays of tracks with a known release year, of 1 − (year − release year) / ${NEW_FOR_YEARS}, not below 0 nor above 1.

  \`variety\`: 1 − Σ n(n−1) / (N(N−1)) over tracks, the chance that two plays are of different tracks. N are the plays with a known track.

  \`popularity\`: the mean, over plays with a known artist, of the number of artists with fewer listeners that year ÷ (artists − 1); unknown
  where the year has one listener or one artist.`;

/** How years' axes reduce, as a part of a story's definition. */
export const AXES_OF_YEARS_DEFINED = `A decade's axes are the means of its years', weighted by plays; a year that lacks an axis has no part in it.`;

/**
 * How a user listens, on four axes; see {@link AXES_DEFINED}. A row per user with a play: `user_year`, `year`, `plays`, `familiarity`,
 * `newness`, `variety`, `popularity`. Each is a quotient of integer sums, so that it is the same on every run.
 */
export const listeningAxes = ({
  user,
  user_artist,
  user_track,
  artist,
  track,
}: Relations<(typeof AXES_READ)[number]>): Sql => sql`
  WITH standing AS (
    SELECT artist, rank() OVER (PARTITION BY year ORDER BY listeners) - 1 AS fewer, count(*) OVER (PARTITION BY year) AS artists
    FROM ${artist}
  ),
  by_artist AS (
    SELECT user_year, sum(plays)::HUGEINT AS n, sum(plays * (plays - 1)) AS pairs, sum(plays * fewer) AS fewer, max(artists) AS artists
    FROM ${user_artist} JOIN standing USING (artist)
    GROUP BY user_year
  ),
  population AS (SELECT year, count(*) AS listeners FROM ${user} SEMI JOIN by_artist USING (user_year) GROUP BY year),
  by_track AS (
    SELECT
      user_year,
      sum(plays)::HUGEINT AS n,
      sum(plays * (plays - 1)) AS pairs,
      sum(plays) FILTER (release_year IS NOT NULL) AS dated,
      sum(plays * greatest(0, least(${NEW_FOR_YEARS}, ${NEW_FOR_YEARS} - (year - release_year)))) FILTER (release_year IS NOT NULL) AS newness
    FROM ${user_track} JOIN ${track} USING (track)
    GROUP BY user_year
  )
  SELECT
    user_year,
    year,
    plays,
    ${ratio(sql`by_artist.pairs`, sql`by_artist.n * (by_artist.n - 1)`)} AS familiarity,
    ${ratio(sql`newness`, sql`${NEW_FOR_YEARS} * dated`)} AS newness,
    ${ratio(sql`by_track.n * (by_track.n - 1) - by_track.pairs`, sql`by_track.n * (by_track.n - 1)`)} AS variety,
    CASE WHEN listeners > 1 THEN ${ratio(sql`fewer`, sql`by_artist.n * (artists - 1)`)} END AS popularity
  FROM ${user} LEFT JOIN population USING (year) LEFT JOIN by_artist USING (user_year) LEFT JOIN by_track USING (user_year)
  WHERE plays > 0`;

/** The axes of a row that has them, as {@link axesType}. */
export const shownAxes: Sql = struct(Object.fromEntries(AXES.map((axis) => [axis, ident(axis)])));

/** The axes that make up a value's, in ten thousandths: they have four decimals. */
const inWhole = (axis: string): Sql => sql`round(${ident('value', 'axes', axis)} * 10000)::BIGINT`;

/**
 * The axes of several years together: the means of the years' values, weighted by plays; of years that lack an axis nothing. From
 * `years` with values of `axes` and `plays`. A row per listener: `listener`, `plays`, and the four.
 */
export const axesOfYears = (years: Sql): Sql => sql`
  SELECT listener, ${wholeSum(sql`value.plays`)} AS plays, ${join(
    AXES.map(
      (axis) =>
        sql`${ratio(
          wholeSum(sql`${inWhole(axis)} * value.plays`),
          sql`10000 * ${wholeSum(sql`CASE WHEN ${ident('value', 'axes', axis)} IS NOT NULL THEN value.plays END`)}`,
        )} AS ${ident(axis)}`,
    ),
  )}
  FROM ${years}
  GROUP BY listener`;
