import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import lockfile from 'proper-lockfile';
import writeFileAtomic from 'write-file-atomic';
import { messageOf, WrappedError } from '../error.ts';
import { commitFile, makeFolder } from '../files.ts';
import type { Session } from '../sql/database.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { LAKE_MARKER, listParquet, schemeOf } from './lake.ts';

/** In a lake of imports a track is its artist and its title. */
const IDENTITY = 'title';
const TEMP = '.tmp';
const LOCK = '.import.lock';

/** A lake that one import has to itself. */
export interface ImportLake {
  /** Absolute. */
  readonly path: string;
  /** A folder of this import's own, on the lake's disk, gone when the import ends. */
  readonly temp: string;
  /** Writes rows to a Parquet file in `temp`. Resolves to where it is. */
  stage(session: Session, rows: Sql, name: string): Promise<string>;
  /** Says in the lake that it is one of imports. To be called before anything is published. */
  mark(): Promise<void>;
  /**
   * Moves finished files of `temp` into a folder of the lake, each by its own name: it is there whole, or not
   * at all.
   */
  publish(files: readonly string[], folder: string): Promise<void>;
}

/**
 * Runs `work` on a lake, which is made where there is none. Throws a WrappedError where it is a service's
 * lake, can't be written to, or belongs to another import just now. What a crashed import left behind is
 * cleared away.
 */
export async function withImportLake<T>(dir: string, work: (lake: ImportLake) => Promise<T>): Promise<T> {
  if (schemeOf(dir) !== undefined) {
    throw new WrappedError(`the lake ${dir} is remote: imports go into a folder of this machine`);
  }
  const path = resolve(dir);
  await refuseForeign(dir);
  const made = await makeFolder(path).catch(cantWrite(dir));
  let lost: Error | undefined;
  const unlock = await lock(dir, (error) => {
    lost = error;
  });
  const temp = join(path, TEMP, randomUUID());
  let done = false;
  try {
    await rm(dirname(temp), { recursive: true, force: true }).catch(cantWrite(dir));
    await makeFolder(temp).catch(cantWrite(dir));
    const result = await work({
      path,
      temp,
      mark: async () => {
        if (lost !== undefined) throw new WrappedError(`lost the lock on the lake ${dir}`, { cause: lost });
        await writeFileAtomic(join(path, LAKE_MARKER), `${JSON.stringify({ identity: IDENTITY })}\n`).catch(
          cantWrite(dir),
        );
      },
      stage: async (session, rows, name) => {
        const file = join(temp, name);
        await session
          .run(sql`COPY (${rows}) TO ${file} (FORMAT parquet, COMPRESSION zstd)`)
          .catch(cantWrite(dir));
        return file;
      },
      publish: (files, folder) => publish(files, join(path, folder)).catch(cantWrite(dir)),
    });
    done = true;
    return result;
  } finally {
    await rm(dirname(temp), { recursive: true, force: true });
    await unlock();
    if (!done && made !== undefined) await rmdir(path).catch(() => undefined);
  }
}

/** The Parquet files of a lake's plays: those that a run reads. */
export const playsFiles = (lake: ImportLake): Promise<string[]> =>
  listParquet(join(lake.path, 'plays')).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new WrappedError(`can't read the plays of the lake ${lake.path}: ${error.message}`, {
      cause: error,
    });
  });

/** A folder with plays that no import made is a service's, whose tracks may be known by their ids. */
async function refuseForeign(dir: string): Promise<void> {
  const mark = await readFile(join(dir, LAKE_MARKER), 'utf8').catch(() => undefined);
  const hasPlays = await readdir(join(dir, 'plays')).then(
    () => true,
    () => false,
  );
  if (mark === undefined ? !hasPlays : identityIn(mark) === IDENTITY) return;
  const found = mark === undefined ? `plays, but no ${LAKE_MARKER}` : `a ${LAKE_MARKER} of ${mark.trim()}`;
  throw new WrappedError(
    `${dir} is no lake of imports: it has ${found}, where an import writes {"identity":"title"}`,
    {
      hint: 'Imports go into a lake of their own: name another folder with --lake.',
    },
  );
}

function identityIn(mark: string): unknown {
  try {
    return (JSON.parse(mark) as { identity?: unknown } | null)?.identity;
  } catch {
    return undefined;
  }
}

async function lock(dir: string, onCompromised: (error: Error) => void): Promise<() => Promise<void>> {
  try {
    return await lockfile.lock(dir, { lockfilePath: join(dir, LOCK), onCompromised });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ELOCKED') return cantWrite(dir)(cause);
    throw new WrappedError(`another import is writing to the lake ${dir}`, {
      hint: 'Run this one again when that is done. An import that crashed lets go of the lake after ten seconds.',
      cause,
    });
  }
}

async function publish(files: readonly string[], folder: string): Promise<void> {
  for (const file of files) await commitFile(file, join(folder, basename(file)));
}

const cantWrite =
  (dir: string) =>
  (cause: unknown): never => {
    throw new WrappedError(`can't write to the lake ${dir}: ${messageOf(cause)}`, { cause });
  };
