import { type Sql, sql } from '../sql/sql.ts';
import { SESSION_GAP_MS } from '../story/index.ts';
import type { DerivedStep } from './step.ts';

/** Times of a user before those of the next: no end of a play comes near, in milliseconds before or after 1970. */
const USER = sql`user_year::HUGEINT * ${2n ** 63n}`;

/** The rows up to this one. */
const SO_FAR = sql`OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;

/**
 * What stories that look at one play after the other need of the timeline. It is sorted, so that a row is compared to the one before and nothing
 * is put in order again: windows over all rows, which DuckDB answers as it reads them, in a third of the time that windows of each user took.
 */
export const userTurn: DerivedStep = {
  reads: ['timeline'],
  writes: ['user_turn'],
  derive: ({ writeByUser }) => writeByUser('user_turn', (read) => turns(read('timeline'))),
};

const turns = (timeline: Sql): Sql => sql`
  SELECT
    user_year,
    place,
    track,
    day,
    started,
    ended,
    silent_since,
    coalesce(started - silent_since > ${SESSION_GAP_MS}, true) AS begins,
    coalesce(track = track_before, false) AS repeats,
    CASE WHEN track = track_before THEN day_before END AS day_before,
    is_last
  FROM (
    SELECT
      *,
      CASE WHEN goes_on THEN (lag(latest) OVER () - ${USER})::BIGINT END AS silent_since,
      CASE WHEN goes_on THEN lag(track) OVER () END AS track_before,
      lag(day) OVER () AS day_before,
      CASE
        WHEN lag(user_year) OVER () > user_year OR goes_on AND lag(started) OVER () > started THEN error('the timeline is not in order')
      END AS disorder
    FROM (
      SELECT
        user_year, track, day, started, ended,
        row_number() OVER () AS place,
        coalesce(lag(user_year) OVER () = user_year, false) AS goes_on,
        coalesce(lead(user_year) OVER () <> user_year, true) AS is_last,
        max(${USER} + ended) ${SO_FAR} AS latest
      FROM ${timeline}
    )
  )
  WHERE disorder IS NULL AND (begins OR repeats OR is_last)`;
