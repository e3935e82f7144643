import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf, WrappedError } from '../error.ts';
import { makeFolder } from '../files.ts';
import type { Session } from '../sql/database.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { stoppable } from '../sql/stoppable.ts';
import { countArtists, createCatalogue, selectArtistGenres, selectTracksFile } from './generate/catalogue.ts';
import { batchesOf } from './generate/files.ts';
import { type LakeSpec, TABLES } from './generate/lake-spec.ts';
import { createPlays, selectPlaysFile } from './generate/plays.ts';
import { createDays, createUsers, selectUsers } from './generate/users.ts';

/** Which lake to generate, where, and with what. */
export interface GenerateOptions extends LakeSpec {
  /** The lake's folder: made where it is missing, refused where it holds a lake or a part of one. */
  readonly lake: string;
  readonly session: Session;
  /** Stops the work, which then throws the signal's reason and leaves no lake. */
  readonly signal?: AbortSignal | undefined;
  /** Called when a year's plays are written, with how many there are. */
  readonly onYear?: ((year: number, plays: number) => void) | undefined;
}

/** What was generated. */
export interface GenerateReport {
  /** Listen rows. */
  readonly plays: number;
  readonly users: number;
  /** Artists and tracks of the catalogue, also those that nobody played. */
  readonly artists: number;
  readonly tracks: number;
  /** The lake's files, and their bytes. */
  readonly files: number;
  readonly bytes: number;
}

/** What a lake consists of, in the order in which it is put in place: plays last, so that plays mean a whole lake. */
const ENTRIES = ['users.parquet', 'tracks.parquet', 'artist_genres.parquet', 'plays'] as const;
/** What else makes a folder a lake: these would mix with what is generated. */
const FOREIGN_ENTRIES = ['users', 'tracks', 'artist_genres', 'lake.json'] as const;

const FIRST_YEAR = 1980;
const LAST_YEAR = 2100;

interface Written {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Generates a service's lake whose shape is that of real listening: popularity and taste skewed, repeats, sessions,
 * seasons, nulls, private sessions, episodes, time zones, a catalogue with genres and release dates. The same options
 * give the same files byte for byte, whatever the number of threads. Memory stays flat: plays are made and sorted a
 * month, or a part of one, at a time. The lake appears once it is whole; until then its files are in a folder of their own.
 *
 * @throws WrappedError where the numbers make no sense, the folder holds a lake already, or it can't be written
 */
export async function generateLake(options: GenerateOptions): Promise<GenerateReport> {
  const { lake, session, signal } = options;
  checkSpec(options);
  checkFolder(lake);
  const staging = await makeStaging(lake);
  try {
    return await stoppable(session, signal, (stopping) => fill({ ...options, session: stopping }, staging));
  } finally {
    for (const table of Object.values(TABLES)) await session.run(sql`DROP TABLE IF EXISTS ${table}`);
    await rm(staging, { recursive: true, force: true });
  }
}

/** Makes the files, and puts them in their place. */
async function fill(options: GenerateOptions, staging: string): Promise<GenerateReport> {
  const { lake, session, signal } = options;
  for (const statement of [createUsers(options), createDays(options), ...createCatalogue(options)]) {
    await session.run(statement);
  }
  const users = await write(session, selectUsers(), join(staging, 'users.parquet'));
  const tracks = await write(session, selectTracksFile(), join(staging, 'tracks.parquet'));
  const genres = await write(session, selectArtistGenres(), join(staging, 'artist_genres.parquet'));
  const plays = await writePlays(options, join(staging, 'plays'));
  signal?.throwIfAborted();
  checkFolder(lake); // again: somebody may have put a lake there meanwhile
  for (const entry of ENTRIES) await rename(join(staging, entry), join(lake, entry));
  const files = [users, tracks, genres, ...plays];
  return {
    plays: total(plays, 'rows'),
    users: users.rows,
    artists: countArtists(options),
    tracks: tracks.rows,
    files: files.length,
    bytes: total(files, 'bytes'),
  };
}

function checkSpec({ users, playsPerUser, years, seed }: LakeSpec): void {
  const isCount = (value: number) => Number.isSafeInteger(value) && value > 0;
  if (!isCount(users)) throw new WrappedError(`users is ${users}: expected a whole number above 0`);
  if (!(Number.isFinite(playsPerUser) && playsPerUser > 0)) {
    throw new WrappedError(`plays per user is ${playsPerUser}: expected a number above 0`);
  }
  if (!Number.isSafeInteger(seed)) throw new WrappedError(`seed is ${seed}: expected a whole number`);
  const inOrder = FIRST_YEAR <= years.from && years.from <= years.to && years.to <= LAST_YEAR;
  if (!inOrder || !Number.isInteger(years.from) || !Number.isInteger(years.to)) {
    throw new WrappedError(
      `years are ${years.from}-${years.to}: expected the first and the last, ${FIRST_YEAR} to ${LAST_YEAR}`,
    );
  }
}

function checkFolder(lake: string): void {
  const found = [...ENTRIES, ...FOREIGN_ENTRIES].filter((entry) => existsSync(join(lake, entry)));
  if (found.length === 0) return;
  throw new WrappedError(`${lake} already holds ${found.join(', ')}: expected a folder without a lake`, {
    hint: 'Give another folder with --lake, or remove this one first.',
  });
}

async function makeStaging(lake: string): Promise<string> {
  try {
    await makeFolder(lake);
    return await mkdtemp(join(lake, '.generating-'));
  } catch (cause) {
    throw new WrappedError(`${lake} can't be written: ${messageOf(cause)}`, {
      hint: 'Give another folder with --lake.',
      cause,
    });
  }
}

async function writePlays(options: GenerateOptions, folder: string): Promise<Written[]> {
  const { years, session, onYear } = options;
  const written: Written[] = [];
  for (let year = years.from; year <= years.to; year++) {
    let rows = 0;
    for (const files of batchesOf(options, year)) {
      await session.run(createPlays(options, { from: files[0]!.slice.from, to: files.at(-1)!.slice.to }));
      for (const { name, slice } of files) {
        const path = join(folder, name);
        const file = await write(session, selectPlaysFile(options, slice), path);
        rows += file.rows;
        if (file.rows > 0) written.push(file);
        else await rm(path);
      }
    }
    onYear?.(year, rows);
  }
  return written;
}

async function write(session: Session, relation: Sql, path: string): Promise<Written> {
  try {
    await makeFolder(dirname(path));
    const [copied] = await session.rows<{ Count: bigint }>(
      sql`COPY (${relation}) TO ${path} (FORMAT parquet)`,
    );
    return { rows: Number(copied!.Count), bytes: (await stat(path)).size };
  } catch (cause) {
    throw new WrappedError(`${path} can't be written: ${messageOf(cause)}`, { cause });
  }
}

const total = (files: readonly Written[], what: keyof Written): number =>
  files.reduce((sum, file) => sum + file[what], 0);
