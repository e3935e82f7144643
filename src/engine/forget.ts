import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { commitFile, commitJson, isInUse, isThere } from '../files.ts';
import type { Session } from '../sql/database.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { FolderStore, isWritten } from '../store/folder/folder-store.ts';
import { isRemote } from '../store/remote.ts';
import { columnName } from '../store/store.ts';
import { Forgotten } from './forgotten.ts';
import { Phases } from './phases.ts';
import type { Place } from './place.ts';
import { lessUsers } from './provenance.ts';
import { writeColumn } from './told.ts';

export interface ForgetOptions {
  /** Say what there is of the user, and touch nothing. */
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What there was of a user, and with a dry run still is. */
export interface ForgetResult {
  /** The user was on the list before. */
  readonly wasForgotten: boolean;
  /** Columns that had a value of theirs, such as `minutes#2019`. */
  readonly columns: readonly string[];
  /** Years whose totals counted them. */
  readonly totals: readonly number[];
  /** Whether a store that is no folder had a row of theirs; undefined: it is one, or it was a dry run. */
  readonly row: boolean | undefined;
}

/**
 * Forgets a user: puts them on the list, so that no run takes their plays, and removes what there is of them in the store and its working
 * folder. The list comes first, so that a call that was cut off is finished by the same call again. No lake is looked at.
 * @throws WrappedError where a file can't be read or written, or the store not be reached
 */
export async function forget(
  place: Place,
  user: string,
  { dryRun = false, signal }: ForgetOptions = {},
): Promise<ForgetResult> {
  const forgotten = await Forgotten.read(place.work.dir);
  const wasForgotten = forgotten.has(user);
  if (!dryRun && !wasForgotten) await forgotten.add(user, await place.scratch());
  const { columns, totals } = await takeOut(place, (id) => sql`${id} = ${user}`, { dryRun, signal }, [user]);
  const { store } = place;
  const row = !dryRun && isRemote(store) ? await store.removeRow(user) : undefined;
  return { wasForgotten, columns, totals, row };
}

/** Takes a user off the list: the next run computes them again. Whether they were on it. */
export async function remember(work: string, user: string): Promise<boolean> {
  const forgotten = await Forgotten.read(work);
  if (!forgotten.has(user)) return false;
  await forgotten.remove(user);
  return true;
}

/** Users who were forgotten since something began to write are in what it wrote: takes them out. */
export async function takeOutForgotten(place: Place, before: Forgotten): Promise<void> {
  const now = await Forgotten.read(place.work.dir);
  if (now.print === before.print) return;
  const { users } = await takeOut(place, (id) => now.holds(id));
  const { store } = place;
  if (isRemote(store)) for (const user of users) await store.removeRow(user);
}

interface Found {
  readonly users: ReadonlySet<string>;
  readonly columns: readonly string[];
  readonly totals: readonly number[];
}

/** Removes users from every file of a working folder and of a store that is a folder. */
async function takeOut(
  place: Place,
  isTaken: (user: Sql) => Sql,
  { dryRun = false, signal }: ForgetOptions = {},
  known: readonly string[] = [],
): Promise<Found> {
  const { work, store, database } = place;
  const users = new Set(known);
  const columns = new Set<string>();
  const session = await database.session();
  const usersIn = async (file: string): Promise<string[]> => {
    signal?.throwIfAborted();
    const rows = await session.rows<{ user_id: string }>(
      sql`SELECT user_id FROM read_parquet(${file}) WHERE ${isTaken(sql`user_id`)}`,
    );
    for (const { user_id } of rows) users.add(user_id);
    return rows.map(({ user_id }) => user_id);
  };
  const rewritten = async (file: string): Promise<{ temp: string; rows: number }> => {
    const temp = join(await place.scratch(), `rewritten-${basename(file)}`);
    const others = sql`SELECT user_id, value FROM read_parquet(${file}) WHERE NOT ${isTaken(sql`user_id`)}`;
    const [{ rows = 0n } = {}] = await session.rows<{ rows: bigint }>(
      sql`SELECT count(*) AS rows FROM (${others})`,
    );
    await writeColumn(session, others, temp, Number(rows), new Phases());
    return { temp, rows: Number(rows) };
  };
  try {
    for (const folder of new Set([work, ...(store instanceof FolderStore ? [store] : [])])) {
      const ledger = await folder.ledger();
      // What a killed process left behind that the ledger does not name.
      const named = new Set(
        ledger.flatMap(({ written }) => (written === undefined ? [] : [folder.path(written)])),
      );
      for (const file of await listFiles(join(folder.dir, 'columns'), '.parquet')) {
        if (named.has(file)) continue;
        const isTheirs = await usersIn(file).then(
          (found) => found.length > 0,
          (cause: unknown) => ifGone(file, cause, false),
        );
        if (isTheirs && !dryRun) await rm(file, { force: true });
      }
      for (const id of ledger) {
        const entryOf = async () => [await folder.entry(id)].filter(isWritten);
        await folder.reading(entryOf, async ([entry]) => {
          if (entry === undefined || (await usersIn(folder.path(entry.written))).length === 0) return;
          columns.add(columnName(entry));
          if (dryRun) return;
          const { temp, rows } = await rewritten(folder.path(entry.written));
          const { at: _at, when: _when, ...facts } = entry.written;
          await folder.put({
            story: entry.story,
            period: entry.period,
            file: temp,
            written: { ...facts, rows, from: lessUsers(facts.from) },
          });
        });
      }
    }
    const totals = await totalsOf(session, work.dir, isTaken);
    if (!dryRun) {
      for (const dir of totals) await rm(dir, { recursive: true, force: true });
      await takeOutOfPublished(work.dir, users, async (file) => {
        if ((await usersIn(file)).length > 0) await commitFile((await rewritten(file)).temp, file);
      });
      // What was read out of a table for a decade; it is read again.
      await rm(join(work.dir, 'scans'), { recursive: true, force: true });
      // Other processes that are gone may have left files half done: that removes them.
      await place.scratch();
    }
    const years = totals.map((dir) => Number(relative(join(work.dir, 'totals'), dir).split(sep)[0]));
    return { users, columns: [...columns].sort(), totals: [...new Set(years)].sort((a, b) => a - b) };
  } finally {
    session.close();
  }
}

/**
 * The folders of totals that count any of these users. They go whole: numbers stand for users in them. One in which no file tells of users is
 * what is left of one that was being removed.
 */
async function totalsOf(session: Session, work: string, isTaken: (user: Sql) => Sql): Promise<string[]> {
  const files = await listFiles(join(work, 'totals'), '.parquet');
  const folderOf = (file: string) => dirname(dirname(file));
  const folders = new Set(files.map(folderOf));
  const counting: string[] = [];
  for (const folder of folders) {
    const own = files.filter((file) => folderOf(file) === folder);
    const found = await countsUsers(session, own, isTaken).catch((cause: unknown) =>
      ifGone(own[0]!, cause, true),
    );
    if (found) counting.push(folder);
  }
  return counting;
}

async function countsUsers(
  session: Session,
  files: readonly string[],
  isTaken: (user: Sql) => Sql,
): Promise<boolean> {
  const named = await session.rows<{ file_name: string }>(
    sql`SELECT DISTINCT file_name FROM parquet_schema([${files}]) WHERE name = 'user_id'`,
  );
  const paths = named.map(({ file_name }) => file_name);
  if (paths.length === 0) return true;
  const found = await session.rows(
    sql`SELECT 1 FROM read_parquet([${paths}], union_by_name = true) WHERE ${isTaken(sql`user_id`)} LIMIT 1`,
  );
  return found.length > 0;
}

/** What to take for true of a file that could not be read because a run that goes on removed it. */
async function ifGone(file: string, cause: unknown, then: boolean): Promise<boolean> {
  if (await isThere(file)) throw cause;
  return then;
}

/** Takes users out of what a working folder remembers of tables: columns as they were last sent, and publishes that were cut off. */
async function takeOutOfPublished(
  work: string,
  users: ReadonlySet<string>,
  takeOutOf: (file: string) => Promise<void>,
): Promise<void> {
  const published = join(work, 'published');
  for (const file of await listFiles(published, '.parquet')) await takeOutOf(file);
  for (const file of await listFiles(published, '.json')) {
    const facts = JSON.parse(await readFile(file, 'utf8')) as { refused?: readonly string[] };
    const refused = facts.refused?.filter((user) => !users.has(user));
    if (refused?.length !== facts.refused?.length) await commitJson(file, { ...facts, refused });
  }
  // How far one came is told by a user's id. Without the note, the next publish sends every value again.
  for (const note of await listFiles(published, '')) {
    const folder = dirname(note);
    if (basename(folder) !== 'running') continue;
    if (basename(note).startsWith('left-') || !(await isInUse(folder, basename(note))))
      await rm(note, { force: true });
  }
}

/** The files below a folder whose names end like that; none where there is no folder. */
async function listFiles(folder: string, end: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  return found
    .filter((file) => file.isFile() && file.name.endsWith(end))
    .map((file) => join(file.parentPath, file.name))
    .sort();
}
