import { sql } from '../sql/sql.ts';
import { type DerivedStep, NUMBERS_PER_YEAR } from './step.ts';

/** The genres of a year's artists, each once: found by id where both have one, else by name. */
export const artistGenre: DerivedStep = {
  reads: ['artist'],
  writes: ['artist_genre'],
  derive: ({ year, artistGenres, read, write }) =>
    write(
      'artist_genre',
      artistGenres === undefined
        ? sql`SELECT NULL::BIGINT AS artist, NULL::BIGINT AS genre, NULL::VARCHAR AS name LIMIT 0`
        : sql`
            WITH listed AS (SELECT DISTINCT artist AS name, artist_id, genre FROM (${artistGenres}) WHERE genre IS NOT NULL),
            found AS (
              SELECT played.artist, genre FROM ${read('artist')} AS played JOIN listed ON listed.artist_id = played.artist_id
              UNION
              SELECT played.artist, genre FROM ${read('artist')} AS played JOIN listed ON listed.name = played.name
              WHERE listed.artist_id IS NULL OR played.artist_id IS NULL
            )
            SELECT artist, ${year * NUMBERS_PER_YEAR} + dense_rank() OVER (ORDER BY genre) AS genre, genre AS name
            FROM found
            ORDER BY artist, genre`,
    ),
};
