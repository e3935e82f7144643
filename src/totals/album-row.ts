import { ident, join, type Sql, sql } from '../sql/sql.ts';
import { wholeSum } from '../story/index.ts';
import { sameIn } from './identity.ts';
import type { PlaysInput, PlaysStep } from './step.ts';

/**
 * What music listen rows say themselves of albums, by user, track and album: `user_id`, `same_track`, `name`, `artist_name`, `plays` (0 where
 * none of the rows counts as one), `ms` and `unknown_lengths` of these. Only rows of which the table of tracks gives no `album_id`, where
 * the lake goes by ids: of the others the plays by track tell enough.
 */
export const albumRow: PlaysStep = {
  reads: [],
  writes: ['album_row'],
  build: async (input) => input.write('album_row', summed(sameTrack(input, await rowsOf(input)))),
  merge: ({ parts, write }) =>
    write(
      'album_row',
      summed(
        join(
          parts.map((part) => sql`SELECT * FROM ${part.read('album_row')}`),
          ' UNION ALL ',
        ),
      ),
    ),
};

const summed = (rows: Sql): Sql => sql`
  SELECT
    user_id, same_track, name, artist_name,
    ${wholeSum(sql`plays`)} AS plays, ${wholeSum(sql`ms`)} AS ms, ${wholeSum(sql`unknown_lengths`)} AS unknown_lengths
  FROM (${rows})
  GROUP BY user_id, same_track, name, artist_name
  ORDER BY user_id, same_track, name, artist_name`;

const sameTrack = ({ identity }: PlaysInput, rows: Sql): Sql => sql`
  SELECT * FROM (
    SELECT *, ${sameIn(identity)('track_id', ['artist', 'track'])} AS same_track, artist AS artist_name FROM (${rows})
  )
  WHERE same_track IS NOT NULL`;

/** Grouped by what rows say of the track and the album; what they leave out the table of tracks adds. */
async function rowsOf(input: PlaysInput): Promise<Sql> {
  const { identity, tracks, music } = input;
  const known = (column: string) =>
    tracks === undefined
      ? ident('rows', column)
      : sql`coalesce(${ident('rows', column)}, ${ident('known', column)})`;
  const isListed =
    tracks === undefined || identity !== 'track_id' ? sql`false` : sql`known.album_id IS NOT NULL`;
  const rows = (await mayBeThere(input)) ? music : sql`SELECT * FROM (${music}) WHERE false`;
  return sql`
    SELECT
      rows.user_id,
      rows.track_id,
      ${known('track')} AS track,
      ${known('artist')} AS artist,
      ${known('album')} AS name,
      count(*) FILTER (rows.is_play) AS plays,
      ${wholeSum(sql`CASE WHEN rows.is_play THEN coalesce(rows.ms_played, 0) ELSE 0 END`)} AS ms,
      count(*) FILTER (rows.is_play AND rows.ms_played IS NULL) AS unknown_lengths
    FROM (${rows}) AS rows ${tracks === undefined ? sql`` : sql`LEFT JOIN (${tracks}) AS known USING (track_id)`}
    WHERE ${known('album')} IS NOT NULL AND NOT ${isListed}
    GROUP BY ALL`;
}

/** False where neither plays nor tracks name an album beside those with ids: the plays need not be read then. */
async function mayBeThere({ session, identity, has, tracks }: PlaysInput): Promise<boolean> {
  if (has.has('album')) return true;
  if (tracks === undefined) return false;
  const isListed = identity === 'track_id' ? sql`album_id IS NOT NULL` : sql`false`;
  const named = await session.rows(
    sql`SELECT 1 FROM (${tracks}) WHERE album IS NOT NULL AND NOT ${isListed} LIMIT 1`,
  );
  return named.length > 0;
}
