import { type Sql, sql } from '../sql/sql.ts';
import { firstEver } from './first-ever.ts';
import { isNewYear, ratio, topRows, wholeSum } from './helpers.ts';
import type { PastRelations, Relations } from './story.ts';

/** What a day may be remarkable for, the first of several. */
export const REMARKABLE = [
  'most-minutes',
  'new-artists',
  'top-artist',
  'top-genre',
  'nostalgic',
  'unlike',
  'new-year',
];

/** A day of fewer plays is neither nostalgic nor unlike its listener. */
export const FEWEST_PLAYS_OF_DAY = 10;

/** Aggregates over a user's days: the day of each of {@link REMARKABLE}, null where there is none. */
const picks = sql`[
  arg_min(day, {ms: -ms, plays: -plays, day: day}),
  arg_min(day, {artists: -new_artists, day: day}) FILTER (new_artists > 0),
  arg_min(day, {plays: -of_artist, day: day}) FILTER (of_artist > 0),
  arg_min(day, {plays: -of_genre, day: day}) FILTER (of_genre > 0),
  arg_min(day, {year: release_year, day: day}) FILTER (release_year IS NOT NULL),
  arg_min(day, {share: -share, day: day}) FILTER (share > 0),
  min(day) FILTER (plays > 0 AND ${isNewYear(sql`day`)})
]`;

/** The totals that {@link remarkableDays} reads. */
export const DAYS_READ = [
  'user',
  'user_hour',
  'user_artist',
  'user_artist_days',
  'timeline',
  'track',
  'artist',
  'artist_genre',
  'user_genre',
] as const;

/**
 * What there is to count of each of a user's days, and the days that stand out: tables of a `WITH` query.
 *
 * - `favourite`: `user_year`, `top_artist`, `top_genre`: the numbers of the year's top ones
 * - `days`: `user_year`, `day`; `ms`, `timed` (whether any length is known) and `plays`; of plays those of the top artist (`of_artist`), of the top genre
 *   (`of_genre`), of known artists (`known`), of artists played on no other day of the year (`alone`, and their `share` of known ones), with a release
 *   year (`dated`, and their mean `release_year`); and how many artists were played for the first time ever (`new_artists`). Null may stand for 0.
 * - `picked`: `user_year`, `day`, `place`: the first of {@link REMARKABLE}, from 1, that the day is
 */
export const remarkableDays = (
  totals: Relations<(typeof DAYS_READ)[number]>,
  past: PastRelations<'user' | 'user_artist' | 'artist'>,
): Sql => {
  const { user_hour, user_artist, user_artist_days, timeline, track, artist_genre, user_genre } = totals;
  return sql`
  favourite AS (
    SELECT user_year, artist AS top_artist, genre AS top_genre
    FROM (${topRows({ from: user_artist, key: 'artist', n: 1 })}) AS of_artists
      LEFT JOIN (${topRows({ from: user_genre, key: 'genre', n: 1 })}) AS of_genres USING (user_year)
  ),
  heard AS (
    SELECT
      user_year,
      day,
      count(*) FILTER (listed.artist = top_artist) AS of_artist,
      count(in_genre.genre) AS of_genre,
      count(release_year) AS dated,
      sum(release_year)::BIGINT AS years,
      count(listed.artist) AS known
    FROM ${timeline}
      JOIN (SELECT track, artist, release_year FROM ${track}) AS listed USING (track)
      LEFT JOIN favourite USING (user_year)
      LEFT JOIN ${artist_genre} AS in_genre ON in_genre.artist = listed.artist AND in_genre.genre = top_genre
    GROUP BY user_year, day
  ),
  lone AS (
    SELECT user_year, first_day AS day, ${wholeSum(sql`plays`)} AS alone
    FROM ${user_artist_days} AS heard_on JOIN ${user_artist} AS heard USING (user_year, artist)
    WHERE first_day = last_day
    GROUP BY user_year, first_day
  ),
  discovered AS (SELECT user_year, day, count(*) AS new_artists FROM (${firstEver(totals, past)}) GROUP BY user_year, day),
  spent AS (
    SELECT
      user_year, day, ${wholeSum(sql`ms`)} AS ms, ${wholeSum(sql`plays`)} AS plays, sum(unknown_lengths) < sum(listens) AS timed
    FROM ${user_hour}
    GROUP BY user_year, day
  ),
  days AS (
    SELECT
      *,
      CASE WHEN dated >= ${FEWEST_PLAYS_OF_DAY} THEN ${ratio(sql`years`, sql`dated`)} END AS release_year,
      CASE WHEN known >= ${FEWEST_PLAYS_OF_DAY} THEN ${ratio(sql`alone`, sql`known`)} END AS share
    FROM spent
      LEFT JOIN heard USING (user_year, day) LEFT JOIN lone USING (user_year, day) LEFT JOIN discovered USING (user_year, day)
  ),
  picked AS (
    SELECT user_year, day, min(place) AS place
    FROM (
      SELECT user_year, unnest(picks) AS day, unnest(range(1, ${REMARKABLE.length + 1})) AS place
      FROM (SELECT user_year, ${picks} AS picks FROM days GROUP BY user_year)
    )
    WHERE day IS NOT NULL
    GROUP BY user_year, day
  )`;
};
