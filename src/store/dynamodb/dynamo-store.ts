import { rm } from 'node:fs/promises';
import { WrappedError } from '../../error.ts';
import type { Database, Session } from '../../sql/database.ts';
import { sql } from '../../sql/sql.ts';
import { missingColumn } from '../ledger.ts';
import {
  type ColumnId,
  type ColumnValue,
  columnName,
  type LedgerEntry,
  type NewColumn,
  type Provenance,
  type Row,
  type Store,
} from '../store.ts';
import { fromAttribute, keepable } from './attributes.ts';
import type { Connection } from './connection.ts';
import { MissingTable } from './errors.ts';
import { LEDGER_KEY, LedgerTable } from './ledger-table.ts';
import { ledgerTableOf, parseLocation } from './location.ts';
import { MAX_KEY_BYTES, ROWS_KEY, RowsTable } from './rows-table.ts';

/** Values that {@link DynamoStore.values} hands over at a time. */
const VALUES_AT_A_TIME = 500;

/**
 * The store in a DynamoDB table: an item per user, an attribute per column; its ledger is a second table. See `docs/dynamodb.md`.
 *
 * Each writer of a column takes a turn, which has a number, its generation. Values carry it, and the entry says whose turn stands.
 * Readers pass over values of older turns, so that what a writer left behind that was cut off or overtaken does no harm.
 */
export class DynamoStore implements Store {
  readonly name: string;
  readonly #database: Database;
  readonly #connection: Connection;
  readonly #rows: RowsTable;
  readonly #ledger: LedgerTable;
  #tables: Promise<void> | undefined;

  private constructor(
    name: string,
    database: Database,
    connection: Connection,
    rows: RowsTable,
    ledger: LedgerTable,
  ) {
    this.name = name;
    this.#database = database;
    this.#connection = connection;
    this.#rows = rows;
    this.#ledger = ledger;
  }

  /**
   * Opens `dynamodb://TABLE[?region=…&endpoint=…]`. The table need not exist yet: the first write makes it.
   *
   * @throws WrappedError where the URL is none, or there is no region or are no credentials
   */
  static async open(url: string, database: Database): Promise<DynamoStore> {
    const location = parseLocation(url);
    // The SDK takes a tenth of a second to load, which no command should pay that doesn't use it.
    const { connect } = await import('./connection.ts');
    const connection = await connect(location);
    const rows = new RowsTable(connection.table(location.table, ROWS_KEY));
    const ledger = new LedgerTable(connection.table(ledgerTableOf(location.table), LEDGER_KEY));
    return new DynamoStore(url, database, connection, rows, ledger);
  }

