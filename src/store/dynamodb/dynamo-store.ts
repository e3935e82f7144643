import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WrappedError } from '../../error.ts';
import type { Database } from '../../sql/database.ts';
import { sql } from '../../sql/sql.ts';
import { tidy } from '../../story/index.ts';
import { columnValues } from '../folder/folder-store.ts';
import { missingColumn } from '../ledger.ts';
import {
  DEFAULT_GIVE_UP_SECONDS,
  type Estimate,
  type Publication,
  type PublishOptions,
  type PublishResult,
  type RemoteStore,
} from '../remote.ts';
import {
  type ColumnId,
  type ColumnValue,
  columnName,
  type LedgerEntry,
  type NewColumn,
  type Provenance,
  type Row,
} from '../store.ts';
import { fromAttribute, keepable, ROWS_KEY } from './attributes.ts';
import { type SentColumn, sentFile } from './changes.ts';
import type { Connection } from './connection.ts';
import { MissingTable } from './errors.ts';
import { estimate } from './estimate.ts';
import { fetchColumns } from './fetch-columns.ts';
import { LEDGER_KEY, LedgerTable } from './ledger-table.ts';
import { MAX_KEY_BYTES } from './limits.ts';
import { type Location, ledgerTableOf, parseLocation } from './location.ts';
import { isAsKnown, Memory } from './memory.ts';
import { RowsTable } from './rows-table.ts';
import type { Capacity, Persist } from './table.ts';

/**
 * The store in a DynamoDB table: an item per user, an attribute per column; its ledger is a second table. See `docs/dynamodb.md`.
 *
 * Each computation of a column has a number, its generation. Values carry it, a row never takes an older one for a newer, and the entry says
 * from which generation on values are part of the column. Readers pass over older ones, so that what a writer left behind that was
 * cut off or overtaken does no harm.
 */
export class DynamoStore implements RemoteStore {
  readonly name: string;
  readonly #location: Location;
  readonly #database: Database;
  readonly #connection: Connection;
  readonly #rows: RowsTable;
  readonly #ledger: LedgerTable;
  #tables: Promise<void> | undefined;

  private constructor(location: Location, database: Database, connection: Connection) {
    this.name = location.url;
    this.#location = location;
    this.#database = database;
    this.#connection = connection;
    this.#rows = new RowsTable(connection.table(location.table, ROWS_KEY));
    this.#ledger = new LedgerTable(connection.table(ledgerTableOf(location.table), LEDGER_KEY));
  }

  /**
   * Opens `dynamodb://TABLE[?region=…&endpoint=…]`. The table need not exist yet: the first write makes it.
   *
   * @param options `answerMs`: after how long a request that has no answer is sent again
   * @throws WrappedError where the URL is none, or there is no region or are no credentials
   */
  static async open(
    url: string,
    database: Database,
    options: { readonly answerMs?: number } = {},
  ): Promise<DynamoStore> {
    const location = parseLocation(url);
    // The SDK takes a tenth of a second to load, which no command should pay that doesn't use it.
    const { connect } = await import('./connection.ts');
    return new DynamoStore(location, database, await connect(location, options));
  }

