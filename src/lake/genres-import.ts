import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { WrappedError } from '../error.ts';
import { isThere } from '../files.ts';
import type { Session } from '../sql/database.ts';
import { ident, type Sql, sql } from '../sql/sql.ts';
import { copyText } from './import-copy.ts';
import { cantRead, readBytes } from './import-files.ts';
import type { ImportLake } from './import-lake.ts';
import { clearRejects, countRejects, csvRows, globEscape, readError } from './import-raw.ts';
import { SAMPLE_BYTES, sampleOf } from './import-sample.ts';

const COLUMNS = ['artist', 'genre'] as const;
/** Where imports keep genres. A lake may have more files beside it. */
const FOLDER = 'artist_genres';
const FILE = 'imported.parquet';
const GENRES = ident('import_genres');

/** What became of a file of genres. `read` is `kept` and all `dropped` together. */
export interface GenresReport {
  readonly file: string;
  readonly read: number;
  readonly kept: number;
  readonly dropped: Readonly<Partial<Record<GenreDropReason, number>>>;
  /** Different artists among the rows kept. */
  readonly artists: number;
  /** Rows that the lake did not have. */
  readonly added: number;
  /** Rows of the same artists that the lake had and has no longer. */
  readonly removed: number;
}

type GenreDropReason = 'no name' | 'no genre' | 'unreadable row' | 'exact duplicate';

/** Genres that were read, and how they get into the lake. */
export interface StagedGenres {
  readonly report: GenresReport;
  publish(): Promise<void>;
}

/**
 * Reads a CSV with the columns `artist` and `genre`, a row for each genre of an artist, and writes what the
 * lake will have of genres to the import's own folder. What it says of an artist takes the place of all that
 * an earlier import said of that artist; an artist without a genre in it stays as it was.
 */
export async function stageGenres(session: Session, lake: ImportLake, file: string): Promise<StagedGenres> {
  const input = { name: file, path: join(lake.temp, 'genres.csv') };
  const header = await headerOf(file);
  await copyText(input.path, createReadStream(file), { lineFeeds: true });
  try {
    await session.run(sql`CREATE OR REPLACE TEMP TABLE ${GENRES} AS
      SELECT *, CASE WHEN artist IS NULL THEN 'no name' WHEN genre IS NULL THEN 'no genre'
        WHEN row_number() OVER (PARTITION BY artist, genre) > 1 THEN 'exact duplicate' END AS dropped
      FROM (SELECT nfc_normalize(artist) AS artist, nfc_normalize(genre) AS genre
        FROM (${csvRows(COLUMNS, header, [input.path])}))`);
    const unreadable = (await countRejects(session, [input])).get(input.path) ?? 0;
    return await compare(session, lake, file, unreadable);
  } catch (error) {
    throw readError(error, [input]);
  } finally {
    await clearRejects(session);
    await session.run(sql`DROP TABLE IF EXISTS ${GENRES}`);
  }
}

async function compare(
  session: Session,
  lake: ImportLake,
  file: string,
  unreadable: number,
): Promise<StagedGenres> {
  const given = sql`SELECT artist, genre FROM ${GENRES} WHERE dropped IS NULL`;
  const had = await genresIn(lake);
  const same = sql`artist IN (SELECT artist FROM (${given}))`;
  const [numbers] = await session.rows<{
    kept: number;
    artists: number;
    added: number;
    removed: number;
  }>(sql`SELECT
    CAST((SELECT count(*) FROM (${given})) AS INTEGER) AS kept,
    CAST((SELECT count(DISTINCT artist) FROM (${given})) AS INTEGER) AS artists,
    CAST((SELECT count(*) FROM (${given} EXCEPT ${had})) AS INTEGER) AS added,
    CAST((SELECT count(*) FROM ((FROM (${had}) WHERE ${same}) EXCEPT ${given})) AS INTEGER) AS removed`);
  const { kept, artists, added, removed } = numbers!;
  const counts = await session.rows<{ dropped: GenreDropReason; rows: number }>(
    sql`SELECT dropped, CAST(count(*) AS INTEGER) AS rows FROM ${GENRES} WHERE dropped IS NOT NULL
      GROUP BY ALL ORDER BY ALL`,
  );
  const dropped = Object.fromEntries(counts.map((count) => [count.dropped, count.rows]));
  if (unreadable > 0) dropped['unreadable row'] = unreadable;
  const read = Object.values(dropped).reduce((sum, rows) => sum + rows, kept);
  const report = { file, read, kept, dropped, artists, added, removed };
  // A file written anew looks like new input to every column that was made from it.
  if (added === 0 && removed === 0) return { report, publish: async () => {} };
  const all = sql`FROM (${had}) WHERE NOT ${same} UNION ALL ${given} ORDER BY artist, genre`;
  const staged = await lake.stage(session, all, FILE);
  return { report, publish: () => lake.publish([staged], FOLDER) };
}

/** What earlier imports said. */
async function genresIn(lake: ImportLake): Promise<Sql> {
  const path = join(lake.path, FOLDER, FILE);
  return (await isThere(path))
    ? sql`SELECT artist, genre FROM read_parquet(${globEscape(path)})`
    : sql`SELECT '' AS artist, '' AS genre WHERE false`;
}

async function headerOf(file: string): Promise<string[]> {
  const head = await readBytes(file, 0, SAMPLE_BYTES).catch((cause) => {
    throw cantRead(file, cause);
  });
  const sample = sampleOf(head);
  const header = sample.encoding === 'csv' ? sample.rows[0]!.map((name) => name.trim().toLowerCase()) : [];
  if (COLUMNS.every((column) => header.includes(column))) return header;
  const found =
    sample.encoding === 'csv' ? `the columns ${header.join(', ')}` : `a file that is ${sample.encoding}`;
  throw new WrappedError(
    `${file} is no CSV of genres: found ${found}, expected a header with artist and genre`,
  );
}