  /**
   * Makes the two tables where they are not there, billed on demand, and waits until they can be used. Safe to repeat.
   *
   * @throws WrappedError where a table has another key than ours
   */
  async ensureTables(): Promise<void> {
    this.#tables ??= this.#rows.ensure().then(() => this.#ledger.ensure());
    await this.#tables.catch((error) => {
      this.#tables = undefined;
      throw error;
    });
  }

  /** Empty where there are no tables yet. */
  async ledger(): Promise<LedgerEntry[]> {
    const all = await this.#ledger.all().catch(ifMissing([]));
    return all.map(({ entry }) => entry);
  }

  /** Undefined where there are no tables yet. */
  async entry(column: ColumnId): Promise<LedgerEntry | undefined> {
    const found = await this.#ledger.get(column).catch(ifMissing(undefined));
    return found?.entry;
  }

  /** @throws WrappedError where a user's id can't be a key, or a row would grow over 400 KB */
  async put({ story, period, file, written }: NewColumn): Promise<LedgerEntry> {
    const name = columnName({ story, period });
    const type = keepable(name, written.type);
    const session = await this.#database.session();
    try {
      await checkUserIds(session, file);
      await this.ensureTables();
      const turn = await this.#ledger.begin({ story, period });
      const values = rowsOf(session, file);
      await this.#rows.write(name, type, turn.generation, values);
      if (!turn.isFirst) await this.#rows.removeOlder(name, turn.generation);
      const { from } = written;
      const when = new Date().toISOString();
      const entry = {
        story,
        period,
        state: 'written',
        from,
        written: { at: name, ...written, when },
      } as const;
      const stands = await this.#ledger.commit(entry, turn);
      await rm(file, { force: true });
      return stands;
    } finally {
      session.close();
    }
  }

  async putFailure({ story, period }: ColumnId, from: Provenance, reason: string): Promise<LedgerEntry> {
    await this.ensureTables();
    return this.#ledger.note({ story, period, state: 'failed', from, reason });
  }

  async putNotApplicable(
    { story, period }: ColumnId,
    from: Provenance,
    reason: string,
  ): Promise<LedgerEntry> {
    await this.ensureTables();
    const turn = await this.#ledger.begin({ story, period });
    if (!turn.isFirst) await this.#rows.removeOlder(columnName({ story, period }), turn.generation);
    return this.#ledger.commit({ story, period, state: 'not-applicable', from, reason }, turn);
  }

  /** @throws WrappedError where there are no tables */
  async row(userId: string): Promise<Row | undefined> {
    const [columns, item] = await Promise.all([
      this.#ledger.all(),
      isKey(userId) ? this.#rows.get(userId) : undefined,
    ]);
    const found = columns.flatMap(({ entry, generation }) => {
      const name = columnName(entry);
      const kept = entry.written && fromAttribute(entry.written.type, item?.[name]);
      return kept === undefined || kept.generation < generation ? [] : [[name, kept.value] as const];
    });
    return found.length === 0 ? undefined : { user_id: userId, columns: Object.fromEntries(found) };
  }

  /**
   * A scan comes in no order, so the whole column is held in memory to be sorted: about 1 KB a user.
   *
   * @throws WrappedError where there is no such column, or are no tables
   */
  async *values(column: ColumnId): AsyncIterable<ColumnValue[]> {
    const { entry, generation } = (await this.#ledger.get(column)) ?? {};
    if (entry?.written === undefined || generation === undefined) throw await missingColumn(this, column);
    const found: { key: Buffer; value: ColumnValue }[] = [];
    for await (const value of this.#rows.values(columnName(column), entry.written.type, generation)) {
      found.push({ key: Buffer.from(value.user_id), value });
    }
    found.sort((a, b) => Buffer.compare(a.key, b.key));
    for (let start = 0; start < found.length; start += VALUES_AT_A_TIME) {
      yield found.slice(start, start + VALUES_AT_A_TIME).map(({ value }) => value);
    }
  }

  async close(): Promise<void> {
    this.#connection.close();
  }
}

async function* rowsOf(session: Session, file: string): AsyncGenerator<{ user_id: string; value: string }> {
  const chunks = session.chunks<{ user_id: string; value: string }>(
    sql`SELECT user_id, to_json(value)::VARCHAR AS value FROM read_parquet(${file})`,
  );
  for await (const rows of chunks) yield* rows;
}

/** Before anything is written: what can't be a key would stop the writing halfway. */
async function checkUserIds(session: Session, file: string): Promise<void> {
  const [bad] = await session.rows<{ users: number; user_id: string; bytes: number }>(sql`
    SELECT count(*)::INTEGER AS users, min(user_id) AS user_id, min_by(strlen(user_id), user_id)::INTEGER AS bytes
    FROM read_parquet(${file}) WHERE strlen(user_id) NOT BETWEEN 1 AND ${MAX_KEY_BYTES}`);
  if (bad === undefined || bad.users === 0) return;
  throw new WrappedError(
    `${bad.users} user ids can't be keys of a DynamoDB table, such as '${bad.user_id.slice(0, 40)}' of ${bad.bytes} bytes; ` +
      `1 to ${MAX_KEY_BYTES} bytes are expected`,
    { hint: 'Leave these users out of the lake, or keep the columns in a folder (`--store DIR`).' },
  );
}

const isKey = (userId: string): boolean => userId !== '' && Buffer.byteLength(userId) <= MAX_KEY_BYTES;

const ifMissing =
  <Value>(value: Value) =>
  (error: unknown): Value => {
    if (error instanceof MissingTable) return value;
    throw error;
  };
