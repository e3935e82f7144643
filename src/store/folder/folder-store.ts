import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { messageOf, WrappedError } from '../../error.ts';
import { commitFile, commitJson, isInUse, isThere, removeFile, scratchName } from '../../files.ts';
import type { Database } from '../../sql/database.ts';
import { join as joinSql, sql } from '../../sql/sql.ts';
import { type ColumnType, tidy } from '../../story/index.ts';
import { compareColumns, missingColumn } from '../ledger.ts';
import {
  type ColumnId,
  type ColumnValue,
  columnName,
  type LedgerEntry,
  type NewColumn,
  type Provenance,
  type Row,
  type Store,
  type Written,
} from '../store.ts';

const EXTENSION = '.parquet';

/** How files of the ledger end. */
const ENTRY = '.json';
const FAILED = '.failed.json';
const LEDGER_FILE = /^([^.]+)(?:\.failed)?\.json$/;

/** That a column could not be computed. */
interface Failure extends Pick<LedgerEntry, 'from'> {
  readonly state: 'failed';
  readonly reason: string;
  /** The file of the column that was there, and stays; none where there was none. */
  readonly of?: string;
}

/** Rows in a row group of a column's file: few, so that finding one user reads little. */
export const COLUMN_ROW_GROUP = 2048;

/**
 * The embedded store: one Parquet file a column, one JSON file a ledger entry.
 *
 *     DIR/ledger/top-artist/2019.json
 *     DIR/ledger/top-artist/2019.failed.json    the last computation failed, beside the column that it would have replaced
 *     DIR/columns/top-artist/2019~HOST-PID-TIME_NTH.parquet
 *
 * A new column gets a name of its own; its entry, renamed into place, is what makes it the column. Then the file that
 * the entry before named is removed.
 */
export class FolderStore implements Store {
  readonly name: string;
  readonly dir: string;
  readonly #database: Database;

  private constructor(name: string, database: Database) {
    this.name = name;
    this.dir = resolve(name);
    this.#database = database;
  }

  /** Opens a folder, which need not exist yet: the first column makes it. */
  static open(dir: string, database: Database): FolderStore {
    return new FolderStore(dir, database);
  }

  async ledger(): Promise<LedgerEntry[]> {
    const folder = join(this.dir, 'ledger');
    const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(ifMissing([]));
    const columns = new Map<string, ColumnId>();
    for (const file of files) {
      const [, period] = file.isFile() ? (LEDGER_FILE.exec(file.name) ?? []) : [];
      if (period === undefined) continue;
      const column = { story: basename(file.parentPath), period };
      columns.set(columnName(column), column);
    }
    const entries = await Promise.all([...columns.values()].map((column) => this.entry(column)));
    return entries.filter((entry) => entry !== undefined).sort(compareColumns);
  }

  async entry(column: ColumnId): Promise<LedgerEntry | undefined> {
    const [entry, failure] = await Promise.all([
      this.#committed(column),
      readJson<Failure>(this.#path(column, FAILED)),
    ]);
    // Of another column than is there now it tells nothing: that one was computed since.
    if (failure === undefined || failure.of !== entry?.written?.at) return entry;
    const { from, reason } = failure;
    const { story, period } = column;
    return {
      story,
      period,
      state: 'failed',
      from,
      reason,
      ...(entry?.written && { written: entry.written }),
    };
  }

  async put({ story, period, file, written }: NewColumn): Promise<LedgerEntry> {
    const at = `columns/${story}/${period}~${scratchName()}${EXTENSION}`;
    await commitFile(file, join(this.dir, at));
    const { from } = written;
    const when = new Date().toISOString();
    return this.#commit({ story, period, state: 'written', from, written: { at, ...written, when } });
  }

  /** In a file of its own, so that it takes nothing away which another process commits at the same time. */
  async putFailure(column: ColumnId, from: Provenance, reason: string): Promise<LedgerEntry> {
    const { story, period } = column;
    const written = (await this.entry(column))?.written;
    const failure: Failure = { state: 'failed', from, reason, ...(written && { of: written.at }) };
    await commitJson(this.#path(column, FAILED), failure);
    return { story, period, state: 'failed', from, reason, ...(written && { written }) };
  }

  putNotApplicable(column: ColumnId, from: Provenance, reason: string): Promise<LedgerEntry> {
    const { story, period } = column;
    return this.#commit({ story, period, state: 'not-applicable', from, reason });
  }

  async row(userId: string): Promise<Row | undefined> {
    return this.reading(
      async () => (await this.ledger()).filter(isWritten),
      (columns) => this.#row(columns, userId),
    );
  }

  async #row(columns: readonly WrittenEntry[], userId: string): Promise<Row | undefined> {
    if (columns.length === 0) return undefined;
    const pieces = columns.map(
      ({ written }, index) => sql`
        SELECT ${index}::INTEGER AS place, to_json(value)::VARCHAR AS value
        FROM read_parquet(${this.path(written)}) WHERE user_id = ${userId}`,
    );
    const session = await this.#database.session();
    const found = await session
      .rows<{ place: number; value: string }>(sql`${joinSql(pieces, ' UNION ALL ')} ORDER BY place`)
      .finally(() => session.close());
    if (found.length === 0) return undefined;
    return {
      user_id: userId,
      columns: Object.fromEntries(
        found.map(({ place, value }) => {
          const entry = columns[place] as WrittenEntry;
          return [columnName(entry), tidy(entry.written.type, JSON.parse(value))];
        }),
      ),
    };
  }

  async *values(column: ColumnId): AsyncIterable<ColumnValue[]> {
    const entriesOf = async () => [await this.entry(column)].filter(isWritten);
    /** The first of them is read at once: from then on the file is open, and may be removed. */
    const begin = async ([entry]: readonly WrittenEntry[]) => {
      if (entry === undefined) throw await missingColumn(this, column);
      const { written } = entry;
      const values = columnValues(this.#database, this.path(written), written.type);
      return { entry, values, first: await values.next() };
    };
    const { entry, values, first } = await this.reading(entriesOf, begin);
    if (first.done === true) return;
    yield first.value;
    try {
      yield* values;
    } catch (cause) {
      throw this.#damaged([entry], cause);
    }
  }

  async files(columns: readonly ColumnId[]): Promise<string[]> {
    return Promise.all(
      columns.map(async (column) => {
        const { written } = (await this.entry(column)) ?? {};
        if (written === undefined) throw await missingColumn(this, column);
        return this.path(written);
      }),
    );
  }

  /**
   * Reads columns that may be written anew meanwhile: then they have other files, which the ledger names, and are read again.
   * @throws WrappedError for a column whose file can't be read
   */
  async reading<Result>(
    entriesOf: () => Promise<WrittenEntry[]>,
    read: (entries: readonly WrittenEntry[]) => Promise<Result>,
  ): Promise<Result> {
    const entries = await entriesOf();
    try {
      return await read(entries);
    } catch (cause) {
      const now = await entriesOf();
      const isSame =
        now.map(({ written }) => written.at).join() === entries.map(({ written }) => written.at).join();
      if (isSame) throw this.#damaged(entries, cause);
      return this.reading(entriesOf, read);
    }
  }

  /** Nothing of a folder stays open between calls. */
  async close(): Promise<void> {}

  /** The Parquet file of a column that this store has. */
  path({ at }: Pick<Written, 'at'>): string {
    return join(this.dir, at);
  }

  /** The error for a column whose file can't be read. */
  #damaged(columns: readonly WrittenEntry[], cause: unknown): unknown {
    const [message = ''] = messageOf(cause).split('\n');
    const column = columns.find(({ written }) => message.includes(this.path(written)));
    if (column === undefined) return cause;
    return new WrappedError(`column ${columnName(column)} of store ${this.name} can't be read: ${message}`, {
      cause,
      hint: `Compute it anew with \`wrapped run --story ${column.story} --year ${column.period} --force\`.`,
    });
  }

  #path({ story, period }: ColumnId, end: typeof ENTRY | typeof FAILED): string {
    return join(this.dir, 'ledger', story, `${period}${end}`);
  }

