import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../error.ts';
import type { Session } from '../sql/database.ts';
import { ident, type Sql, sql } from '../sql/sql.ts';
import { copyText } from './import-copy.ts';
import type { Input } from './import-inputs.ts';
import { clearRejects, countRejects, csvRows, jsonRows, readError } from './import-raw.ts';
import { mendSurrogates } from './import-surrogates.ts';
import { DROP_REASONS, type DropReason, type Importer } from './importers/importer.ts';
import { IMPORTERS } from './importers/index.ts';
import { LONGEST_MS } from './listen-row.ts';

/** An instant up to here is a clock that was never set, and one past the end no date. */
const EPOCH = new Date(0);
const END_OF_TIME = new Date('9999-12-31T00:00:00Z');
const NONE = sql`CAST(NULL AS VARCHAR)`;

/**
 * A temporary table: the rows read. Its columns: `file` (a number), those of `plays` but `user_id`, and why a
 * row is `dropped`, which is null where it is kept.
 */
export const ROWS = ident('import_rows');
/** What identifies a listen row of one user, whatever its source. */
const KEY = sql`played_at, track, artist, ms_played`;
/** Columns that hold few different words hold them as numbers: of a million rows, a third of the memory. */
const KINDS = ['track', 'episode', 'audiobook'] as const;
const TIMES = ['start', 'end'] as const;
const SOURCES = IMPORTERS.map(({ id }) => id);

/** How many rows of a file, given by its number, were kept (null) or dropped. */
export type RowCount = {
  readonly file: number;
  readonly dropped: DropReason | null;
  readonly rows: number;
};

/**
 * Reads all rows of all inputs into ROWS. Resolves to the counts of those that are no rows and can't be read.
 * @param temp an existing folder for what DuckDB needs mended
 */
export async function readRows(
  session: Session,
  inputs: readonly Input[],
  temp: string,
): Promise<RowCount[]> {
  await session.run(sql`CREATE OR REPLACE TEMP TABLE ${ROWS} (file INTEGER, played_at TIMESTAMPTZ,
    time_is ENUM(${TIMES}), ms_played BIGINT, kind ENUM(${KINDS}), track VARCHAR, artist VARCHAR,
    album VARCHAR, track_id VARCHAR, artist_id VARCHAR, private BOOLEAN, skipped BOOLEAN, source ENUM(${SOURCES}),
    dropped ENUM(${DROP_REASONS}))`);
  const numbers = new Map(inputs.map(({ path }, number) => [path, number]));
  const unreadable: RowCount[] = [];
  for (const batch of batches(inputs)) {
    const { importer } = batch[0]!;
    try {
      const insert = (files: readonly Input[]) =>
        session.run(sql`INSERT INTO ${ROWS} BY NAME ${listenRows(importer, files, numbers)}`);
      await insert(batch).catch(async (error) => {
        if (importer.encoding !== 'json' || !/surrogate/i.test(messageOf(error))) throw error;
        await insert(await mended(batch, numbers, temp));
      });
      if (importer.encoding === 'json') continue;
      for (const [path, rows] of await countRejects(session, batch)) {
        unreadable.push({ file: numbers.get(path)!, dropped: 'unreadable row', rows });
      }
    } catch (error) {
      throw readError(error, batch);
    } finally {
      await clearRejects(session);
    }
  }
  return unreadable;
}

/** Copies of the files without lone surrogates, each by its file's number. */
async function mended(batch: readonly Input[], numbers: Map<string, number>, temp: string): Promise<Input[]> {
  const copies: Input[] = [];
  for (const input of batch) {
    const number = numbers.get(input.path)!;
    const path = join(temp, `${number}.mended`);
    await copyText(path, mendSurrogates(createReadStream(input.path)), { lineFeeds: false });
    numbers.set(path, number);
    copies.push({ ...input, path });
  }
  return copies;
}

/**
 * Gives rows without an artist the one that another file of the import names for their title. A title that has
 * several artists there names none.
 */
export async function nameArtists(session: Session): Promise<void> {
  for (const { id, namesArtistsOf } of IMPORTERS) {
    if (namesArtistsOf === undefined) continue;
    await session.run(sql`UPDATE ${ROWS} SET artist = names.artist, dropped = CASE
        WHEN played_at IS NULL THEN 'no time' END
      FROM (SELECT track, min(artist) AS artist FROM ${ROWS} WHERE source = ${id} AND dropped = 'names only'
        GROUP BY track HAVING count(DISTINCT artist) = 1) AS names
      WHERE ${ROWS}.source = ${namesArtistsOf} AND dropped = 'no name' AND ${ROWS}.artist IS NULL
        AND ${ROWS}.track = names.track`);
  }
}