  /**
   * Makes the two tables where they are not there, and waits until they can be used. Safe to repeat.
   *
   * @param capacity units a second of the table of rows. Default: billed on demand, as the ledger always is
   * @throws WrappedError where a table has another key than ours
   */
  async ensureTables(capacity?: Capacity): Promise<void> {
    this.#tables ??= this.#rows.ensure(capacity).then(() => this.#ledger.ensure());
    await this.#tables.catch((error) => {
      this.#tables = undefined;
      throw error;
    });
  }

  /** Removes both tables, with all that is in them. */
  async removeTables(): Promise<void> {
    this.#tables = undefined;
    await this.#rows.remove();
    await this.#ledger.remove();
  }

  /** Empty where there are no tables yet. @throws WrappedError where the table of rows is gone and its ledger is not */
  async ledger(): Promise<LedgerEntry[]> {
    const all = await this.#ledger.all().catch(ifMissing([]));
    const columns = all.filter(({ entry }) => entry.written !== undefined).length;
    if (columns > 0 && !(await this.#rows.isThere())) {
      const { table, url } = this.#location;
      throw new WrappedError(
        `table ${table} is gone, and its ledger ${ledgerTableOf(table)} tells of ${columns} columns in it`,
        {
          hint: `Remove ${ledgerTableOf(table)} too, and \`wrapped publish --store ${url}\` fills both anew; or bring the table back.`,
        },
      );
    }
    return all.map(({ entry }) => entry);
  }

  /** Undefined where there are no tables yet. */
  async entry(column: ColumnId): Promise<LedgerEntry | undefined> {
    const found = await this.#ledger.get(column).catch(ifMissing(undefined));
    return found?.entry;
  }

  async takeGenerations(columns: readonly ColumnId[]): Promise<number[]> {
    await this.ensureTables();
    return Promise.all(columns.map((column) => this.#ledger.take(column)));
  }

  /** @throws WrappedError where a user's id can't be a key, or a column not be kept */
  async publish(
    publications: readonly Publication[],
    work: string | undefined,
    options: PublishOptions = {},
  ): Promise<PublishResult> {
    for (const { story, period, entry } of publications)
      if (entry.written !== undefined) keepable(columnName({ story, period }), entry.written.type);
    await this.#checkUserIds(publications.flatMap(({ file }) => file ?? []));
    await this.ensureTables();
    const { Publisher } = await import('./publisher.ts');
    const memory = work === undefined ? undefined : new Memory(this.#memoryIn(work));
    const publisher = new Publisher(
      {
        database: this.#database,
        sender: this.#connection.sender,
        rows: this.#rows,
        ledger: this.#ledger,
        memory,
      },
      options,
    );
    return publisher.publish(publications);
  }

  async estimate(
    publications: readonly Publication[],
    work: string | undefined,
    writeUnits: number | undefined,
  ): Promise<Estimate> {
    await this.#checkUserIds(publications.flatMap(({ file }) => file ?? []));
    const memory = work === undefined ? undefined : new Memory(this.#memoryIn(work));
    const columns = await Promise.all(
      publications.map(async (one): Promise<SentColumn> => {
        const name = columnName(one);
        const now = sentFile(one);
        if (one.isThere) return { name, generation: 0, now, before: now, again: [] };
        const turns = await this.#ledger.turns(one).catch(ifMissing(undefined));
        const known = await memory?.published(one);
        const before = turns !== undefined && isAsKnown(known, turns) ? known : undefined;
        return { name, generation: 0, now, before, again: before?.refused ?? [] };
      }),
    );
    const session = await this.#database.session();
    try {
      return await estimate(session, columns, writeUnits);
    } finally {
      session.close();
    }
  }

  /** Publishes one column and remembers nothing. @throws WrappedError also where not every row was acknowledged */
  async put({ story, period, file, written }: NewColumn): Promise<LedgerEntry> {
    const column = { story, period };
    const entry = {
      ...column,
      state: 'written',
      from: written.from,
      written: { ...written, at: file, when: '' },
    } as const;
    const stands = await this.#publishOne({ ...column, entry, file });
    await rm(file, { force: true });
    return stands;
  }

  async putFailure({ story, period }: ColumnId, from: Provenance, reason: string): Promise<LedgerEntry> {
    await this.ensureTables();
    return this.#ledger.note({ story, period, state: 'failed', from, reason });
  }

  putNotApplicable({ story, period }: ColumnId, from: Provenance, reason: string): Promise<LedgerEntry> {
    const column = { story, period };
    return this.#publishOne({
      ...column,
      entry: { ...column, state: 'not-applicable', from, reason },
      file: undefined,
    });
  }

  async #publishOne(publication: Publication): Promise<LedgerEntry> {
    const { columns } = await this.publish([publication], undefined);
    const became = columns.get(columnName(publication));
    if (became === undefined || became.status === 'failed')
      throw new WrappedError(`${columnName(publication)}: ${became?.reason ?? 'not published'}`);
    return became.entry ?? ((await this.entry(publication)) as LedgerEntry);
  }

  async removeRow(userId: string): Promise<boolean> {
    return isKey(userId) && (await this.#rows.delete(userId).catch(ifMissing(false)));
  }

  /** @throws WrappedError where there are no tables */
  async row(userId: string): Promise<Row | undefined> {
    const [columns, item] = await Promise.all([
      this.#ledger.all(),
      isKey(userId) ? this.#rows.get(userId) : undefined,
    ]);
    const found = columns.flatMap(({ entry, base }) => {
      const { written } = entry;
      const name = columnName(entry);
      const value = written && fromAttribute(written.type, base, item?.[name]);
      return written === undefined || value === undefined ? [] : [[name, tidy(written.type, value)] as const];
    });
    return found.length === 0 ? undefined : { user_id: userId, columns: Object.fromEntries(found) };
  }

  /** Reads the whole table. @throws WrappedError where there is no such column, or are no tables */
  async *values(column: ColumnId): AsyncIterable<ColumnValue[]> {
    const folder = await mkdtemp(join(tmpdir(), 'wrapped-values-'));
    try {
      const { entry } = (await this.#ledger.get(column)) ?? {};
      if (entry?.written === undefined) throw await missingColumn(this, column);
      const [file = ''] = await this.files([column], folder);
      yield* columnValues(this.#database, file, entry.written.type);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Reads the whole table once. A call that was cut off goes on where it was. */
  async files(columns: readonly ColumnId[], folder: string, signal?: AbortSignal): Promise<string[]> {
    const wanted = await Promise.all(
      columns.map(async (column) => {
        const { entry, base, generation } = (await this.#ledger.get(column)) ?? {};
        if (entry?.written === undefined || base === undefined) throw await missingColumn(this, column);
        const name = columnName(column);
        return { name, base, generation, type: keepable(name, entry.written.type) };
      }),
    );
    const print = createHash('sha256')
      .update(JSON.stringify([this.name, wanted]))
      .digest('hex')
      .slice(0, 16);
    const session = await this.#database.session();
    try {
      const { Patience } = await import('./patience.ts');
      const patience = new Patience(DEFAULT_GIVE_UP_SECONDS, signal);
      const persist: Persist = (attempt) => patience.persist(attempt);
      return await fetchColumns(this.#rows, session, wanted, join(folder, print), persist, signal);
    } finally {
      session.close();
    }
  }

  async close(): Promise<void> {
    this.#connection.close();
  }

  /** Where a working folder remembers what this table has. */
  #memoryIn(work: string): string {
    const { table } = this.#location;
    return join(work, 'published', `${table} ${this.#connection.place}`.replaceAll(/[^A-Za-z0-9_.-]+/g, '_'));
  }

  /** Before anything is written: what can't be a key would stop the writing halfway. */
  async #checkUserIds(files: readonly string[]): Promise<void> {
    if (files.length === 0) return;
    const session = await this.#database.session();
    try {
      const [bad] = await session.rows<{ users: number; user_id: string; bytes: number }>(sql`
        SELECT count(DISTINCT user_id)::INTEGER AS users, min(user_id) AS user_id, min_by(strlen(user_id), user_id)::INTEGER AS bytes
        FROM read_parquet([${files}]) WHERE strlen(user_id) NOT BETWEEN 1 AND ${MAX_KEY_BYTES}`);
      if (bad === undefined || bad.users === 0) return;
      throw new WrappedError(
        `${bad.users} user ids can't be keys of a DynamoDB table, such as '${bad.user_id.slice(0, 40)}' of ${bad.bytes} bytes; ` +
          `1 to ${MAX_KEY_BYTES} bytes are expected`,
        { hint: 'Leave these users out of the lake, or have no run take them: `wrapped forget USER`.' },
      );
    } finally {
      session.close();
    }
  }
}

const isKey = (userId: string): boolean => userId !== '' && Buffer.byteLength(userId) <= MAX_KEY_BYTES;

const ifMissing =
  <Value>(value: Value) =>
  (error: unknown): Value => {
    if (error instanceof MissingTable) return value;
    throw error;
  };
