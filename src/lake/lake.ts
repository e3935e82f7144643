import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { WrappedError } from '../error.ts';
import { TABLE_COLUMNS, type TableName } from './layout.ts';
import type { LakeLayout } from './layout-schema.ts';
import { ManyFiles } from './many-files.ts';

/** A Parquet file as the file system lists it. */
export interface LakeFile {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** A file of plays, with the partition that its folders name. */
export interface PlaysFile extends LakeFile {
  readonly year: number;
  readonly month: number | undefined;
}

/** What identifies a track: its id, or (in a lake of imports) its artist and its title. */
export type Identity = 'track_id' | 'title';

/** The input: what there is, from the listing alone. Nothing of it is ever written by a run. */
export interface Lake {
  readonly dir: string;
  readonly layout: LakeLayout;
  /** The marker that `wrapped import` leaves, or what the layout says; undefined: 'track_id' where plays have one. */
  readonly identity: Identity | undefined;
  /** Sorted by path. */
  readonly plays: readonly PlaysFile[];
  readonly tables: Readonly<Partial<Record<TableName, readonly LakeFile[]>>>;
}

/** Left in a lake by `wrapped import`. */
export const LAKE_MARKER = 'lake.json';

/**
 * Lists a lake.
 * @throws WrappedError where there is no lake, or a file of plays lies outside the year partitions
 */
export async function openLake(dir: string, layout: LakeLayout = {}): Promise<Lake> {
  const scheme = schemeOf(dir);
  if (scheme !== undefined) {
    throw new WrappedError(`lake '${dir}' is remote; this build reads lakes from the local file system`, {
      hint:
        scheme === 's3'
          ? "Reading s3:// takes DuckDB's extension 'httpfs', which is not bundled and never downloaded. Mount or copy the lake, and name that folder."
          : 'Copy the lake, and name that folder.',
    });
  }
  const root = resolve(dir);
  const plays = await listPlays(root, layout);
  const tables = Object.fromEntries(
    await Promise.all(
      (Object.keys(TABLE_COLUMNS) as TableName[]).map(
        async (name) => [name, await listTable(root, name, layout)] as const,
      ),
    ),
  );
  for (const name of Object.keys(tables)) if (tables[name]?.length === 0) delete tables[name];
  return {
    dir: root,
    layout,
    identity: layout.plays?.identity ?? (await markedIdentity(root)),
    plays,
    tables,
  };
}

/** `s3` of `s3://bucket/lake`; undefined for a path of this machine. */
export const schemeOf = (dir: string): string | undefined => /^([a-z][a-z0-9+.-]*):\/\//i.exec(dir)?.[1];

/** The files of each year's own partition. */
export function playsByYear({ plays }: Pick<Lake, 'plays'>): Map<number, PlaysFile[]> {
  const years = new Map<number, PlaysFile[]>();
  for (const file of plays) {
    const own = years.get(file.year);
    if (own === undefined) years.set(file.year, [file]);
    else own.push(file);
  }
  return years;
}

/** The years that have a partition of their own, in order. */
export const partitionYears = (lake: Lake): number[] => [...playsByYear(lake).keys()].sort((a, b) => a - b);

/** A file's path below a lake's folder. */
export const pathInLake = (dir: string, { path }: LakeFile): string =>
  // `relative` would take a second over a hundred thousand.
  path.startsWith(`${dir}${sep}`) ? path.slice(dir.length + 1) : relative(dir, path);

/** A fingerprint of files: their paths below `dir`, sizes and modification times. */
export function fingerprintFiles(dir: string, files: readonly LakeFile[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${pathInLake(dir, file)}\0${file.bytes}\0${file.modified}\n`);
  return hash.digest('hex').slice(0, 16);
}

/** A month partition of any other shape is not looked at: it saves reading files, and decides nothing. */
const MONTH = /^(0?[1-9]|1[0-2])$/;

async function listPlays(root: string, layout: LakeLayout): Promise<PlaysFile[]> {
  const folder = join(root, layout.plays?.path ?? 'plays');
  const paths = await listParquet(folder).catch((cause: NodeJS.ErrnoException) => {
    if (cause instanceof WrappedError) throw cause;
    throw new WrappedError(
      cause.code === 'ENOENT'
        ? `no lake at ${root}: there is no folder ${relative(root, folder) || folder}`
        : `lake ${root} can't be read: ${cause.message}`,
      {
        cause,
        hint: 'Make one with `wrapped import PATH… --user ID` or `wrapped generate`, or name one with --lake DIR.',
      },
    );
  });
  if (paths.length === 0) {
    throw new WrappedError(`lake ${root} has no Parquet file below ${relative(root, folder)}`, {
      hint: 'Make one with `wrapped import PATH… --user ID` or `wrapped generate`.',
    });
  }
  const yearKey = layout.plays?.partition?.year ?? 'year';
  const monthKey = layout.plays?.partition?.month ?? 'month';
  const files = new ManyFiles();
  return files.map(paths, async (path) => {
    const partitions = new Map(
      relative(folder, path)
        .split(sep)
        .slice(0, -1)
        .flatMap((part) => {
          const [key, value] = part.split('=', 2);
          return key !== undefined && value !== undefined ? [[key, value] as const] : [];
        }),
    );
    const year = partitions.get(yearKey);
    const month = partitions.get(monthKey);
    if (year === undefined || !/^\d{4}$/.test(year)) {
      throw new WrappedError(
        `${path} lies in no year partition: found '${relative(folder, path)}', expected '${yearKey}=YYYY/…'`,
        {
          hint: 'Where partitions have another name, say so in wrapped.config.json: plays.partition.year.',
        },
      );
    }
    if (month === undefined && layout.plays?.partition?.month !== undefined) {
      throw new WrappedError(
        `${path} lies in no month partition: found '${relative(folder, path)}', expected '${monthKey}=MM/…'`,
        { hint: 'Correct plays.partition.month in wrapped.config.json, or leave it out.' },
      );
    }
    return {
      ...(await fileAt(files, path)),
      year: Number(year),
      month: month !== undefined && MONTH.test(month) ? Number(month) : undefined,
    };
  });
}

