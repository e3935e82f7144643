import { access, copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { messageOf, WrappedError } from './error.ts';

/** The one place that makes files of ours durable: each appears whole under its name, or not at all. */

/** Whether a path leads to anything. */
export const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * Makes a folder and those above it. Answers with the first that was made, undefined where all were there.
 * Node's own `recursive` runs for ever where a folder can't be made below one that is there, as in /proc.
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  let first: string | undefined;
  for (let tries = 0; ; tries++) {
    try {
      await mkdir(path);
      return first ?? path;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST' && (await isFolder(path))) return first;
      if (code !== 'ENOENT' || tries === MOST_TRIES) throw error;
    }
    // Somebody else may be making the same folders: what was missing may be there by now.
    if (!(await isFolder(dirname(path)))) first = (await makeFolder(dirname(path))) ?? first;
  }
}

const MOST_TRIES = 3;

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );

/** Moves a finished file to its name: synced before, its folder synced after. Overwrites. */
export const commitFile = (temp: string, path: string): Promise<void> =>
  writing(path, async () => {
    await sync(temp);
    await makeFolder(dirname(path));
    await move(temp, path);
  });

async function move(temp: string, path: string): Promise<void> {
  await rename(temp, path);
  await sync(dirname(path));
}

/** Does what makes a file. @throws WrappedError that names it: a sync that fails does not tell of what */
async function writing(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw new WrappedError(`${path} can't be written: ${messageOf(cause)}`, { cause });
  }
}

/**
 * As {@link commitFile}, for a file that is the same whoever makes it: one that is there stays, and is never replaced under somebody
 * who is reading it.
 */
export const commitOnce = (temp: string, path: string): Promise<void> =>
  writing(path, async () => {
    await sync(temp);
    await makeFolder(dirname(path));
    try {
      await link(temp, path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Some file systems have no hard links.
      if (code !== 'EEXIST') return move(temp, path);
    }
    await rm(temp);
    await sync(dirname(path));
  });

/** As {@link commitOnce}, for a folder of finished files. */
export const commitFolderOnce = (temp: string, path: string): Promise<void> =>
  writing(path, async () => {
    for (const name of await readdir(temp)) await sync(join(temp, name));
    await sync(temp);
    await makeFolder(dirname(path));
    try {
      await move(temp, path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
      await rm(temp, { recursive: true });
    }
  });

/** Removes a file, for good; one that is not there is none. */
export async function removeFile(path: string): Promise<void> {
  try {
    await rm(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  await sync(dirname(path));
}

/** Gives a file a second name, under which it stays when the first is given to another; where a file system has no links, a copy. */
export async function linkOrCopy(path: string, other: string): Promise<void> {
  await link(path, other).catch(() => copyFile(path, other));
}

/** Writes JSON, with a line feed at its end. Overwrites. */
export const commitJson = (path: string, value: unknown): Promise<void> =>
  writing(path, async () => {
    await makeFolder(dirname(path));
    await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
    await sync(dirname(path));
  });

/** A name for a scratch folder of this process: `HOST-PID-TIME`. */
export const scratchName = (): string => `${hostname()}-${process.pid}-${Date.now().toString(36)}`;

/** Makes a scratch folder of this name below `dir`. Those of processes that are gone are removed. */
export async function makeScratch(dir: string, name: string): Promise<string> {
  await makeFolder(dir);
  await removeLeft(dir);
  const folder = join(dir, name);
  await makeFolder(folder);
  return folder;
}

/** Removes the scratch folders below `dir` of processes that are gone. */
export async function removeLeft(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    if (!(await isInUse(dir, name))) await rm(join(dir, name), { recursive: true, force: true });
  }
}

const DAY = 24 * 60 * 60 * 1000;

/**
 * Whether the process that a {@link scratchName} below `dir` is of is still there. One of this machine answers to its number; one of another
 * machine that shares the folder is given a day.
 * @param file what has that name in it, and tells the time
 */
export async function isInUse(dir: string, name: string, file = name): Promise<boolean> {
  const [, host, pid] = /^(.*)-(\d+)-[0-9a-z]+$/.exec(name) ?? [];
  if (host !== hostname()) {
    const info = await stat(join(dir, file)).catch(() => undefined);
    return info !== undefined && Date.now() - info.mtimeMs < DAY;
  }
  try {
    return process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