  async #committed(column: ColumnId): Promise<LedgerEntry | undefined> {
    const entry = await readJson<LedgerEntry>(this.#path(column, ENTRY));
    if (entry?.written === undefined || (await isThere(this.path(entry.written)))) return entry;
    // Somebody removed the column's file: then there is no column, whatever the ledger says.
    const { written: _, ...rest } = entry;
    return rest;
  }

  /** Removes files of a column that processes left behind which were killed before the ledger named them, or after it named another. */
  async #sweep(column: ColumnId): Promise<void> {
    const folder = join(this.dir, 'columns', column.story);
    const start = `${column.period}~`;
    for (const name of await readdir(folder).catch(ifMissing([]))) {
      if (!name.startsWith(start)) continue;
      const maker = name.slice(start.length, -EXTENSION.length);
      if (await isInUse(folder, maker, name)) continue;
      // Looked up last: whoever is gone by now had its file named before.
      const { written } = (await this.entry(column)) ?? {};
      if (name !== basename(written?.at ?? '')) await rm(join(folder, name), { force: true });
    }
  }

  async #commit(entry: LedgerEntry): Promise<LedgerEntry> {
    const before = await this.#committed(entry);
    await commitJson(this.#path(entry, ENTRY), entry);
    await removeFile(this.#path(entry, FAILED));
    if (before?.written !== undefined) await rm(this.path(before.written), { force: true });
    await this.#sweep(entry);
    return entry;
  }
}

/** The entry of a column that is there. */
export type WrittenEntry = LedgerEntry & { readonly written: Written };

export const isWritten = (entry: LedgerEntry | undefined): entry is WrittenEntry =>
  entry?.written !== undefined;

/** The values of a column's file, sorted by user, some hundreds at a time. */
export async function* columnValues(
  database: Database,
  file: string,
  type: ColumnType,
): AsyncGenerator<ColumnValue[], void, undefined> {
  // A session of its own: the next statement of a session ends the stream of the one before.
  const session = await database.session();
  try {
    const chunks = session.chunks<{ user_id: string; value: string }>(sql`
      SELECT user_id, to_json(value)::VARCHAR AS value FROM read_parquet(${file}) ORDER BY user_id`);
    for await (const rows of chunks) {
      yield rows.map(({ user_id, value }) => ({ user_id, value: tidy(type, JSON.parse(value)) }));
    }
  } finally {
    session.close();
  }
}

/** @throws WrappedError that names it, for a file of the ledger that is no JSON */
async function readJson<Content>(path: string): Promise<Content | undefined> {
  const content = await readFile(path, 'utf8').catch(ifMissing(undefined));
  if (content === undefined) return undefined;
  try {
    return JSON.parse(content) as Content;
  } catch (cause) {
    throw new WrappedError(`${path} is no ledger entry: ${content.slice(0, 40)}`, {
      cause,
      hint: 'Remove that file and run `wrapped run-all` again: the column is then computed anew.',
    });
  }
}

const ifMissing =
  <Value>(value: Value) =>
  (error: NodeJS.ErrnoException): Value => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return value;
    throw error;
  };
