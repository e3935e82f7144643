import { type UnreadableFile, whyUnreadable, withoutBroken } from '../lake/broken-files.ts';
import { Footers } from '../lake/footers.ts';
import { type Lake, type LakeFile, openLake } from '../lake/lake.ts';
import type { LakeLayout } from '../lake/layout-schema.ts';
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
  /** Files of plays that can't be read: their years are told by no run. */
  readonly broken: readonly UnreadableFile[];
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
    const { lake, tables, years, broken } = await readLake(session, listed, timezone, isLeftOut).catch(
      async (cause: unknown) => {
        throw await whyUnreadable(session, tableFiles(listed), cause);
      },
    );
    return {
      ...place,
      session,
      lake,
      tables,
      years,
      broken,
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

/** Reads what a lake's files say of themselves. A file of plays that can't be read takes its own years with it, and no other. */
async function readLake(
  session: Session,
  listed: Lake,
  timezone: string,
  isLeftOut: ((user: Sql) => Sql) | undefined,
): Promise<Pick<Workspace, 'lake' | 'tables' | 'years' | 'broken'>> {
  const tables = await describeTables(session, listed);
  const footers = await Footers.read(listed);
  return withoutBroken(listed.plays, async (broken) => {
    const lake =
      isLeftOut === undefined ? listed : await lakeWithout(session, listed, footers, isLeftOut, broken);
    const years = await localYears(session, lake, footers, tables, timezone, { isLeftOut, broken });
    return { lake, tables, years, broken };
  });
}

/** The files of the tables beside a lake's plays. */
export const tableFiles = ({ tables }: Lake): LakeFile[] => Object.values(tables).flat();

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
