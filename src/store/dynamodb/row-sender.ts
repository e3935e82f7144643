import type { RefusedRow, Tally } from '../remote.ts';
import { bytesOf, generationOf } from './attributes.ts';
import type { RowChange, SentColumn, WholeRow } from './changes.ts';
import type { Pace } from './pace.ts';
import { isThrottle, type Patience } from './patience.ts';
import { batchBody, batchPart, UpdateBodies } from './request-bodies.ts';
import type { RowsTable } from './rows-table.ts';
import type { Answer, Sender } from './sender.ts';
import type { Item } from './table.ts';

export const emptyTally = (): Tally => ({ rows: 0, requests: 0, bytes: 0, units: 0, retries: 0 });

interface RowSenderParts {
  readonly sender: Sender;
  readonly rows: RowsTable;
  readonly columns: readonly SentColumn[];
  readonly patience: Patience;
  readonly pace: Pace;
  readonly tally: Tally;
  readonly signal: AbortSignal | undefined;
  readonly onRefused: (row: RefusedRow) => void;
  /** Whether somebody who began later writes a column now. */
  readonly isOvertaken: (column: SentColumn) => Promise<boolean>;
}

/** Brings users' rows into the table, and comes back only once they are acknowledged. */
export class RowSender {
  readonly #parts: RowSenderParts;
  readonly #bodies: UpdateBodies;
  /** Columns of which nothing more is sent. */
  readonly #overtaken = new Set<SentColumn>();

  constructor(parts: RowSenderParts) {
    this.#parts = parts;
    this.#bodies = new UpdateBodies(parts.rows.name, parts.columns);
  }

  /** Changes one user's row; columns of which the row has newer values stay as they are. */
  async update(whole: RowChange): Promise<void> {
    const { rows, columns, patience, onRefused } = this.#parts;
    const change =
      this.#overtaken.size === 0
        ? whole
        : this.#bodies.without(whole, (column) => this.#overtaken.has(column));
    if (change === undefined) return;
    try {
      await this.#send('UpdateItem', this.#bodies.of(change));
    } catch (error) {
      if ((error as Error).name === 'ConditionalCheckFailedException') {
        const isNewer = isNewerIn(await patience.persist(() => rows.get(change.user_id)));
        for (const column of this.#bodies.columnsOf(change))
          if (isNewer(column) && (await this.#parts.isOvertaken(column))) this.#overtaken.add(column);
        const left = this.#bodies.without(change, isNewer);
        return left === undefined ? undefined : this.update(left);
      }
      if (!isTooLarge(error)) throw rows.explain(error, change.user_id);
      const values = JSON.parse(`{${change.values}}`) as Item;
      const added = Object.entries(values).map(
        ([place, value]) => [columns[Number(place.slice(1))]?.name ?? '', value] as const,
      );
      onRefused(
        refused(
          change.user_id,
          { ...(await patience.persist(() => rows.get(change.user_id))), ...Object.fromEntries(added) },
          added.map(([name]) => name),
        ),
      );
      const places = change.columns.split(',').map((place) => `-${place.replace('-', '')}`);
      return this.update({ user_id: change.user_id, columns: places.join(','), values: NOTHING });
    }
  }

  /** Puts rows whole, or deletes those of whom nothing is left. Nothing of what the table has of them stays. */
  async put(some: readonly WholeRow[], parts: readonly Buffer[] = some.map(batchPart)): Promise<void> {
    const { rows, onRefused } = this.#parts;
    try {
      await this.#sendBatch(parts);
    } catch (error) {
      if (!isTooLarge(error)) throw rows.explain(error);
      // Which row it was, the answer doesn't tell.
      const [only, ...others] = some;
      if (only !== undefined && others.length === 0) {
        const attributes = JSON.parse(`{${only.attributes.subarray(1)}}`) as Item;
        onRefused(refused(only.user_id, attributes, Object.keys(attributes)));
        return this.put([{ user_id: only.user_id, attributes: NOTHING }]);
      }
      const half = Math.ceil(some.length / 2);
      await this.put(some.slice(0, half));
      await this.put(some.slice(half));
    }
  }

  async #sendBatch(parts: readonly Buffer[]): Promise<void> {
    const { rows, pace } = this.#parts;
    const unprocessedOf = (answer: Answer) =>
      ((answer.UnprocessedItems ?? {}) as Record<string, unknown[]>)[rows.name] ?? [];
    for (let left = parts; left.length > 0; ) {
      const answer = await this.#send('BatchWriteItem', batchBody(rows.name, left), (found) => {
        if (unprocessedOf(found).length === left.length) throw new Unprocessed();
      });
      left = unprocessedOf(answer).map((part) => Buffer.from(JSON.stringify(part)));
      if (left.length > 0) pace.throttled();
    }
  }

  /** Sends until it is answered, and `check` has nothing against the answer. */
  async #send(
    operation: 'UpdateItem' | 'BatchWriteItem',
    body: Buffer,
    check: (answer: Answer) => void = () => {},
  ): Promise<Answer> {
    const { sender, patience, pace, tally, signal, rows } = this.#parts;
    return patience.persist(
      async () => {
        const taken = await pace.take(body.length, signal);
        tally.requests += 1;
        tally.bytes += body.length;
        const answer = await sender.send(operation, body);
        const units = unitsOf(answer);
        if (units === undefined) throw rows.explain(new SyntaxError('an answer tells no consumed capacity'));
        pace.used(taken, units, body.length);
        tally.units += units;
        check(answer);
        return answer;
      },
      (error) => {
        tally.retries += 1;
        if (isThrottle(error)) pace.throttled();
      },
    );
  }
}

const NOTHING = Buffer.alloc(0);

/** A batch of which no row went through: a throttle that is told in another way. */
class Unprocessed extends Error {
  override readonly name = 'ThrottlingException';
  constructor() {
    super('no row of the batch was processed');
  }
}

/** `{"ConsumedCapacity": {"CapacityUnits": 3}}`, of a batch a list of such. */
function unitsOf({ ConsumedCapacity }: Answer): number | undefined {
  if (ConsumedCapacity === undefined) return undefined;
  const parts = [ConsumedCapacity].flat() as { CapacityUnits?: number }[];
  return parts.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
}

const isTooLarge = (error: unknown): boolean =>
  (error as Error).name === 'ValidationException' && /item size/i.test((error as Error).message);

const isNewerIn =
  (row: Item | undefined) =>
  ({ name, generation }: SentColumn): boolean =>
    (generationOf(row?.[name]) ?? 0) > generation;

function refused(userId: string, row: Item, without: readonly string[]): RefusedRow {
  const sizes = Object.entries(row)
    .filter(([name]) => name.includes('#'))
    .map(([column, value]) => ({ column, bytes: Buffer.byteLength(column) + bytesOf(value) }))
    .sort((a, b) => b.bytes - a.bytes);
  return { user_id: userId, sizes, without };
}
