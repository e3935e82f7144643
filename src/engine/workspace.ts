import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf, WrappedError } from '../error.ts';
import { makeScratch, scratchName } from '../files.ts';
import { type Lake, openLake } from '../lake/lake.ts';
import type { LakeLayout } from '../lake/layout.ts';
import { type LocalYears, localYears } from '../lake/local-years.ts';
import { describeTables, type Tables } from '../lake/relations.ts';
import { type Database, openDatabase, type Session } from '../sql/database.ts';
import { FolderStore } from '../store/folder/folder-store.ts';
import { openStoreIn } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { rulesOf } from './provenance.ts';

/** Where things are, and how much of the machine they may take. */
export interface WorkspaceOptions {
  /** The lake's folder. Default `./lake`. */
  readonly lake?: string | undefined;
  /** A folder, or `dynamodb://TABLE`. Default `./wrapped-store`. */
  readonly store?: string | undefined;
  /** The folder for totals and for columns on their way to a store that is not a folder. Default: the store, or `./wrapped-work`. */
  readonly work?: string | undefined;
  readonly layout?: LakeLayout | undefined;
  /** The zone of users that the lake's `users` gives none. Default UTC. */
  readonly timezone?: string | undefined;
  /** Threads of one query. Default: the number of cores. */
  readonly threads?: number | undefined;
}

/** A lake, a store and the working folder between them, open. Whoever opens it closes it. */
export interface Workspace {
  readonly database: Database;
  readonly session: Session;
  readonly lake: Lake;
  readonly tables: Tables;
  readonly years: LocalYears;
  /** See `rulesOf`. */
  readonly rules: string;
  /** Where columns are computed: the store itself where it is a folder. */
  readonly work: FolderStore;
  readonly store: Store;
  /** A folder for files that are not finished. */
  readonly scratch: () => Promise<string>;
  close(): Promise<void>;
}

export const DEFAULTS = {
  lake: './lake',
  store: './wrapped-store',
  work: './wrapped-work',
  timezone: 'UTC',
} as const;

/** @throws WrappedError where the lake can't be read or the store not be opened */
export async function openWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const lake = await openLake(options.lake ?? DEFAULTS.lake, options.layout);
  const timezone = options.timezone ?? DEFAULTS.timezone;
  const storeName = options.store ?? DEFAULTS.store;
  const isFolder = !storeName.includes('://');
  const workDir = resolve(options.work ?? (isFolder ? storeName : DEFAULTS.work));
  let scratch: Promise<string> | undefined;
  const temp = join(workDir, 'tmp');
  const own = scratchName();
  const database = await openDatabase({ threads: options.threads, temp: join(temp, own, 'spill') });
  try {
    const session = await database.session();
    const tables = await describeTables(session, lake);
    const years = await localYears(session, lake, tables, timezone);
    const store = await openStoreIn(storeName, database);
    const work =
      store instanceof FolderStore && store.dir === workDir ? store : FolderStore.open(workDir, database);
    return {
      database,
      session,
      lake,
      tables,
      years,
      rules: rulesOf(timezone, years.schema.identity),
      work,
      store,
      scratch() {
        scratch ??= makeScratch(temp, own).catch((cause: unknown) => {
          throw new WrappedError(`store ${workDir} can't be written: ${messageOf(cause)}`, {
            cause,
            hint: 'Name a folder that you may write to with --store DIR.',
          });
        });
        return scratch;
      },
      async close() {
        await store.close();
        if (work !== store) await work.close();
        session.close();
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

/** Runs work in a workspace that is opened before and closed after. @throws what {@link openWorkspace} throws, and what the work does */
export async function withWorkspace<Result>(
  options: WorkspaceOptions,
  work: (workspace: Workspace) => Promise<Result>,
): Promise<Result> {
  const workspace = await openWorkspace(options);
  try {
    return await work(workspace);
  } finally {
    await workspace.close();
  }
}
