import { compareColumns } from '../ledger.ts';
import { type ColumnId, columnName, type LedgerEntry } from '../store.ts';
import { toNumber } from './attributes.ts';
import type { Item, Table } from './table.ts';

/** The partition key: a column's name. */
export const LEDGER_KEY = 'column';

/** An entry, and the generation that its column was written in: a value of an older one is no longer part of it. */
export interface Committed {
  readonly entry: LedgerEntry;
  readonly generation: number;
}

/** One writer's turn at a column. Later turns have higher generations. */
export interface Turn {
  readonly generation: number;
  /** Nobody had a turn before, so that no row has the column. */
  readonly isFirst: boolean;
}

/**
 * The ledger: an item per column.
 *
 *     column      S   top-artist#2019
 *     generation  N   the last turn that was taken
 *     committed   N   the turn whose column or absence stands
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

  /** Takes the next turn at a column. */
  async begin(column: ColumnId): Promise<Turn> {
    // Counting starts at the clock, so that a ledger that was lost and begun anew starts above the values that outlived it.
    const start = Math.floor(Date.now() / 1000);
    const before = await this.#table.update(columnName(column), {
      UpdateExpression: 'SET generation = if_not_exists(generation, :start) + :one',
      ExpressionAttributeValues: { ':start': toNumber(start), ':one': toNumber(1) },
      ReturnValues: 'UPDATED_OLD',
    });
    const last = before?.generation?.N;
    return { generation: Number(last ?? start) + 1, isFirst: last === undefined };
  }

  /** Ends a turn. Returns the entry that stands: a later turn's, where that ended before. */
  async commit(entry: LedgerEntry, { generation }: Turn): Promise<LedgerEntry> {
    const { written, ...rest } = entry;
    const set = 'SET entry = :entry, committed = :generation';
    const stands = await this.#table.update(columnName(entry), {
      UpdateExpression: written === undefined ? `${set} REMOVE written` : `${set}, written = :written`,
      ConditionExpression: 'attribute_not_exists(committed) OR committed <= :generation',
      ExpressionAttributeValues: {
        ':entry': { S: JSON.stringify(rest) },
        ':generation': toNumber(generation),
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
function read({ entry, written, committed }: Item): Committed | undefined {
  if (entry?.S === undefined) return undefined;
  return {
    entry: {
      ...JSON.parse(entry.S),
      ...(written?.S === undefined ? {} : { written: JSON.parse(written.S) }),
    },
    generation: Number(committed?.N ?? 0),
  };
}
