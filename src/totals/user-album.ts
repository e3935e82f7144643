import { ident, type Sql, sql } from '../sql/sql.ts';
import { nameOrder, wholeSum } from '../story/index.ts';
import { dropTables } from './drop-tables.ts';
import { type DerivedInput, type DerivedStep, NUMBERS_PER_YEAR } from './step.ts';

/**
 * Plays by user and album, and the albums. Where the lake goes by ids, a track is of the album whose `album_id` the table of tracks gives it,
 * and its plays by user are added up. Any other play is of the album that its row names, by name and artist: see `albumRow`.
 *
 * An album's `tracks` are those known of it: in the table of tracks, or, of one known by name, in all music listen rows of the year.
 */
export const userAlbum: DerivedStep = {
  reads: ['user', 'user_track', 'track', 'album_row'],
  writes: ['album', 'user_album'],
  async derive(input) {
    const { session, year, read, write, writeByUser } = input;
    await session.run(sql`CREATE OR REPLACE TEMP TABLE catalogued AS ${catalogued(input)}`);
    await write(
      'album',
      sql`
        SELECT
          ${year * NUMBERS_PER_YEAR} + row_number() OVER (ORDER BY ${nameOrder(['name', 'artist_name', 'album_id'])}) AS album,
          ${year} AS year, name, artist_name, album_id, tracks
        FROM (
          ${listedAlbums(input)}
          UNION ALL
          SELECT name, artist_name, NULL AS album_id, count(DISTINCT same_track) AS tracks
          FROM ${read('album_row')}
          GROUP BY name, artist_name
          HAVING sum(plays) > 0
        )
        ORDER BY album`,
    );
    const albums = sql`(SELECT album, album_id, name, artist_name FROM ${read('album')})`;
    await session.run(sql`
      CREATE OR REPLACE TEMP TABLE album_of AS SELECT track, album FROM catalogued JOIN ${albums} USING (album_id)`);
    const summed = sql`
      ${wholeSum(sql`plays`)}::INTEGER AS plays,
      ${wholeSum(sql`ms`)} AS ms,
      ${wholeSum(sql`unknown_lengths`)}::INTEGER AS unknown_lengths,
      count(*)::INTEGER AS tracks`;
    await writeByUser(
      'user_album',
      (of) => sql`
        SELECT * FROM (
          SELECT user_year, album, ${summed}
          FROM ${of('user_track')} JOIN album_of USING (track)
          GROUP BY user_year, album
          UNION ALL
          SELECT user_year, album, ${summed}
          FROM ${of('album_row')} AS heard JOIN (SELECT user_year, user_id FROM ${of('user')}) USING (user_id)
            JOIN ${albums} AS named
              ON album_id IS NULL AND named.name = heard.name AND named.artist_name IS NOT DISTINCT FROM heard.artist_name
          WHERE plays > 0
          GROUP BY user_year, album
        )
        ORDER BY user_year`,
    );
    await dropTables(session, ['catalogued', 'album_of']);
  },
};

/** The tracks played in the year whose album has an id: `track`, `album_id`. */
const catalogued = ({ identity, tracks, read }: DerivedInput): Sql =>
  tracks === undefined || identity !== 'track_id'
    ? sql`SELECT NULL::BIGINT AS track, NULL::VARCHAR AS album_id WHERE false`
    : sql`
        SELECT track, album_id
        FROM ${read('track')} JOIN (SELECT track_id, album_id FROM (${tracks}) WHERE album_id IS NOT NULL) USING (track_id)`;

/**
 * Their albums: `name`, `artist_name`, `album_id`, `tracks`. The name is what most of their tracks say, of equal ones the lowest, and the artist
 * that of more than half of them: a compilation has none.
 */
function listedAlbums({ tracks }: DerivedInput): Sql {
  if (tracks === undefined)
    return sql`SELECT NULL::VARCHAR AS name, NULL::VARCHAR AS artist_name, NULL::VARCHAR AS album_id, 0 AS tracks WHERE false`;
  const listed = sql`(SELECT album_id, album, artist FROM (${tracks}) WHERE album_id IN (SELECT album_id FROM catalogued))`;
  const mostOften = (column: 'album' | 'artist') => sql`
    SELECT album_id, min({often: -often, name: ${ident(column)}}) AS most
    FROM (SELECT album_id, ${ident(column)}, count(*) AS often FROM ${listed} WHERE ${ident(column)} IS NOT NULL GROUP BY ALL)
    GROUP BY album_id`;
  return sql`
    SELECT
      titled.most.name AS name, CASE WHEN 2 * -by_artist.most.often > tracks THEN by_artist.most.name END AS artist_name, album_id, tracks
    FROM (SELECT album_id, count(*) AS tracks FROM ${listed} GROUP BY album_id)
      LEFT JOIN (${mostOften('album')}) AS titled USING (album_id) LEFT JOIN (${mostOften('artist')}) AS by_artist USING (album_id)`;
}
