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

/** Makes a folder and those above it, to stay whatever happens to the machine. */
async function keepFolder(path: string): Promise<void> {
  const first = await makeFolder(path);
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await sync(dirname(made));
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );

/** Moves a finished file to its name: synced before, its folder synced after. Overwrites. */
export const commitFile = (temp: string, path: string): Promise<void> =>
  writing(path, async () => {
    await sync(temp);
    await keepFolder(dirname(path));
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
    await keepFolder(dirname(path));
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
    await keepFolder(dirname(path));
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
    await keepFolder(dirname(path));
    await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
    await sync(dirname(path));
  });

let named = 0;
/** A name that this process gives once, and no other: `HOST-PID-TIME_NTH`. */
export const scratchName = (): string =>
  `${hostname()}-${process.pid}-${Date.now().toString(36)}_${(named++).toString(36)}`;

const SCRATCH_NAME = /^(?<host>.*)-(?<pid>\d+)-(?<time>[0-9a-z]+)(_[0-9a-z]+)?$/;

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
    if (!(await isInUse(dir, name))) await removeFolder(join(dir, name));
  }
}

/** The same where others keep things too: only folders named `prefix` and a {@link scratchName} are looked at, and those of other users stay. */
export async function removeLeftAmongOthers(dir: string, prefix: string): Promise<void> {
  for (const name of await readdir(dir)) {
    const own = name.slice(prefix.length);
    if (!name.startsWith(prefix) || !SCRATCH_NAME.test(own)) continue;
    if (!(await isInUse(dir, own, name))) await removeFolder(join(dir, name)).catch(() => undefined);
  }
}

const removeFolder = (path: string): Promise<void> => rm(path, { recursive: true, force: true });

/** Whether all scratch folders below `dir` but this one are of processes that are gone. */
export async function isAlone(dir: string, own: string): Promise<boolean> {
  for (const name of await readdir(dir)) if (name !== own && (await isInUse(dir, name))) return false;
  return true;
}

const DAY = 24 * 60 * 60 * 1000;

/** A clock may be set back a little while a process runs. */
const SET_BACK_MS = 60_000;

/**
 * Whether the process that a {@link scratchName} below `dir` is of is still there. One of this machine answers to its number; in a container
 * each has the same, and a name from before this one began is of one that is gone. One of another machine that shares the folder is given a day.
 * @param file what has that name in it, and tells the time
 */
export async function isInUse(dir: string, name: string, file = name): Promise<boolean> {
  const { host, pid, time = '' } = SCRATCH_NAME.exec(name)?.groups ?? {};
  if (host !== hostname()) {
    const info = await stat(join(dir, file)).catch(() => undefined);
    return info !== undefined && Date.now() - info.mtimeMs < DAY;
  }
  if (Number(pid) === process.pid) return Number.parseInt(time, 36) > performance.timeOrigin - SET_BACK_MS;
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
