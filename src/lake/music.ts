import { type Sql, sql } from '../sql/sql.ts';
import type { YearSource } from './local-years.ts';

/** A play has this length at least, or an unknown one. */
const SHORTEST_PLAY_MS = 30_000;

/**
 * A year's music listen rows: those of kind `track`, however short. `user_id`, `ms_played`, `track_id`, `track`, `artist`, `artist_id`, and
 * `is_play`: whether the row counts as a play, being long enough (or of unknown length: a scrobble) and in no private session.
 */
export function musicOf({ plays, longest }: Pick<YearSource, 'plays' | 'longest'>): Sql {
  // A sum of 32-bit integers takes three quarters of the time; the files' metadata tell whether that is safe.
  const length = longest !== null && longest < 2 ** 31 ? sql`ms_played::INTEGER` : sql`ms_played`;
  return sql`
    SELECT
      user_id, ${length} AS ms_played, track_id, track, artist, artist_id,
      (ms_played IS NULL OR ms_played >= ${SHORTEST_PLAY_MS}) AND NOT coalesce(private, false) AS is_play
    FROM (${plays})
    WHERE coalesce(kind, 'track') = 'track'`;
}
