import { ident, join, sql } from '../sql/sql.ts';
import { nameOrder } from '../story/index.ts';
import { NAMES, type Naming } from './group-plays.ts';
import { sameIn } from './identity.ts';
import { type MergeInput, NUMBERS_PER_YEAR, type PlaysInput, type StepInput } from './step.ts';

/** What a variant of a track is known by. */
const VARIANT = sql`same_track, same_artist, title, artist_name, track_id, artist_id, release_year`;

/**
 * The variants that were played, `named` (see `groupPlays`), with what the catalogue knows of them, as the temporary table `candidate`:
 * variant_hash, same_track, same_artist, title, artist_name, track_id, artist_id, release_year, plays.
 */
export async function candidatesOf(
  { session, identity, tracks }: PlaysInput,
  key: readonly Naming[],
): Promise<void> {
  const played = (column: Naming) =>
    key.includes(column) ? sql`named.${ident(column)}` : sql`NULL::VARCHAR`;
  const known = (column: string) => (tracks === undefined ? sql`NULL::VARCHAR` : sql`known.${ident(column)}`);
  const same = sameIn(identity);
  await session.run(sql`
    CREATE OR REPLACE TEMP TABLE candidate AS
    SELECT
      ${same('track_id', ['artist', 'track'])} AS same_track,
      ${same('artist_id', ['artist'])} AS same_artist,
      track AS title,
      artist AS artist_name,
      * EXCLUDE (track, artist)
    FROM (
      SELECT
        variant_hash,
        plays,
        ${played('track_id')} AS track_id,
        ${join(NAMES.map((column) => sql`coalesce(${played(column)}, ${known(column)}) AS ${ident(column)}`))},
        try_cast(left(${known('release_date')}, 4) AS INTEGER) AS release_year
      FROM named ${tracks === undefined ? sql`` : sql`LEFT JOIN (${tracks}) AS known ON known.track_id = ${played('track_id')}`}
    )`);
  await session.run(sql`DROP TABLE named`);
}

/** The variants of all parts as `candidate`, each once. */
export const candidatesOfParts = ({ session, parts }: MergeInput): Promise<void> =>
  session.run(sql`
    CREATE OR REPLACE TEMP TABLE candidate AS
    SELECT ${VARIANT}, sum(plays)::BIGINT AS plays
    FROM (${join(
      parts.map((part) => sql`SELECT * FROM ${part.read('variant')}`),
      ' UNION ALL ',
    )})
    GROUP BY ALL`);

/**
 * Makes the tracks and artists of a year out of the temporary table `candidate`, and numbers them in name order, into temporary tables:
 *
 * - `shown`: same_track, track (the number), title, artist_name, track_id, artist_id, release_year, same_artist
 * - `artist_name`: same_artist, artist (the number), name, artist_id
 *
 * A track may come in variants: one id under two titles, or (in a lake of imports) one artist and title under two ids. What is shown
 * of it is the variant most played in the year, one with an id before any without, ties to the lowest names; likewise of an artist.
 * A track's artist is its shown variant's.
 *
 * Tells whether any track came in several variants.
 */
export async function findNames({ session, year }: StepInput): Promise<boolean> {
  const number = sql`${year * NUMBERS_PER_YEAR} + row_number()`;
  await session.run(sql`
    CREATE OR REPLACE TEMP TABLE artist_name AS
    SELECT ${number} OVER (ORDER BY ${nameOrder(['name', 'artist_id'])}) AS artist, *
    FROM (
      SELECT same_artist, artist_name AS name, artist_id
      FROM (
        SELECT same_artist, artist_name, artist_id, sum(plays) AS plays FROM candidate
        WHERE same_track IS NOT NULL AND same_artist IS NOT NULL
        GROUP BY ALL
      )
      QUALIFY 1 = row_number() OVER (
        PARTITION BY same_artist ORDER BY artist_id IS NULL, plays DESC, ${nameOrder(['artist_name', 'artist_id'])}
      )
    )`);

  const order = nameOrder(['title', 'artist_name', 'track_id', 'artist_id']);
  const titled = sql`SELECT ${VARIANT}, plays FROM candidate WHERE same_track IS NOT NULL`;
  const mostPlayed = sql`
    SELECT * FROM (SELECT ${VARIANT}, sum(plays) AS plays FROM (${titled}) GROUP BY ${VARIANT})
    QUALIFY 1 = row_number() OVER (PARTITION BY same_track ORDER BY track_id IS NULL, plays DESC, ${order})`;
  const [{ several = true } = {}] = await session.rows<{ several: boolean }>(
    sql`SELECT count(same_track) > count(DISTINCT same_track) AS several FROM candidate`,
  );
  await session.run(sql`
    CREATE OR REPLACE TEMP TABLE shown AS
    SELECT ${number} OVER (ORDER BY ${order}) AS track, * EXCLUDE (plays) FROM (${several ? mostPlayed : titled})`);
  return several;
}

/** Writes the year's tracks and artists, as {@link findNames} made them, and the variants that they come in, which a merge takes. */
export async function writeNames({ year, write }: StepInput): Promise<void> {
  await write(
    'variant',
    sql`SELECT track, ${VARIANT}, plays FROM candidate LEFT JOIN (SELECT same_track, track FROM shown) USING (same_track)`,
  );
  await write(
    'artist_name',
    sql`SELECT artist, ${year} AS year, name, artist_id FROM artist_name ORDER BY artist`,
  );
  await write(
    'track',
    sql`
      SELECT
        shown.track, ${year} AS year, shown.title, shown.artist_name, shown.track_id, artist_name.artist, shown.artist_id, release_year
      FROM shown LEFT JOIN artist_name USING (same_artist)
      ORDER BY shown.track`,
  );
}
