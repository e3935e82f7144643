import { ident, type Sql, sql } from '../sql/sql.ts';
import { sameIn } from './identity.ts';
import { withRowsOfParts } from './merge.ts';
import type { PlaysInput, PlaysStep } from './step.ts';

/**
 * What there is to know of skipped rows beside plays by user and track: see `skip_row` of `COLUMNS`. They are not grouped: of 2.0 M of them
 * that took longer than writing them as they are, and grouping by artist reads either as quickly.
 */
export const skipRow: PlaysStep = {
  reads: ['user', 'variant'],
  writes: ['skip_row'],
  async build(input) {
    const { read, write } = input;
    const unlessPlayed = (column: string) =>
      sql`CASE WHEN played.track IS NULL THEN rows.${ident(column)} END`;
    await write(
      'skip_row',
      sql`
        SELECT
          user_year,
          played.track AS track,
          is_short,
          skipped AND NOT is_private AS is_marked,
          is_private,
          ms_played IS NULL AS is_lengthless,
          ${unlessPlayed('track_id')} AS track_id,
          ${unlessPlayed('track')} AS title,
          ${unlessPlayed('artist')} AS artist,
          ${unlessPlayed('artist_id')} AS artist_id
        FROM (SELECT *, ${sameTrack(input)} AS same_track FROM (${rowsOf(input)})) AS rows
          JOIN (SELECT user_id, user_year FROM ${read('user')}) USING (user_id)
          LEFT JOIN ${tracksIn(read('variant'))} AS played USING (same_track)
        ORDER BY user_year`,
    );
  },
  async merge(input) {
    await withRowsOfParts(input, tracksIn(input.read('variant')), (rowsOfParts) =>
      input.writeByUser(
        'skip_row',
        (_, bucket) => sql`SELECT * FROM (${rowsOfParts('skip_row', bucket, ['track'])}) ORDER BY user_year`,
      ),
    );
  },
};

/** The tracks of a year that were played: `same_track`, `track`. */
const tracksIn = (variant: Sql): Sql =>
  sql`(SELECT DISTINCT same_track, track FROM ${variant} WHERE track IS NOT NULL)`;

const rowsOf = ({ music }: PlaysInput): Sql => sql`
  SELECT user_id, ms_played, track_id, track, artist, artist_id, is_short, coalesce(skipped, false) AS skipped, NOT is_play AND NOT is_short AS is_private
  FROM (${music})
  WHERE is_short OR is_play AND skipped OR ms_played IS NULL AND (NOT is_play OR skipped IS NOT NULL)`;

/** By what a row says itself; null where the table of tracks may have more to say of it. */
function sameTrack({ identity, tracks }: PlaysInput): Sql {
  const same = sameIn(identity)('track_id', ['artist', 'track']);
  return identity === 'track_id' || tracks === undefined
    ? same
    : sql`CASE WHEN track_id IS NULL OR (artist IS NOT NULL AND track IS NOT NULL) THEN ${same} END`;
}
