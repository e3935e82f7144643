import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { GENERATION, generationOf, ROWS_KEY, toNumber } from './attributes.ts';
import { COLUMNS_PER_EXPRESSION } from './limits.ts';
import type { Capacity, Item, ScanOptions, Search, Segment, Table } from './table.ts';

/** Parts of a table that are scanned at the same time. */
export const SEGMENTS = 8;

/** A column, and the generation from which on its values are part of it. */
export interface Wanted {
  readonly name: string;
  readonly base: number;
}

/** Items that a scan found, and from where it goes on; undefined: it has ended. */
export interface ScanPage {
  readonly items: readonly Item[];
  readonly next: Item | undefined;
}

/**
 * The rows: an item per user, an attribute per column, which is a map of the value's keys and of the generation in which it was written.
 *
 *     user_id       S   me
 *     minutes#2019  M   {"#": 1795467127, "minutes": 12345, "plays": 4924, …}
 */
export class RowsTable {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  get name(): string {
    return this.#table.name;
  }

  ensure(capacity?: Capacity): Promise<void> {
    return this.#table.ensure(capacity);
  }

  isThere(): Promise<boolean> {
    return this.#table.isThere();
  }

  remove(): Promise<void> {
    return this.#table.remove();
  }

  explain(error: unknown, user?: string): Error {
    return this.#table.explain(error, user);
  }

  /** One user's attributes. */
  get(userId: string): Promise<Item | undefined> {
    return this.#table.get(userId);
  }

  /** Removes one user's item. Whether there was one. */
  delete(userId: string): Promise<boolean> {
    return this.#table.delete(userId);
  }

  /** Pages of the rows of one segment that have any of the columns, with these columns alone. */
  pages(columns: readonly Wanted[], segment: Segment, options: ScanOptions): AsyncGenerator<ScanPage> {
    const search = naming(
      columns,
      (place) => `#${place}.#g >= :${place}`,
      (place) => `#${place}`,
    );
    return this.#table.pages(search, segment, options);
  }

  /** Users of one segment who have older values of any of the columns, with the names of these. */
  async *older(
    columns: readonly Wanted[],
    segment: Segment,
    options: ScanOptions,
  ): AsyncGenerator<{ user_id: string; names: string[] }> {
    const search = naming(
      columns,
      (place) => `#${place}.#g < :${place}`,
      (place) => `#${place}.#g`,
    );
    for await (const { items } of this.#table.pages(search, segment, options)) {
      for (const item of items) {
        const names = columns
          .filter(({ name, base }) => (generationOf(item[name]) ?? base) < base)
          .map(({ name }) => name);
        yield { user_id: userIdOf(item), names };
      }
    }
  }
}

/** Columns in lots that one scan can ask for. */
export function lotsOf<Column>(columns: readonly Column[]): Column[][] {
  const lots: Column[][] = [];
  for (let start = 0; start < columns.length; start += COLUMNS_PER_EXPRESSION)
    lots.push(columns.slice(start, start + COLUMNS_PER_EXPRESSION));
  return lots;
}

function naming(
  columns: readonly Wanted[],
  condition: (place: number) => string,
  projection: (place: number) => string,
): Search {
  const places = columns.map((_, place) => place);
  return {
    FilterExpression: places.map(condition).join(' OR '),
    ProjectionExpression: [ROWS_KEY, ...places.map(projection)].join(','),
    ExpressionAttributeNames: Object.fromEntries([
      ['#g', GENERATION],
      ...columns.map(({ name }, place) => [`#${place}`, name]),
    ]),
    ExpressionAttributeValues: Object.fromEntries(
      columns.map(({ base }, place) => [`:${place}`, toNumber(base) as AttributeValue]),
    ),
  };
}

export const userIdOf = (item: Item): string => item[ROWS_KEY]?.S ?? '';
