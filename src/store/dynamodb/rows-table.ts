import type { ColumnType } from '../../story/index.ts';
import type { ColumnValue } from '../store.ts';
import { fromAttribute, GENERATION, type Kept, keepable, toAttribute, toNumber } from './attributes.ts';
import { eachOf } from './each-of.ts';
import type { Change, Item, Search, Table } from './table.ts';

/** The partition key: a user's id. */
export const ROWS_KEY = 'user_id';

/** The bytes that a partition key may have. */
export const MAX_KEY_BYTES = 2048;

/** Requests on their way at a time; the SDK keeps up to 50 sockets. */
const UPDATES_AT_ONCE = 32;

/**
 * The rows: an item per user, an attribute per column, which is a map of the value's keys and of the generation in which it was written.
 *
 *     user_id       S   me
 *     minutes#2019  M   {"#": 1795467127, "minutes": 12345, "plays": 4924, …}
 *
 * A value is never replaced by one of an older generation, so that of two writers the later one's values stay.
 */
export class RowsTable {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  ensure(): Promise<void> {
    return this.#table.ensure();
  }

  /** One user's attributes. */
  get(userId: string): Promise<Item | undefined> {
    return this.#table.get(userId);
  }

  /** Writes a column's values, which are JSON text, into their users' rows: an update each. */
  async write(
    name: string,
    type: ColumnType,
    generation: number,
    values: AsyncIterable<{ user_id: string; value: string }>,
  ): Promise<void> {
    const kept = keepable(name, type);
    await eachOf(values, UPDATES_AT_ONCE, ({ user_id, value }) =>
      this.#table.update(user_id, {
        UpdateExpression: 'SET #column = :value',
        ConditionExpression:
          'attribute_not_exists(#column.#generation) OR #column.#generation <= :generation',
        ...naming(name, generation),
        ExpressionAttributeValues: {
          ':generation': toNumber(generation),
          ':value': toAttribute(kept, { value: JSON.parse(value), generation }),
        },
      }),
    );
  }

  /** Removes the values of a column that are older than a generation. Reads the whole table. */
  async removeOlder(name: string, generation: number): Promise<void> {
    const isOlder = '#column.#generation < :generation';
    const older = this.#table.scan({
      FilterExpression: isOlder,
      ProjectionExpression: ROWS_KEY,
      ...naming(name, generation),
    });
    await eachOf(older, UPDATES_AT_ONCE, (item) =>
      this.#table.update(userIdOf(item), {
        UpdateExpression: 'REMOVE #column',
        ConditionExpression: isOlder,
        ...naming(name, generation),
      }),
    );
  }

  /** The values of a column that are not older than a generation, in no order. Reads the whole table. */
  async *values(name: string, type: ColumnType, generation: number): AsyncGenerator<ColumnValue> {
    const items = this.#table.scan({
      FilterExpression: '#column.#generation >= :generation',
      ProjectionExpression: `${ROWS_KEY}, #column`,
      ...naming(name, generation),
    });
    for await (const item of items) {
      const { value } = fromAttribute(type, item[name]) as Kept;
      yield { user_id: userIdOf(item), value };
    }
  }
}

const naming = (column: string, generation: number) =>
  ({
    ExpressionAttributeNames: { '#column': column, '#generation': GENERATION },
    ExpressionAttributeValues: { ':generation': toNumber(generation) },
  }) satisfies Change & Search;

const userIdOf = (item: Item): string => item[ROWS_KEY]?.S ?? '';
