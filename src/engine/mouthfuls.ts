import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lake, type LakeFile, type PlaysFile, pathInLake } from '../lake/lake.ts';

/** What totals were made of, as `input.json` beside them says. */
export interface TotalsInput {
  /** A fingerprint of what is the same for all of a year's plays: the rules, the layout, the version of totals. */
  readonly rules: string;
  /** How many mouthfuls they were merged of; 1 where they were made of plays, or of mouthfuls too small to be kept apart. */
  readonly mouthfuls: number;
  /** Path below the lake, to size and modification time. */
  readonly plays: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, string>>;
}

/** Totals that are there, by the name of their folder. */
export interface KnownTotals extends TotalsInput {
  readonly name: string;
}

export const INPUT = 'input.json';

/** The totals of a year that are there. */
export async function knownTotals(folder: string): Promise<KnownTotals[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.sort().map(async (name) => {
      const text = await readFile(join(folder, name, INPUT), 'utf8').catch(() => '');
      const input = parseInput(text);
      return input === undefined ? [] : [{ name, ...input }];
    }),
  );
  return found.flat();
}

/** Totals that don't say what they were made of, or can't be understood, are not known. */
function parseInput(text: string): TotalsInput | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const stampOf = (file: LakeFile): string => `${file.bytes} ${file.modified}`;

/** Files as `input.json` names them. */
export const stamps = ({ dir }: Lake, files: readonly LakeFile[]): Record<string, string> =>
  Object.fromEntries(files.map((file) => [pathInLake(dir, file), stampOf(file)]));

/** Files that are read together, and whose totals are kept together. */
export interface Mouthful {
  readonly files: readonly PlaysFile[];
  /** Files of smaller mouthfuls whose totals are there: theirs become one's. Otherwise its plays are read. */
  readonly of?: readonly (readonly PlaysFile[])[];
}

/** A year below this size is one mouthful whatever it was before: to read it is quicker than to merge. */
const ALWAYS_ONE = 64 * 2 ** 20;

/** So many mouthfuls of a year are kept apart; with more, small ones become one. */
const MOST_APART = 16;

/**
 * Cuts a year's files into mouthfuls of up to `size` bytes. One whose totals are there and whose files are all what they were stays; what is
 * new, and what was with a file that changed or went, makes new ones.
 */
export function planMouthfuls(
  lake: Lake,
  files: readonly PlaysFile[],
  {
    size,
    rules,
    tables,
    known,
  }: Omit<TotalsInput, 'mouthfuls' | 'plays'> & {
    readonly size: number;
    readonly known: readonly KnownTotals[];
  },
): Mouthful[] {
  const byPath = new Map(files.map((file) => [pathInLake(lake.dir, file), file]));
  if (bytesOf(files) <= Math.min(size, ALWAYS_ONE)) return [{ files }];
  const left = new Map(byPath);
  const kept: Mouthful[] = [];
  for (const one of known) {
    if (one.mouthfuls !== 1 || one.rules !== rules || !isSame(one.tables, tables)) continue;
    const own = Object.entries(one.plays).map(([path, stamp]) => {
      const file = left.get(path);
      return file !== undefined && stampOf(file) === stamp ? file : undefined;
    });
    if (own.includes(undefined)) continue;
    for (const path of Object.keys(one.plays)) left.delete(path);
    kept.push({ files: own as PlaysFile[] });
  }
  return [...compacted(kept, size), ...cut([...left.values()], size)];
}

/** Files in their order, as many together as `size` allows. */
function cut(files: readonly PlaysFile[], size: number): Mouthful[] {
  const mouthfuls: PlaysFile[][] = [];
  let room = 0;
  for (const file of files) {
    if (mouthfuls.length === 0 || file.bytes > room) {
      mouthfuls.push([]);
      room = size;
    }
    mouthfuls.at(-1)?.push(file);
    room -= file.bytes;
  }
  return mouthfuls.map((some) => ({ files: some }));
}

/** Where there are too many, the smallest become one. */
function compacted(mouthfuls: readonly Mouthful[], size: number): Mouthful[] {
  if (mouthfuls.length <= MOST_APART) return [...mouthfuls];
  const together: Mouthful[] = [];
  let room = size;
  for (const one of [...mouthfuls].sort((a, b) => bytesOf(a.files) - bytesOf(b.files))) {
    room -= bytesOf(one.files);
    if (room < 0) break;
    together.push(one);
  }
  if (together.length < 2) return [...mouthfuls];
  const one: Mouthful = {
    files: together.flatMap(({ files }) => files).sort((a, b) => (a.path < b.path ? -1 : 1)),
    of: together.map(({ files }) => files),
  };
  return [...mouthfuls.filter((mouthful) => !together.includes(mouthful)), one];
}

export const bytesOf = (files: readonly LakeFile[]): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

const isSame = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean => {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
};

/** What differs between two inputs, for a person. */
export function differenceOf(before: TotalsInput, after: Pick<TotalsInput, 'plays' | 'tables'>): string {
  const [was, is] = [
    { ...before.plays, ...before.tables },
    { ...after.plays, ...after.tables },
  ];
  const added = Object.keys(is).filter((path) => was[path] === undefined);
  const removed = Object.keys(was).filter((path) => is[path] === undefined);
  const changed = Object.keys(is).filter((path) => was[path] !== undefined && was[path] !== is[path]);
  const parts = [
    [added, 'new'],
    [changed, 'changed'],
    [removed, 'gone'],
  ] as const;
  const told = parts
    .filter(([paths]) => paths.length > 0)
    .map(([paths, what]) =>
      paths.length === 1 ? `${paths[0]} is ${what}` : `${paths.length} files are ${what}`,
    );
  return told.join(', ') || 'the layout or the rules';
}
