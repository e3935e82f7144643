import { setTimeout } from 'node:timers/promises';
import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  ScanCommand,
  type ScanCommandInput,
  type TableDescription,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { WrappedError } from '../../error.ts';
import { explain, foreignKey, MissingTable, noDynamo, type Whereabouts } from './errors.ts';

export type Item = Record<string, AttributeValue>;

/** The expressions of an update; `ReturnValues` says which attributes come back. */
export type Change = Omit<UpdateItemCommandInput, 'TableName' | 'Key'>;

/** The expressions of a scan. */
export type Search = Omit<ScanCommandInput, 'TableName' | 'ConsistentRead'>;

/** One of several parts of a table, which are scanned at the same time. */
export interface Segment {
  readonly segment: number;
  readonly of: number;
}

const WHOLE: Segment = { segment: 0, of: 1 };

/** Attempts something until it succeeds, or it is given up. */
export type Persist = <Result>(attempt: () => Promise<Result>) => Promise<Result>;

const once: Persist = (attempt) => attempt();

export interface ScanOptions {
  /** Where a scan before it stopped: the key of its last item. */
  readonly after?: Item | undefined;
  /** How each page is asked for. Default: as often as the SDK does. */
  readonly persist?: Persist | undefined;
}

/** Units a second that a table is given; otherwise it is billed on demand. */
export interface Capacity {
  readonly read: number;
  readonly write: number;
}

/** A table that is being changed can be used meanwhile. */
const USABLE: ReadonlySet<string | undefined> = new Set(['ACTIVE', 'UPDATING']);

/** A local server makes a table at once, AWS within seconds: the pauses between looks grow up to this. */
const POLL_MS = 500;
const FIRST_POLL_MS = 10;
const GIVE_UP_MS = 5 * 60 * 1000;

/** A table whose items are found by one text. Every read sees every write before it (`ConsistentRead`, at twice the price). */
export class Table {
  readonly #client: DynamoDBClient;
  readonly #where: Whereabouts;
  readonly #key: string;

  constructor(client: DynamoDBClient, where: Whereabouts, key: string) {
    this.#client = client;
    this.#where = where;
    this.#key = key;
  }

  /** The name of the table. */
  get name(): string {
    return this.#where.table;
  }

