import type { PlaysColumnName } from '../lake/listen-row.ts';
import { ident, join, type Sql, sql } from '../sql/sql.ts';
import { jsonText } from '../story/index.ts';
import { isUnique, NUMBERS_PER_YEAR, type TotalsStep } from './step.ts';

/** The columns of plays that may name a track. */
const NAMING = ['track_id', 'track', 'artist', 'artist_id'] as const satisfies readonly PlaysColumnName[];

/** The columns by which a play finds its version of a track: those that the plays have. */
export const versionKey = (has: ReadonlySet<PlaysColumnName>) => NAMING.filter((column) => has.has(column));

const columns = (names: readonly string[]): Sql => join(names.map((name) => ident(name)));

/** The order of names and ids: binary, a missing one like an empty one, and before it. */
const nameOrder = (names: readonly string[]): Sql =>
  join([
    ...names.map((name) => sql`coalesce(${ident(name)}, '')`),
    ...names.map((name) => sql`${ident(name)} NULLS FIRST`),
  ]);

/**
 * The tracks and artists of a year, numbered in name order.
 *
 * A track may come in versions: one id under two titles, or (in a lake of imports) one artist and title under two ids. What is
 * shown of it is the version most played in the year, one with an id before any without, ties to the lowest names; likewise of
 * an artist. A track's artist is its shown version's.
 */
export const names: TotalsStep = {
  reads: [],
  writes: ['track_version', 'track', 'artist_name'],
  async build({ session, year, identity, has, music, tracks, write }) {
    const key = versionKey(has);
    const byId = identity === 'track_id';
    const number = sql`${year * NUMBERS_PER_YEAR} + row_number()`;
    const played = (column: PlaysColumnName) =>
      has.has(column) ? sql`played.${ident(column)}` : sql`NULL::VARCHAR`;
    const known = (column: string) =>
      tracks === undefined ? sql`NULL::VARCHAR` : sql`known.${ident(column)}`;
    const sameNames = (...parts: readonly string[]) =>
      sql`CASE WHEN coalesce(${columns(parts)}) IS NOT NULL THEN ${jsonText(sql`[${columns(parts)}]`)} END`;
    const same = (id: string, parts: readonly string[]) =>
      byId
        ? sql`CASE WHEN ${ident(id)} IS NOT NULL THEN 'id ' || ${ident(id)} ELSE ${sameNames(...parts)} END`
        : sameNames(...parts);

    await session.run(sql`
      CREATE OR REPLACE TEMP TABLE version AS
      SELECT *, ${same('track_id', ['artist', 'track'])} AS same_track, ${same('artist_id', ['artist'])} AS same_artist
      FROM (
        SELECT
          ${join(key.map((column) => sql`played.${ident(column)} AS ${ident(`played_${column}`)}`))},
          ${played('track_id')} AS track_id,
          ${join(NAMING.slice(1).map((column) => sql`coalesce(${played(column)}, ${known(column)}) AS ${ident(column)}`))},
          try_cast(left(${known('release_date')}, 4) AS INTEGER) AS release_year,
          plays
        FROM (SELECT ${columns(key)}, count(*) AS plays FROM (${music}) WHERE is_play GROUP BY ALL) AS played
        ${tracks === undefined ? sql`` : sql`LEFT JOIN (${tracks}) AS known ON known.track_id = ${played('track_id')}`}
      )`);

    await session.run(sql`
      CREATE OR REPLACE TEMP TABLE artist_name AS
      SELECT ${number} OVER (ORDER BY ${nameOrder(['name', 'artist_id'])}) AS artist, *
      FROM (
        SELECT same_artist, artist AS name, artist_id
        FROM (SELECT same_artist, artist, artist_id, sum(plays) AS plays FROM version WHERE same_track IS NOT NULL AND same_artist IS NOT NULL GROUP BY ALL)
        QUALIFY 1 = row_number() OVER (
          PARTITION BY same_artist ORDER BY artist_id IS NULL, plays DESC, ${nameOrder(['artist', 'artist_id'])}
        )
      )`);

    const order = nameOrder(['track', 'artist', 'track_id', 'artist_id']);
    const oneEach = await isUnique(session, sql`version`, 'same_track');
    const mostPlayed = sql`
      SELECT * FROM (
        SELECT same_track, same_artist, track, artist, track_id, artist_id, release_year, sum(plays) AS plays
        FROM version WHERE same_track IS NOT NULL GROUP BY ALL
      )
      QUALIFY 1 = row_number() OVER (PARTITION BY same_track ORDER BY track_id IS NULL, plays DESC, ${order})`;
    await session.run(sql`
      CREATE OR REPLACE TEMP TABLE shown AS
      SELECT ${number} OVER (ORDER BY ${order}) AS number, *
      FROM (${oneEach ? sql`SELECT * FROM version WHERE same_track IS NOT NULL` : mostPlayed})`);

    await write(
      'artist_name',
      sql`SELECT artist, ${year} AS year, name, artist_id FROM artist_name ORDER BY artist`,
    );
    await write(
      'track',
      sql`
        SELECT
          number AS track, ${year} AS year, track AS title, shown.artist AS artist_name, shown.track_id AS track_id,
          artist_name.artist AS artist, shown.artist_id AS artist_id, release_year
        FROM shown LEFT JOIN artist_name USING (same_artist)
        ORDER BY number`,
    );
    await write(
      'track_version',
      sql`
        SELECT ${join(key.map((column) => sql`${ident(`played_${column}`)} AS ${ident(column)}`))}, number AS number
        FROM version LEFT JOIN (SELECT same_track, number FROM shown) USING (same_track)
        ORDER BY number, ${nameOrder(key)}`,
    );
    await session.run(sql`DROP TABLE version`);
    await session.run(sql`DROP TABLE artist_name`);
    await session.run(sql`DROP TABLE shown`);
  },
};
