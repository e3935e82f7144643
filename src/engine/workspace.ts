import { type Lake, openLake } from '../lake/lake.ts';
import type { LakeLayout } from '../lake/layout.ts';
import { type LocalYears, lakeWithout, localYears } from '../lake/local-years.ts';
import { describeTables, type Tables } from '../lake/relations.ts';
import type { Session } from '../sql/database.ts';
import type { Sql } from '../sql/sql.ts';
import { Forgotten } from './forgotten.ts';
import { secondsSince } from './phases.ts';
import { DEFAULT_STORE, DEFAULT_WORK, openPlace, type Place, type PlaceOptions } from './place.ts';
import { rulesOf } from './provenance.ts';

/** Where things are, and how much of the machine they may take. */
export interface WorkspaceOptions extends PlaceOptions {
  /** The lake's folder. Default `./lake`. */
  readonly lake?: string | undefined;
  readonly layout?: LakeLayout | undefined;
  /** The zone of users that the lake's `users` gives none. Default UTC. */
  readonly timezone?: string | undefined;
}

/** A lake, a store and the working folder between them, open. Whoever opens it closes it. */
export interface Workspace extends Place {
  readonly session: Session;
  readonly lake: Lake;
  readonly tables: Tables;
  readonly years: LocalYears;
  /** Whom no run takes, as of now. */
  readonly forgotten: Forgotten;
  /** See `rulesOf`. */
  readonly rules: string;
  /** How long it took to open: to list the lake, and to read what its files say of themselves. */
  readonly seconds: number;
}

export const DEFAULTS = {
  lake: './lake',
  store: DEFAULT_STORE,
  work: DEFAULT_WORK,
  timezone: 'UTC',
} as const;

/** @throws WrappedError where the lake can't be read or the store not be opened */
export async function openWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const since = performance.now();
  const listed = await openLake(options.lake ?? DEFAULTS.lake, options.layout);
  const timezone = options.timezone ?? DEFAULTS.timezone;
  const place = await openPlace(options);
  try {
    const session = await place.database.session();
    const forgotten = await Forgotten.read(place.work.dir);
    const isLeftOut = forgotten.size === 0 ? undefined : (user: Sql) => forgotten.holds(user);
    const lake = isLeftOut === undefined ? listed : await lakeWithout(session, listed, isLeftOut);
    const tables = await describeTables(session, lake);
    const years = await localYears(session, lake, tables, timezone, isLeftOut);
    return {
      ...place,
      session,
      lake,
      tables,
      years,
      forgotten,
      rules: rulesOf(timezone, years.schema.identity, forgotten),
      seconds: secondsSince(since),
      async close() {
        session.close();
        await place.close();
      },
    };
  } catch (error) {
    await place.close();
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
