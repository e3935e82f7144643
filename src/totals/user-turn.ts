import { sql } from '../sql/sql.ts';
import { IN_ORDER, SESSION_GAP_MS } from '../story/index.ts';
import type { DerivedStep } from './step.ts';

/** What stories that look at one play after the other need of the timeline: it is put in order once, for all of them. */
export const userTurn: DerivedStep = {
  reads: ['timeline'],
  writes: ['user_turn'],
  derive: ({ writeByUser }) =>
    writeByUser(
      'user_turn',
      (read) => sql`
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
            user_year, track, day, started, ended,
            (row_number() OVER plays)::INTEGER AS place,
            lag(track) OVER plays AS track_before,
            lag(day) OVER plays AS day_before,
            max(ended) OVER (plays ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS silent_since,
            lead(started) OVER plays IS NULL AS is_last
          FROM ${read('timeline')}
          WINDOW plays AS ${IN_ORDER}
        )
        WHERE begins OR repeats OR is_last
        ORDER BY user_year`,
    ),
};