/**
 * Drops each row that repeats another in time, title, artist and length. Of the rows read the first stays, by
 * file; of a row that `lake` has (the columns of KEY, of one user), none.
 */
export async function dropDuplicates(session: Session, lake: Sql | undefined): Promise<void> {
  if (lake !== undefined) {
    await session.run(sql`UPDATE ${ROWS} SET dropped = 'exact duplicate' WHERE dropped IS NULL AND EXISTS (
      FROM (${lake}) AS lake WHERE lake.played_at = ${ROWS}.played_at AND lake.track = ${ROWS}.track
        AND lake.artist IS NOT DISTINCT FROM ${ROWS}.artist
        AND lake.ms_played IS NOT DISTINCT FROM ${ROWS}.ms_played)`);
  }
  // Only rows whose hash is not the only one are put in order: of real histories that is hardly any.
  const kept = sql`FROM ${ROWS} WHERE dropped IS NULL`;
  await session.run(sql`UPDATE ${ROWS} SET dropped = 'exact duplicate' WHERE rowid IN (
    SELECT rowid ${kept} AND hash(${KEY}) IN (SELECT hash(${KEY}) ${kept} GROUP BY ALL HAVING count(*) > 1)
    QUALIFY row_number() OVER (PARTITION BY ${KEY}
      ORDER BY file, kind, track_id, artist_id, album, private, skipped, time_is) > 1)`);
}

/** The rows of ROWS, counted. */
export const countRows = (session: Session): Promise<RowCount[]> =>
  session.rows<RowCount>(
    sql`SELECT file, dropped, CAST(count(*) AS INTEGER) AS rows FROM ${ROWS} GROUP BY ALL ORDER BY ALL`,
  );

/** Lets go of what an import holds in memory. */
export const dropRows = (session: Session): Promise<void> => session.run(sql`DROP TABLE IF EXISTS ${ROWS}`);

/** The inputs that one query can read: of one format, and alike in what it has to know of a file. */
function batches(inputs: readonly Input[]): Input[][] {
  const alike = new Map<string, Input[]>();
  for (const input of inputs) {
    const key = JSON.stringify([input.importer.id, 'layout' in input ? input.layout : input.header]);
    alike.set(key, [...(alike.get(key) ?? []), input]);
  }
  return [...alike.values()];
}

function rawRows(batch: readonly Input[]): Sql {
  const paths = batch.map(({ path }) => path);
  const [first] = batch as [Input];
  const raw =
    'layout' in first
      ? jsonRows(first.importer.fields, first.layout, paths)
      : csvRows(first.importer.fields, first.header, paths);
  return first.importer.rows?.(raw) ?? raw;
}

/** A batch's raw rows as rows of ROWS. */
function listenRows(
  { id, listen }: Importer,
  batch: readonly Input[],
  numbers: ReadonlyMap<string, number>,
): Sql {
  const files = batch.map(({ path }) => sql`(${path}, ${numbers.get(path)!})`);
  return sql`
    SELECT * EXCLUDE (length, own_reason), CASE
      WHEN own_reason IS NOT NULL THEN own_reason
      WHEN track IS NULL OR (kind = 'track' AND artist IS NULL) THEN 'no name'
      WHEN played_at IS NULL THEN 'no time'
      WHEN length IS NOT NULL AND ms_played IS NULL THEN 'bad length' END AS dropped
    FROM (
      SELECT * EXCLUDE (instant) REPLACE (nfc_normalize(track) AS track, nfc_normalize(artist) AS artist,
          nfc_normalize(album) AS album),
        CASE WHEN instant > ${EPOCH} AND instant < ${END_OF_TIME} THEN instant END AS played_at,
        CASE WHEN TRY_CAST(length AS DOUBLE) BETWEEN 0 AND ${LONGEST_MS}
          THEN CAST(TRY_CAST(length AS DOUBLE) AS BIGINT) END AS ms_played
      FROM (
        SELECT files.file, ${id} AS source, ${listen.played_at} AS instant, ${listen.time_is} AS time_is,
          ${listen.ms_played ?? NONE} AS length, ${listen.kind ?? 'track'} AS kind, ${listen.track} AS track,
          ${listen.artist} AS artist, ${listen.album ?? NONE} AS album,
          ${listen.track_id ?? NONE} AS track_id,
          ${listen.artist_id ?? NONE} AS artist_id, coalesce(${listen.private ?? false}, false) AS private,
          ${listen.skipped ?? null} AS skipped, ${listen.dropped ?? NONE} AS own_reason
        FROM (${rawRows(batch)}) AS raw
          JOIN (VALUES ${files}) AS files(path, file) ON raw.filename = files.path))`;
}