async function listTable(root: string, name: TableName, layout: LakeLayout): Promise<LakeFile[]> {
  const path = layout[name]?.path;
  const found: string[] = [];
  for (const candidate of path === undefined ? [`${name}.parquet`, name] : [path]) {
    const at = resolve(root, candidate);
    const info = await stat(at).catch(() => undefined);
    if (info?.isFile()) found.push(at);
    if (info?.isDirectory()) found.push(...(await listParquet(at)));
  }
  if (path !== undefined && found.length === 0) {
    throw new WrappedError(`${name}.path: lake ${root} has no Parquet at '${path}'`, {
      hint: 'Correct it in wrapped.config.json, or leave it out if the lake has no such table.',
    });
  }
  const files = new ManyFiles();
  return files.map(found, (path) => fileAt(files, path));
}

/** The Parquet files of a folder and those in it, through links too; hidden ones (`.name`, `_name`) are none. */
export async function listParquet(folder: string, above: readonly string[] = []): Promise<string[]> {
  const real = await realpath(folder);
  // A link to a folder above it would lead round and round.
  if (above.includes(real)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter(({ name }) => !/^[._]/.test(name))
      .map(async (entry) => {
        const path = join(folder, entry.name);
        const kind = entry.isSymbolicLink() ? await statsOf(path, stat(path)) : entry;
        if (kind.isDirectory()) return listParquet(path, [...above, real]);
        return entry.name.endsWith('.parquet') ? [path] : [];
      }),
  );
  return found.flat().sort();
}

const statsOf = (path: string, stats: Promise<Stats>) =>
  stats.catch((cause: Error) => {
    throw new WrappedError(`${path} can't be read: ${cause.message}`, { cause });
  });

async function fileAt(files: ManyFiles, path: string): Promise<LakeFile> {
  const { size, mtimeMs } = await statsOf(path, files.stat(path));
  return { path, bytes: size, modified: Math.floor(mtimeMs) };
}

/**
 * Holds files to what they were when they were listed.
 * @throws WrappedError for the first that is another since, or gone
 */
export async function checkUnchanged(listed: readonly LakeFile[]): Promise<void> {
  const files = new ManyFiles();
  const now = await files.map(listed, ({ path }) => fileAt(files, path));
  const changed = listed.find(
    ({ bytes, modified }, index) => now[index]?.bytes !== bytes || now[index]?.modified !== modified,
  );
  if (changed === undefined) return;
  throw new WrappedError(`${changed.path} changed while it was read`, {
    hint: 'Run the same command again when nothing writes to the lake.',
  });
}

async function markedIdentity(root: string): Promise<Identity | undefined> {
  const path = join(root, LAKE_MARKER);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  let identity: unknown;
  try {
    identity = JSON.parse(text).identity;
  } catch (cause) {
    throw new WrappedError(`${path} is no JSON`, {
      cause,
      hint: 'Write {"identity":"title"} into it, or import again.',
    });
  }
  if (identity !== 'title' && identity !== 'track_id') {
    throw new WrappedError(
      `${path}: identity is ${JSON.stringify(identity)}, expected "title" or "track_id"`,
    );
  }
  return identity;
}
