import { ident, join, sql } from '../sql/sql.ts';
import { versionKey } from './names.ts';
import type { TotalsStep } from './step.ts';

/** The one shuffle: plays by user and track, sorted by both, so that what reads them meets each user's rows together. */
export const userTrack: TotalsStep = {
  reads: ['user', 'track_version'],
  writes: ['user_track'],
  build({ has, music, read, write }) {
    const key = versionKey(has);
    const same = key.length === 1 ? sql`=` : sql`IS NOT DISTINCT FROM`;
    return write(
      'user_track',
      sql`
        SELECT
          user_year,
          version.number AS track,
          count(*)::INTEGER AS plays,
          coalesce(sum(ms_played), 0)::BIGINT AS ms,
          (count(*) - count(ms_played))::INTEGER AS unknown_lengths
        FROM (${music}) AS music
        JOIN ${read('user')} AS listener ON listener.user_id = music.user_id
        JOIN ${read('track_version')} AS version
          ON ${join(
            key.map((column) => sql`version.${ident(column)} ${same} music.${ident(column)}`),
            ' AND ',
          )}
        WHERE is_play
        GROUP BY user_year, version.number
        ORDER BY user_year, version.number`,
    );
  },
};
