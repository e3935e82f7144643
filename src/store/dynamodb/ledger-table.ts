import { compareColumns } from '../ledger.ts';
import { type ColumnId, columnName, type LedgerEntry } from '../store.ts';
import { toNumber } from './attributes.ts';
import type { Item, Table } from './table.ts';

/** The partition key: a column's name. */
export const LEDGER_KEY = 'column';

/** An entry, and of its column: */
export interface Committed {
  readonly entry: LedgerEntry;
  /** The generation whose column, or absence, stands. */
  readonly generation: number;
  /** Values of this generation and later are part of the column; older ones are left over. */
  readonly base: number;
}

/** What a writer finds when its turn to write comes. Undefined parts: there was none. */
export interface Found {
  /** The last generation that began to write values. */
  readonly writing: number | undefined;
  /** The last that ended. */
  readonly committed: number | undefined;
  readonly base: number | undefined;
}

/**
 * The ledger: an item per column.
 *
 *     column      S   top-artist#2019
 *     generation  N   the last that was taken, by whoever computes the column
 *     writing     N   the last that began to write values into rows
 *     committed   N   the last that ended: whose column, or absence, stands
 *     valid_from  N   values of this generation and later are part of the column
 *     entry       S   JSON of the entry without `written`
 *     written     S   JSON of it, where there is a column
 */
export class LedgerTable {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  ensure(): Promise<void> {
    return this.#table.ensure();
  }

  remove(): Promise<void> {
    return this.#table.remove();
  }

  /** Every entry, sorted by story, then period. */
  async all(): Promise<Committed[]> {
    const found: Committed[] = [];
    for await (const item of this.#table.scan()) {
      const committed = read(item);
      if (committed !== undefined) found.push(committed);
    }
    return found.sort((a, b) => compareColumns(a.entry, b.entry));
  }

  async get(column: ColumnId): Promise<Committed | undefined> {
    return read((await this.#table.get(columnName(column))) ?? {});
  }

  /** Takes the next generation of a column. */
  async take(column: ColumnId): Promise<number> {
    // Counting starts at the clock, so that a ledger that was lost and begun anew starts above the values that outlived it.
    const start = Math.floor(Date.now() / 1000);
    const after = await this.#table.update(columnName(column), {
      UpdateExpression: 'SET generation = if_not_exists(generation, :start) + :one',
      ExpressionAttributeValues: { ':start': toNumber(start), ':one': toNumber(1) },
      ReturnValues: 'UPDATED_NEW',
    });
    return Number(after?.generation?.N);
  }

  /** Begins to write values of a generation. Undefined where a later one did already: then nothing of this one is wanted any more. */
  async beginWriting(column: ColumnId, generation: number): Promise<Found | undefined> {
    const before = await this.#table.update(columnName(column), {
      UpdateExpression: 'SET writing = :generation',
      ConditionExpression: 'attribute_not_exists(writing) OR writing <= :generation',
      ExpressionAttributeValues: { ':generation': toNumber(generation) },
      ReturnValues: 'ALL_OLD',
    });
    return before === undefined ? undefined : found(before);
  }

  /** What is there of a column's turns. */
  async turns(column: ColumnId): Promise<Found> {
    return found((await this.#table.get(columnName(column))) ?? {});
  }

  /** Ends a turn. Returns the entry that stands: a later turn's, where that ended before. */
  async commit(
    entry: LedgerEntry,
    { generation, base }: { generation: number; base: number },
  ): Promise<LedgerEntry> {
    const { written, ...rest } = entry;
    const set = 'SET entry = :entry, committed = :generation, valid_from = :base';
    const stands = await this.#table.update(columnName(entry), {
      UpdateExpression: written === undefined ? `${set} REMOVE written` : `${set}, written = :written`,
      ConditionExpression: 'attribute_not_exists(committed) OR committed <= :generation',
      ExpressionAttributeValues: {
        ':entry': { S: JSON.stringify(rest) },
        ':generation': toNumber(generation),
        ':base': toNumber(base),
        ...(written === undefined ? {} : { ':written': { S: JSON.stringify(written) } }),
      },
    });
    return stands === undefined ? ((await this.get(entry))?.entry ?? entry) : entry;
  }

  /** Puts an entry in place and leaves the column that is there, if any. Returns it with that column. */
  async note(entry: Omit<LedgerEntry, 'written'>): Promise<LedgerEntry> {
    const item = await this.#table.update(columnName(entry), {
      UpdateExpression: 'SET entry = :entry',
      ExpressionAttributeValues: { ':entry': { S: JSON.stringify(entry) } },
      ReturnValues: 'ALL_NEW',
    });
    return read(item ?? {})?.entry ?? entry;
  }
}

/** Undefined where a first turn was taken and has not ended. */
function read({ entry, written, committed, valid_from }: Item): Committed | undefined {
  if (entry?.S === undefined) return undefined;
  return {
    entry: {
      ...JSON.parse(entry.S),
      ...(written?.S === undefined ? {} : { written: JSON.parse(written.S) }),
    },
    generation: Number(committed?.N ?? 0),
    base: Number(valid_from?.N ?? 0),
  };
}

const found = ({ writing, committed, valid_from }: Item): Found => ({
  writing: numberOf(writing),
  committed: numberOf(committed),
  base: numberOf(valid_from),
});

const numberOf = (attribute: Item[string] | undefined): number | undefined =>
  attribute?.N === undefined ? undefined : Number(attribute.N);
