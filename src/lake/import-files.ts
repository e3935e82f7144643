import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { messageOf, WrappedError } from '../error.ts';
import { isZip, zipEntries } from './zip.ts';

/** A file that an import was given, in a folder or a zip or by itself. */
export interface ExportFile {
  readonly name: string;
  /** Where it is; a file in a zip is nowhere yet. */
  readonly path?: string;
  open(): Readable | Promise<Readable>;
}

/**
 * The files at a path: itself, those in a folder (walked all the way down, zips in it opened), those in a
 * zip. The lake, where it lies in the folder, is left out. Throws a WrappedError where something can't be
 * read.
 */
export async function* filesOf(path: string, lake: string): AsyncIterable<ExportFile> {
  const stats = await stat(path).catch(refuse(path));
  if (!stats.isDirectory()) yield* filesAt(path);
  else if (resolve(path) !== resolve(lake)) {
    const entries = await readdir(path, { withFileTypes: true }).catch(refuse(path));
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      // Linked folders are not followed: they may lead in circles.
      yield* entry.isDirectory() ? filesOf(join(path, entry.name), lake) : filesAt(join(path, entry.name));
    }
  }
}

async function* filesAt(path: string): AsyncIterable<ExportFile> {
  const stats = await stat(path).catch(refuse(path));
  if (!stats.isFile()) return;
  if (await isZipFile(path)) yield* filesOfZip(path, path);
  else yield { name: path, path, open: () => createReadStream(path) };
}

/** The files in the zip at a path. `name` is where its owner knows it to be. */
export async function* filesOfZip(path: string, name: string): AsyncIterable<ExportFile> {
  for await (const entry of zipEntries(path, name)) yield { ...entry, name: `${name}/${entry.name}` };
}

async function isZipFile(path: string): Promise<boolean> {
  const start = await readBytes(path, 0, 4).catch(refuse(path));
  if (!isZip(start) && path.toLowerCase().endsWith('.zip')) {
    const found =
      start.length === 0 ? 'it is empty' : `it begins with ${JSON.stringify(start.toString('latin1'))}`;
    throw new WrappedError(`${path} is no zip: ${found}, where a zip begins with "PK"`, {
      hint: 'Download the export again.',
    });
  }
  return isZip(start);
}

/** Up to `length` bytes of a file, from `position` on. */
export async function readBytes(path: string, position: number, length: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** That a file can't be read, and why. */
export const cantRead = (name: string, cause: unknown): WrappedError =>
  new WrappedError(`can't read ${name}: ${messageOf(cause)}`, { cause });

const refuse =
  (path: string) =>
  (cause: unknown): never => {
    throw cantRead(path, cause);
  };
