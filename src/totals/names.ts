import { ident, join, sql } from '../sql/sql.ts';
import { nameOrder } from '../story/index.ts';
import { NAMES, type Naming } from './group-plays.ts';
import { sameIn } from './identity.ts';
import { NUMBERS_PER_YEAR, type StepInput } from './step.ts';

/**
 * Makes the tracks and artists of a year out of the variants that were played, `named` (see `groupPlays`), and numbers them in name
 * order, into temporary tables:
 *
 * - `variant`: variant_hash, track (the number)
 * - `shown`: same_track, track (the number), title, artist_name, track_id, artist_id, release_year, same_artist
 * - `artist_name`: same_artist, artist (the number), name, artist_id
 *
 * A track may come in variants: one id under two titles, or (in a lake of imports) one artist and title under two ids. What is shown
 * of it is the variant most played in the year, one with an id before any without, ties to the lowest names; likewise of an artist.
 * A track's artist is its shown variant's.
 *
 * Tells whether any track came in several variants.
 */
export async function findNames(
  { session, year, identity, tracks }: StepInput,
  key: readonly Naming[],
): Promise<boolean> {
  const number = sql`${year * NUMBERS_PER_YEAR} + row_number()`;
  const played = (column: Naming) =>
    key.includes(column) ? sql`named.${ident(column)}` : sql`NULL::VARCHAR`;
  const known = (column: string) => (tracks === undefined ? sql`NULL::VARCHAR` : sql`known.${ident(column)}`);
  const same = sameIn(identity);

  await session.run(sql`
    CREATE OR REPLACE TEMP TABLE candidate AS
    SELECT *, ${same('track_id', ['artist', 'track'])} AS same_track, ${same('artist_id', ['artist'])} AS same_artist
    FROM (
      SELECT
        variant_hash,
        plays,
        ${played('track_id')} AS track_id,
        ${join(NAMES.map((column) => sql`coalesce(${played(column)}, ${known(column)}) AS ${ident(column)}`))},
        try_cast(left(${known('release_date')}, 4) AS INTEGER) AS release_year
      FROM named ${tracks === undefined ? sql`` : sql`LEFT JOIN (${tracks}) AS known ON known.track_id = ${played('track_id')}`}
    )`);

  await session.run(sql`
    CREATE OR REPLACE TEMP TABLE artist_name AS
    SELECT ${number} OVER (ORDER BY ${nameOrder(['name', 'artist_id'])}) AS artist, *
    FROM (
      SELECT same_artist, artist AS name, artist_id
      FROM (SELECT same_artist, artist, artist_id, sum(plays) AS plays FROM candidate WHERE same_track IS NOT NULL AND same_artist IS NOT NULL GROUP BY ALL)
      QUALIFY 1 = row_number() OVER (
        PARTITION BY same_artist ORDER BY artist_id IS NULL, plays DESC, ${nameOrder(['artist', 'artist_id'])}
      )
    )`);

  const order = nameOrder(['title', 'artist_name', 'track_id', 'artist_id']);
  const titled = sql`
    SELECT same_track, same_artist, track AS title, artist AS artist_name, track_id, artist_id, release_year, plays
    FROM candidate WHERE same_track IS NOT NULL`;
  const mostPlayed = sql`
    SELECT * FROM (SELECT * EXCLUDE (plays), sum(plays) AS plays FROM (${titled}) GROUP BY ALL)
    QUALIFY 1 = row_number() OVER (PARTITION BY same_track ORDER BY track_id IS NULL, plays DESC, ${order})`;
  const [{ several = true } = {}] = await session.rows<{ several: boolean }>(
    sql`SELECT count(same_track) > count(DISTINCT same_track) AS several FROM candidate`,
  );
  await session.run(sql`
    CREATE OR REPLACE TEMP TABLE shown AS
    SELECT ${number} OVER (ORDER BY ${order}) AS track, * EXCLUDE (plays) FROM (${several ? mostPlayed : titled})`);
  await session.run(sql`
    CREATE OR REPLACE TEMP TABLE variant AS SELECT variant_hash, shown.track FROM candidate JOIN shown USING (same_track)`);
  for (const table of ['named', 'candidate']) await session.run(sql`DROP TABLE ${ident(table)}`);
  return several;
}
