import { access, constants, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf, WrappedError } from '../error.ts';
import { isAlone, makeScratch, removeLeft, removeLeftAmongOthers, scratchName } from '../files.ts';
import { type Database, openDatabase } from '../sql/database.ts';
import { FolderStore } from '../store/folder/folder-store.ts';
import { openStoreIn } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { type Bounds, type Budget, budgetOf } from './budget.ts';

/** Where columns are computed and where they live, and how much of the machine that may take. */
export interface PlaceOptions extends Bounds {
  /** A folder, or `dynamodb://TABLE`. Default `./wrapped-store`. */
  readonly store?: string | undefined;
  /** The folder for totals and for columns on their way to a store that is not a folder. Default: the store, or `./wrapped-work`. */
  readonly work?: string | undefined;
}

/** A store and the working folder of it, open. Whoever opens it closes it. */
export interface Place {
  readonly database: Database;
  readonly budget: Budget;
  /** Where columns are computed: the store itself where it is a folder. */
  readonly work: FolderStore;
  readonly store: Store;
  /** A folder for files that are not finished. */
  readonly scratch: () => Promise<string>;
  /** Whether no other process has a scratch folder beside this one's. */
  readonly isAlone: () => Promise<boolean>;
  /** Removes what processes that were killed left; of a folder that can't be written, nothing. */
  readonly tidy: () => Promise<void>;
  close(): Promise<void>;
}

export const DEFAULT_STORE = './wrapped-store';
export const DEFAULT_WORK = './wrapped-work';

/** How folders begin that are made below `--temp`. */
const SPILLED = 'wrapped-';

/** The working folder of a store. */
export const workFolderOf = ({ store = DEFAULT_STORE, work }: PlaceOptions): string =>
  resolve(work ?? (store.includes('://') ? DEFAULT_WORK : store));

/** @throws WrappedError where the store can't be opened */
export async function openPlace(options: PlaceOptions): Promise<Place> {
  const name = options.store ?? DEFAULT_STORE;
  const dir = workFolderOf(options);
  const temp = join(dir, 'tmp');
  const own = scratchName();
  if (options.temp !== undefined) {
    await checkTemp(options.temp);
    await removeLeftAmongOthers(options.temp, SPILLED);
  }
  const spill =
    options.temp === undefined ? join(temp, own, 'spill') : join(resolve(options.temp), `${SPILLED}${own}`);
  const budget = budgetOf(options);
  let scratch: Promise<string> | undefined;
  const database = await openDatabase({
    threads: options.threads,
    memory: budget.memory,
    temp: spill,
    tempSize: options.tempSize,
  });
  try {
    const store = await openStoreIn(name, database);
    const work = store instanceof FolderStore && store.dir === dir ? store : FolderStore.open(dir, database);
    return {
      database,
      budget,
      work,
      store,
      scratch() {
        scratch ??= makeScratch(temp, own).catch((cause: unknown) => {
          throw new WrappedError(`store ${dir} can't be written: ${messageOf(cause)}`, {
            cause,
            hint: 'Name a folder that you may write to with --store DIR.',
          });
        });
        return scratch;
      },
      isAlone: () => isAlone(temp, own),
      tidy: () => removeLeft(temp).catch(() => undefined),
      async close() {
        await store.close();
        if (work !== store) await work.close();
        database.close();
        const made = await scratch?.catch(() => undefined);
        if (made !== undefined) await rm(made, { recursive: true, force: true });
        if (options.temp !== undefined) await rm(spill, { recursive: true, force: true });
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** What does not fit in memory may come late: a folder that can't take it is refused before anything starts. */
export async function checkTemp(dir: string): Promise<void> {
  await access(dir, constants.W_OK)
    .then(() => stat(dir))
    .then((found) => {
      if (!found.isDirectory()) throw new Error('it is no folder');
    })
    .catch((cause: unknown) => {
      throw new WrappedError(`--temp '${dir}' can't be written: ${messageOf(cause)}`, {
        cause,
        hint: 'Name a folder that is there and that you may write to.',
      });
    });
}

/** Runs work in a place that is opened before and closed after. */
export async function withPlace<Result>(
  options: PlaceOptions,
  work: (place: Place) => Promise<Result>,
): Promise<Result> {
  const place = await openPlace(options);
  try {
    return await work(place);
  } finally {
    await place.close();
  }
}
