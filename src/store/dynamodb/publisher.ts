import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import { allDone } from '../../all-done.ts';
import type { Database, Session } from '../../sql/database.ts';
import {
  DEFAULT_GIVE_UP_SECONDS,
  type Publication,
  type PublishedColumn,
  type PublishOptions,
  type PublishResult,
  type RefusedRow,
  type Tally,
  TOO_LARGE,
} from '../remote.ts';
import { columnName, columnOf, type LedgerEntry } from '../store.ts';
import { keepable } from './attributes.ts';
import {
  countChanges,
  type RowChange,
  rowChanges,
  type SentColumn,
  type Span,
  sentFile,
  spansOf,
  type WholeRow,
  wholeRows,
} from './changes.ts';
import { Checkpoint, type Reached } from './checkpoint.ts';
import { eachOf } from './each-of.ts';
import type { LedgerTable } from './ledger-table.ts';
import { isAsKnown, type Memory, type Running, type RunningColumn } from './memory.ts';
import { Pace } from './pace.ts';
import { GaveUp, Patience } from './patience.ts';
import { inBatches } from './request-bodies.ts';
import { emptyTally, RowSender } from './row-sender.ts';
import { lotsOf, type RowsTable, SEGMENTS } from './rows-table.ts';
import type { Sender } from './sender.ts';

/** Requests on their way at a time. A batch is 25 rows, and as much to sign and to send. */
const UPDATES_AT_ONCE = 64;
const BATCHES_AT_ONCE = 16;
const LEDGER_AT_ONCE = 16;

/** What a publish takes to do its work. */
export interface PublisherParts {
  readonly database: Database;
  readonly sender: Sender;
  readonly rows: RowsTable;
  readonly ledger: LedgerTable;
  /** Undefined: nothing is remembered, so that all is sent, and a publish that is cut off begins anew. */
  readonly memory: Memory | undefined;
}

/**
 * Brings columns into the table: takes up what was cut off, begins to write in the ledger, sends rows, sweeps away what is left of
 * older ones, and commits in the ledger last.
 */
export class Publisher {
  readonly #parts: PublisherParts;
  readonly #options: PublishOptions;
  readonly #patience: Patience;
  readonly #pace: Pace;
  readonly #tally: Tally = emptyTally();
  readonly #refused: RefusedRow[] = [];

  constructor(parts: PublisherParts, options: PublishOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#patience = new Patience(options.giveUpAfter ?? DEFAULT_GIVE_UP_SECONDS, options.signal);
    this.#pace = new Pace(options.writeUnits);
  }

