import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf, WrappedError } from '../error.ts';
import { makeScratch, scratchName } from '../files.ts';
import { type Database, openDatabase } from '../sql/database.ts';
import { FolderStore } from '../store/folder/folder-store.ts';
import { openStoreIn } from '../store/open.ts';
import type { Store } from '../store/store.ts';

/** Where columns are computed and where they live, and how much of the machine that may take. */
export interface PlaceOptions {
  /** A folder, or `dynamodb://TABLE`. Default `./wrapped-store`. */
  readonly store?: string | undefined;
  /** The folder for totals and for columns on their way to a store that is not a folder. Default: the store, or `./wrapped-work`. */
  readonly work?: string | undefined;
  /** Threads of one query. Default: the number of cores. */
  readonly threads?: number | undefined;
}

/** A store and the working folder of it, open. Whoever opens it closes it. */
export interface Place {
  readonly database: Database;
  /** Where columns are computed: the store itself where it is a folder. */
  readonly work: FolderStore;
  readonly store: Store;
  /** A folder for files that are not finished. */
  readonly scratch: () => Promise<string>;
  close(): Promise<void>;
}

export const DEFAULT_STORE = './wrapped-store';
export const DEFAULT_WORK = './wrapped-work';

/** The working folder of a store. */
export const workFolderOf = ({ store = DEFAULT_STORE, work }: PlaceOptions): string =>
  resolve(work ?? (store.includes('://') ? DEFAULT_WORK : store));

/** @throws WrappedError where the store can't be opened */
export async function openPlace(options: PlaceOptions): Promise<Place> {
  const name = options.store ?? DEFAULT_STORE;
  const dir = workFolderOf(options);
  const temp = join(dir, 'tmp');
  const own = scratchName();
  let scratch: Promise<string> | undefined;
  const database = await openDatabase({ threads: options.threads, temp: join(temp, own, 'spill') });
  try {
    const store = await openStoreIn(name, database);
    const work = store instanceof FolderStore && store.dir === dir ? store : FolderStore.open(dir, database);
    return {
      database,
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
      async close() {
        await store.close();
        if (work !== store) await work.close();
        database.close();
        const made = await scratch?.catch(() => undefined);
        if (made !== undefined) await rm(made, { recursive: true, force: true });
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
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
