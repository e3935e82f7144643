import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';

/** The one place that makes files of ours durable: each appears whole under its name, or not at all. */

/** Moves a finished file to its name: synced before, its folder synced after. Overwrites. */
export async function commitFile(temp: string, path: string): Promise<void> {
  await sync(temp);
  await mkdir(dirname(path), { recursive: true });
  await rename(temp, path);
  await sync(dirname(path));
}

/** Writes JSON, with a line feed at its end. Overwrites. */
export async function commitJson(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** A scratch folder of this process below `dir`. Those of processes that are gone are removed. */
export async function scratchFolder(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  for (const name of await readdir(dir)) {
    const owner = Number(name.split('-')[0]);
    if (!(await isInUse(owner, join(dir, name)))) await rm(join(dir, name), { recursive: true, force: true });
  }
  const folder = join(dir, `${process.pid}-${Date.now().toString(36)}`);
  await mkdir(folder, { recursive: true });
  return folder;
}

const DAY = 24 * 60 * 60 * 1000;

/** A process of this machine answers to its number; one of another machine that shares the folder is given a day. */
async function isInUse(pid: number, folder: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return true;
    const info = await stat(folder).catch(() => undefined);
    return info !== undefined && Date.now() - info.mtimeMs < DAY;
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