  /** Makes the table where it is not there, billed on demand or with `capacity`, and waits until it can be used. Safe to repeat, and at once. */
  async ensure(capacity?: Capacity): Promise<void> {
    const found = keyOf(await this.#whenUsable(capacity));
    const expected = `${this.#key} (HASH, S)`;
    if (found !== expected) throw foreignKey(this.#where, { found, expected });
  }

  /** Whether it is there, or being made. */
  async isThere(): Promise<boolean> {
    return (await this.#describe()) !== undefined;
  }

  /** Removes the table, and waits until it is gone. */
  async remove(): Promise<void> {
    await this.#explained(this.#client.send(new DeleteTableCommand({ TableName: this.#where.table })));
    while ((await this.#describe()) !== undefined) await setTimeout(POLL_MS);
  }

  /** Explains what went wrong with a request that was sent by other means. */
  explain(error: unknown, key?: string): WrappedError {
    return explain(error, this.#where, key);
  }

  async get(key: string): Promise<Item | undefined> {
    const command = new GetItemCommand({ ...this.#address(key), ConsistentRead: true });
    return (await this.#explained(this.#client.send(command), key)).Item;
  }

  /** Removes one item. Whether there was one. */
  async delete(key: string): Promise<boolean> {
    const command = new DeleteItemCommand({ ...this.#address(key), ReturnValues: 'ALL_OLD' });
    return (await this.#explained(this.#client.send(command), key)).Attributes !== undefined;
  }

  /** Changes one item, or makes it. The attributes asked for; undefined where the condition did not hold and nothing was changed. */
  async update(key: string, change: Change): Promise<Item | undefined> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateItemCommand({ ...this.#address(key), ...change }),
      );
      return Attributes ?? {};
    } catch (error) {
      if ((error as Error).name === 'ConditionalCheckFailedException') return undefined;
      throw explain(error, this.#where, key);
    }
  }

  /** Items in no order. All of the table is read and billed, whatever is asked for. */
  async *scan(search: Search = {}): AsyncGenerator<Item> {
    for await (const { items } of this.pages(search, WHOLE)) yield* items;
  }

  /** The pages of one segment of a scan. */
  async *pages(
    search: Search,
    { segment, of }: Segment,
    { after, persist = once }: ScanOptions = {},
  ): AsyncGenerator<{ items: Item[]; next: Item | undefined }> {
    const request = {
      ...search,
      TableName: this.#where.table,
      ConsistentRead: true,
      ...(of === 1 ? {} : { Segment: segment, TotalSegments: of }),
    };
    for (let from = after; ; ) {
      const command = new ScanCommand({ ...request, ExclusiveStartKey: from });
      const { Items, LastEvaluatedKey } = await persist(() => this.#explained(this.#client.send(command)));
      if (Items === undefined) throw noDynamo(this.#where, 'a scan has no items, not even none');
      yield { items: Items, next: LastEvaluatedKey };
      if (LastEvaluatedKey === undefined) return;
      from = LastEvaluatedKey;
    }
  }

  async #describe(): Promise<TableDescription | undefined> {
    try {
      const command = new DescribeTableCommand({ TableName: this.#where.table });
      // Not `const { Table: found }`: TypeScript 7.0 takes that for the class itself and emits another name.
      const answer = await this.#explained(this.#client.send(command));
      if (answer.Table === undefined) throw noDynamo(this.#where, 'a table has no description');
      return answer.Table;
    } catch (error) {
      if (error instanceof MissingTable) return undefined;
      throw error;
    }
  }

  /** Undefined where the table can't be seen yet. */
  async #create(capacity: Capacity | undefined): Promise<TableDescription | undefined> {
    const command = new CreateTableCommand({
      TableName: this.#where.table,
      ...(capacity === undefined
        ? { BillingMode: 'PAY_PER_REQUEST' as const }
        : {
            BillingMode: 'PROVISIONED' as const,
            ProvisionedThroughput: {
              ReadCapacityUnits: capacity.read,
              WriteCapacityUnits: capacity.write,
            },
          }),
      KeySchema: [{ AttributeName: this.#key, KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: this.#key, AttributeType: 'S' }],
    });
    try {
      await this.#client.send(command);
    } catch (error) {
      const isBeingMade = (error as Error).name === 'ResourceInUseException';
      if (!isBeingMade) throw explain(error, this.#where);
    }
    return this.#describe();
  }

  async #whenUsable(capacity: Capacity | undefined): Promise<TableDescription> {
    const start = Date.now();
    for (let pause = FIRST_POLL_MS; ; pause = Math.min(POLL_MS, pause * 2)) {
      const found = (await this.#describe()) ?? (await this.#create(capacity));
      if (found !== undefined && USABLE.has(found.TableStatus)) return found;
      await setTimeout(pause);
      if (Date.now() - start > GIVE_UP_MS) {
        const { table, place } = this.#where;
        throw new WrappedError(
          `table ${table} ${place} is ${found?.TableStatus ?? 'not there'} after ${GIVE_UP_MS / 60_000} minutes; ACTIVE is expected`,
          { hint: 'Look at it in the AWS console, then run the same command again.' },
        );
      }
    }
  }

  #address(key: string): { TableName: string; Key: Item } {
    return { TableName: this.#where.table, Key: { [this.#key]: { S: key } } };
  }

  #explained<Answer>(answer: Promise<Answer>, key?: string): Promise<Answer> {
    return answer.catch((error) => {
      throw explain(error, this.#where, key);
    });
  }
}

/** `user_id (HASH, S)` */
const keyOf = ({ KeySchema = [], AttributeDefinitions = [] }: TableDescription): string =>
  KeySchema.map(({ AttributeName, KeyType }) => {
    const { AttributeType } = AttributeDefinitions.find((one) => one.AttributeName === AttributeName) ?? {};
    return `${AttributeName} (${KeyType}, ${AttributeType})`;
  }).join(' and ');