  /** @throws WrappedError where nothing can be sent; what became of each column is in the result */
  async publish(publications: readonly Publication[]): Promise<PublishResult> {
    const columns = new Map<string, PublishedColumn>();
    let left = [...publications];
    while (left.length > 0) {
      const running = (await this.#resume(left)) ?? (await this.#start(left, columns));
      left = left.filter((one) => !columns.has(columnName(one)));
      const now = left.filter((one) => running.columns.some((column) => isSame(column, one)));
      left = left.filter((one) => !now.includes(one));
      for (const [name, became] of await this.#carryOut(running, now)) columns.set(name, became);
    }
    return { columns, tally: this.#tally, refused: this.#refused };
  }

  /**
   * A publish that was cut off, as far as it is of these columns as they were: what was acknowledged is so for each of them. Those that were
   * computed anew since, or that somebody else wrote since, are begun anew; others are left for when they are asked for.
   */
  async #resume(publications: readonly Publication[]): Promise<Running | undefined> {
    const { memory } = this.#parts;
    for (;;) {
      const running = await memory?.takeOver();
      if (memory === undefined || running === undefined) return undefined;
      const { taken, others } = await this.#split(running, publications);
      if (others.length > 0) await memory.leaveBehind({ ...running, columns: others });
      if (taken.length > 0) {
        this.#refused.push(...running.refused);
        await memory.note({ ...running, columns: taken });
        return { ...running, columns: taken };
      }
      await memory.end();
    }
  }

  /** Which columns of a publish that was cut off are gone on with, and which are left. */
  async #split(
    { columns, wholeRows }: Running,
    publications: readonly Publication[],
  ): Promise<{ taken: readonly RunningColumn[]; others: readonly RunningColumn[] }> {
    const { ledger } = this.#parts;
    const turns = await this.#ledgerWork(columns, (column) => ledger.turns(column));
    const wanted = columns.map((column) => publications.find((one) => isSame(column, one)));
    const isAsItWas = columns.map(({ at, generation, isThere }, place) => {
      const one = wanted[place];
      const isOurs = isThere || turns[place]?.writing === generation;
      return one !== undefined && atOf(one) === at && isOurs && this.#options.force !== true;
    });
    const isInTheSameWay = wholeRows === (this.#options.wholeRows === true);
    if (!wholeRows) {
      return {
        taken: isInTheSameWay ? columns.filter((_, place) => isAsItWas[place]) : [],
        others: columns.filter((_, place) => wanted[place] === undefined),
      };
    }
    // Rows that are sent whole are of all columns or of none.
    const isAll = isInTheSameWay && !isAsItWas.includes(false) && columns.length === publications.length;
    return { taken: isAll ? columns : [], others: wanted.some((one) => one !== undefined) ? [] : columns };
  }

  /** Begins to write: from now on whoever took a generation before can't. Columns that are overtaken are settled at once. */
  async #start(
    publications: readonly Publication[],
    settled: Map<string, PublishedColumn>,
  ): Promise<Running> {
    const { memory, ledger } = this.#parts;
    const begun = await this.#ledgerWork(publications, async (one): Promise<RunningColumn | undefined> => {
      const { story, period } = one;
      const at = atOf(one);
      if (one.isThere) {
        const { committed = 0, base = 0 } = await ledger.turns(one);
        return {
          story,
          period,
          at,
          generation: committed,
          base,
          isDifference: false,
          sweeps: false,
          isThere: true,
        };
      }
      const generation = one.generation ?? (await ledger.take(one));
      const found = await ledger.beginWriting(one, generation);
      if (found === undefined) {
        settled.set(columnName(one), { status: 'overtaken' });
        return undefined;
      }
      const known = this.#options.force === true ? undefined : await memory?.published(one);
      const isDifference = isAsKnown(known, found);
      const base = isDifference ? (found.base ?? generation) : generation;
      if (one.file !== undefined) await memory?.hold(one, generation, one.file);
      const sweeps = !isDifference && found.writing !== undefined;
      return { story, period, at, generation, base, isDifference, sweeps, isThere: false };
    });
    const columns = begun.filter((column) => column !== undefined);
    const running: Running = {
      columns,
      wholeRows: this.#options.wholeRows === true,
      isSent: false,
      also: [],
      refused: [],
    };
    if (columns.length > 0) await memory?.note(running);
    return running;
  }

  async #carryOut(
    running: Running,
    publications: readonly Publication[],
  ): Promise<Map<string, PublishedColumn>> {
    const { database, memory } = this.#parts;
    if (running.columns.length === 0) return new Map();
    const columns = await this.#sentColumns(running, publications);
    const session = await database.session();
    let reached: Reached = { through: running.through, also: running.also };
    try {
      if (!running.isSent) {
        await this.#send(session, running, columns, (now) => {
          reached = now;
        });
      }
      await memory?.note({ ...running, isSent: true, also: [], refused: this.#refused });
      await this.#sweep(running.columns);
      return await this.#commit(running, publications);
    } catch (error) {
      await memory?.leave();
      if (!(error instanceof GaveUp)) throw error;
      return await this.#missing(session, columns, reached, error);
    } finally {
      session.close();
    }
  }

  async #sentColumns(running: Running, publications: readonly Publication[]): Promise<SentColumn[]> {
    const { memory } = this.#parts;
    return Promise.all(
      running.columns.map(async (column): Promise<SentColumn> => {
        const one = publications.find((other) => isSame(column, other)) as Publication;
        const name = columnName(column);
        const { generation, isDifference, isThere } = column;
        const now = sentFile(one, isThere ? undefined : memory?.file(column, generation));
        if (isThere) return { name, generation, now, before: now, again: [] };
        const known = isDifference ? await memory?.published(column) : undefined;
        return { name, generation, now, before: known, again: known?.refused ?? [] };
      }),
    );
  }

  /** Sends all rows that are not acknowledged yet. `onReached` hears how far it came, also where it fails. */
  async #send(
    session: Session,
    running: Running,
    columns: readonly SentColumn[],
    onReached: (reached: Reached) => void,
  ): Promise<void> {
    const { memory, sender, rows, ledger } = this.#parts;
    const { signal, onProgress } = this.#options;
    const checkpoint = new Checkpoint(running.through, async (reached) =>
      memory?.note({ ...running, ...reached, refused: this.#refused }),
    );
    const rowSender = new RowSender({
      sender,
      rows,
      columns,
      signal,
      patience: this.#patience,
      pace: this.#pace,
      tally: this.#tally,
      onRefused: (row) => this.#refused.push(row),
      isOvertaken: async (column) => {
        const { writing = 0 } = await this.#patience.persist(() => ledger.turns(columnOf(column.name)));
        return writing > column.generation;
      },
    });
    const done = (users: readonly string[], acknowledge: () => void) => {
      acknowledge();
      this.#tally.rows += users.length;
      onProgress?.(this.#tally);
    };
    const also = new Set(running.also);
    const span: Span = { after: running.through };
    try {
      if (running.wholeRows) {
        const found = readRows<WholeRow>(session, columns, span, wholeRows, also, signal);
        await eachOf(
          begun(inBatches(found), checkpoint, ({ rows: some }) => some.map(idOf)),
          BATCHES_AT_ONCE,
          async ({ item, acknowledge }) => {
            await rowSender.put(item.rows, item.parts);
            done(item.rows.map(idOf), acknowledge);
          },
        );
      } else {
        const found = byUser(readRows<RowChange>(session, columns, span, rowChanges, also, signal));
        await eachOf(
          begun(found, checkpoint, ([first]) => [(first as RowChange).user_id]),
          UPDATES_AT_ONCE,
          async ({ item, acknowledge }) => {
            for (const change of item) await rowSender.update(change);
            done([(item[0] as RowChange).user_id], acknowledge);
          },
        );
      }
    } finally {
      onReached(checkpoint.reached);
      await checkpoint.close();
    }
  }

  /** Takes away values that are older than what stands: a writer that was cut off left them, or one that nothing is remembered of. */
  async #sweep(columns: readonly RunningColumn[]): Promise<void> {
    const { rows, sender } = this.#parts;
    const { signal } = this.#options;
    const sent = columns
      .filter(({ sweeps }) => sweeps)
      .map((column): SentColumn => {
        const { generation } = column;
        return {
          name: columnName(column),
          generation: generation - 1,
          now: undefined,
          before: undefined,
          again: [],
        };
      });
    for (const lot of lotsOf(sent)) {
      const rowSender = new RowSender({
        sender,
        rows,
        columns: lot,
        signal,
        patience: this.#patience,
        pace: this.#pace,
        tally: this.#tally,
        onRefused: () => {},
        isOvertaken: async () => false,
      });
      const wanted = lot.map(({ name, generation }) => ({ name, base: generation + 1 }));
      const segments = Array.from({ length: SEGMENTS }, (_, segment) => ({ segment, of: SEGMENTS }));
      await allDone(
        segments.map((segment) =>
          eachOf(
            rows.older(wanted, segment, { persist: (attempt) => this.#patience.persist(attempt) }),
            UPDATES_AT_ONCE / SEGMENTS,
            async ({ user_id, names }) => {
              signal?.throwIfAborted();
              const places = names.map((name) => `-${lot.findIndex((column) => column.name === name)}`);
              await rowSender.update({ user_id, columns: places.join(','), values: Buffer.alloc(0) });
            },
          ),
        ),
      );
    }
  }

  async #commit(
    running: Running,
    publications: readonly Publication[],
  ): Promise<Map<string, PublishedColumn>> {
    const { memory, ledger } = this.#parts;
    const became = await this.#ledgerWork(
      running.columns,
      async (column): Promise<[string, PublishedColumn]> => {
        const name = columnName(column);
        const one = publications.find((other) => isSame(column, other)) as Publication;
        const without = this.#refused.filter((row) => row.without.includes(name)).map(idOf);
        if (column.isThere) {
          if (without.length === 0) return [name, { status: 'published' }];
          // A row that was too large took this column with it.
          if (one.file !== undefined) await memory?.hold(column, column.generation, one.file);
        }
        const entry = entryOf(one, without.length);
        const stands = await ledger.commit(entry, column);
        if (!isDeepStrictEqual(stands, entry)) return [name, { status: 'overtaken', entry: stands }];
        if (one.file === undefined || one.entry.written === undefined) await memory?.forget(column);
        else await memory?.keep(column, column.generation, keepable(name, one.entry.written.type), without);
        return [name, { status: 'published', entry, refused: without.length }];
      },
    );
    await memory?.end();
    return new Map(became);
  }

  /** What became of columns of which not every row was acknowledged. */
  async #missing(
    session: Session,
    columns: readonly SentColumn[],
    reached: Reached,
    error: GaveUp,
  ): Promise<Map<string, PublishedColumn>> {
    const missing = await countChanges(session, columns, { after: reached.through }, reached.also);
    return new Map(
      columns.map(({ name }, place) => [
        name,
        { status: 'failed', missing: missing.get(place) ?? 0, reason: error.message },
      ]),
    );
  }

  #ledgerWork<One, Result>(items: readonly One[], work: (item: One) => Promise<Result>): Promise<Result[]> {
    const limit = pLimit(LEDGER_AT_ONCE);
    return allDone(items.map((item) => limit(() => this.#patience.persist(() => work(item)))));
  }
}

const isSame = (a: { story: string; period: string }, b: { story: string; period: string }): boolean =>
  a.story === b.story && a.period === b.period;

const atOf = ({ entry }: Publication): string | undefined => entry.written?.at;

const idOf = ({ user_id }: { readonly user_id: string }): string => user_id;

/** The entry that a table's ledger gets of a column that the working folder has. */
function entryOf({ story, period, entry }: Publication, refused: number): LedgerEntry {
  const { written, ...rest } = { ...entry, story, period };
  if (written === undefined) return rest;
  const absent = refused === 0 ? written.absent : { ...written.absent, [TOO_LARGE]: refused };
  const when = new Date().toISOString();
  return {
    ...rest,
    written: { ...written, at: columnName({ story, period }), rows: written.rows - refused, absent, when },
  };
}

/** Rows of all users, span by span; the next span is read while one is sent. */
async function* readRows<Row extends { readonly user_id: string }>(
  session: Session,
  columns: readonly SentColumn[],
  within: Span,
  query: (columns: readonly SentColumn[], span: Span) => ReturnType<typeof rowChanges>,
  but: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Row> {
  const spans = await spansOf(session, columns, within);
  const read = (span: Span | undefined) =>
    span === undefined ? undefined : session.rows<Row & Record<string, unknown>>(query(columns, span));
  let next = read(spans[0]);
  try {
    for (let index = 0; next !== undefined; index++) {
      const rows: Row[] = await next;
      next = read(spans[index + 1]);
      for (const row of rows) {
        signal?.throwIfAborted();
        if (!but.has(row.user_id)) yield row;
      }
    }
  } finally {
    // Whoever stops in between hears of that, and not of what was being read; but the session is busy until then.
    await next?.catch(() => undefined);
  }
}

/** Changes of one user together. */
async function* byUser(changes: AsyncIterable<RowChange>): AsyncGenerator<RowChange[]> {
  let user: RowChange[] = [];
  for await (const change of changes) {
    if (user.length > 0 && user[0]?.user_id !== change.user_id) {
      yield user;
      user = [];
    }
    user.push(change);
  }
  if (user.length > 0) yield user;
}

/** Items as the checkpoint has room for them. */
async function* begun<Item>(
  items: AsyncIterable<Item>,
  checkpoint: Checkpoint,
  usersOf: (item: Item) => string[],
): AsyncGenerator<{ item: Item; acknowledge: () => void }> {
  for await (const item of items) yield { item, acknowledge: await checkpoint.begin(usersOf(item)) };
}
