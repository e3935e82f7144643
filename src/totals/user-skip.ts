import { ident, join, type Sql, sql } from '../sql/sql.ts';
import { nameOrder } from '../story/index.ts';
import { dropTables } from './drop-tables.ts';
import { NAMES } from './group-plays.ts';
import { sameIn } from './identity.ts';
import { type DerivedInput, type DerivedStep, NUMBERS_PER_YEAR } from './step.ts';

/**
 * Skipped rows by user and artist, and the artists. A row's artist is its track's; where nobody played that, the one that it names, who may be
 * an artist of whom nobody played anything: shown as most of these rows name them, as an artist of plays is.
 */
export const userSkip: DerivedStep = {
  reads: ['user', 'variant', 'artist_name', 'track', 'skip_row'],
  writes: ['heard_artist', 'user_skip'],
  async derive(input) {
    const { session, year, read, write, writeByUser } = input;
    await session.run(sql`CREATE OR REPLACE TEMP TABLE unplayed AS ${unplayed(input)}`);
    await write(
      'heard_artist',
      sql`
        SELECT artist, ${year} AS year, name, artist_id, row_number() OVER (ORDER BY ${nameOrder(['name', 'artist_id'])}) AS place
        FROM (
          SELECT artist, name, artist_id FROM ${read('artist_name')}
          UNION ALL
          SELECT
            (SELECT coalesce(max(artist), ${year * NUMBERS_PER_YEAR}) FROM ${read('artist_name')}) + row_number() OVER (ORDER BY ${nameOrder(['name', 'artist_id'])}),
            name,
            artist_id
          FROM (${neverPlayed(input)})
        )
        ORDER BY artist`,
    );
    const same = sameIn(input.identity)('artist_id', ['name']);
    await session.run(sql`
      CREATE OR REPLACE TEMP TABLE heard AS SELECT artist, ${same} AS same_artist FROM ${read('heard_artist')}`);
    await writeByUser(
      'user_skip',
      (of) => sql`
        SELECT
          user_year,
          artist,
          (count(*) FILTER (is_short))::INTEGER AS short,
          (count(*) FILTER (is_marked))::INTEGER AS marked,
          (count(*) FILTER (is_short OR is_marked))::INTEGER AS skipped,
          (count(*) FILTER (is_lengthless AND NOT is_private))::INTEGER AS lengthless,
          (count(*) FILTER (is_private))::INTEGER AS private_lengthless
        FROM (
          SELECT user_year, artist, ${FLAGS}
          FROM (SELECT user_year, track, ${FLAGS} FROM ${of('skip_row')} WHERE track IS NOT NULL) JOIN (SELECT track, artist FROM ${read('track')}) USING (track)
          UNION ALL
          SELECT user_year, coalesce(unplayed.artist, heard.artist), ${FLAGS}
          FROM unplayed SEMI JOIN ${of('user')} USING (user_year) LEFT JOIN heard USING (same_artist)
        )
        GROUP BY user_year, artist
        ORDER BY user_year`,
    );
    await dropTables(session, ['unplayed', 'heard']);
  },
};

const FLAGS = join(['is_short', 'is_marked', 'is_lengthless', 'is_private'].map((name) => ident(name)));

/**
 * The rows whose track was not found to have been played, as the table of tracks completes them: the `artist` of a track that was after all,
 * else `same_artist` and the names that the row gives.
 */
function unplayed({ identity, tracks, read }: DerivedInput): Sql {
  const same = sameIn(identity);
  const names = NAMES.map((column) => {
    const told = ident('told', column === 'track' ? 'title' : column);
    return tracks === undefined
      ? sql`${told} AS ${ident(column)}`
      : sql`coalesce(${told}, ${ident('known', column)}) AS ${ident(column)}`;
  });
  return sql`
    SELECT
      user_year,
      ${FLAGS},
      played.artist AS artist,
      CASE WHEN same_track IS NOT NULL AND played.track IS NULL THEN ${same('artist_id', ['name'])} END AS same_artist,
      name,
      artist_id
    FROM (
      SELECT user_year, ${FLAGS}, ${same('track_id', ['artist', 'track'])} AS same_track, artist AS name, artist_id
      FROM (
        SELECT user_year, ${FLAGS}, told.track_id AS track_id, ${join(names)}
        FROM (SELECT * EXCLUDE (track) FROM ${read('skip_row')} WHERE track IS NULL) AS told
          ${tracks === undefined ? sql`` : sql`LEFT JOIN (${tracks}) AS known USING (track_id)`}
      )
    ) LEFT JOIN (
      SELECT DISTINCT same_track, track, shown.artist AS artist
      FROM ${read('variant')} JOIN (SELECT track, artist FROM ${read('track')}) AS shown USING (track)
    ) AS played USING (same_track)`;
}

/** The artists of whom there are short rows, in no private session, and no play: `name`, `artist_id`. */
const neverPlayed = ({ identity, read }: DerivedInput): Sql => sql`
  SELECT name, artist_id
  FROM (
    SELECT same_artist, name, artist_id, count(*) AS rows
    FROM unplayed
    WHERE is_short AND same_artist IS NOT NULL AND same_artist NOT IN (SELECT ${sameIn(identity)('artist_id', ['name'])} FROM ${read('artist_name')})
    GROUP BY ALL
  )
  QUALIFY 1 = row_number() OVER (PARTITION BY same_artist ORDER BY artist_id IS NULL, rows DESC, ${nameOrder(['name', 'artist_id'])})`;
