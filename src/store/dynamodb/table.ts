import { setTimeout } from 'node:timers/promises';
import {
  type AttributeValue,
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  paginateScan,
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

/** A table that is being changed can be used meanwhile. */
const USABLE: ReadonlySet<string | undefined> = new Set(['ACTIVE', 'UPDATING']);

const POLL_MS = 500;
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

  /** Makes the table where it is not there, billed on demand, and waits until it can be used. Safe to repeat, and at once. */
  async ensure(): Promise<void> {
    const found = keyOf(await this.#whenUsable());
    const expected = `${this.#key} (HASH, S)`;
    if (found !== expected) throw foreignKey(this.#where, { found, expected });
  }

  async get(key: string): Promise<Item | undefined> {
    const command = new GetItemCommand({ ...this.#address(key), ConsistentRead: true });
    return (await this.#explained(this.#client.send(command), key)).Item;
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
    const request = { ...search, TableName: this.#where.table, ConsistentRead: true };
    const pages = paginateScan({ client: this.#client }, request);
    try {
      for await (const { Items } of pages) {
        if (Items === undefined) throw noDynamo(this.#where, 'a scan has no items, not even none');
        yield* Items;
      }
    } catch (error) {
      throw explain(error, this.#where);
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
  async #create(): Promise<TableDescription | undefined> {
    const command = new CreateTableCommand({
      TableName: this.#where.table,
      BillingMode: 'PAY_PER_REQUEST',
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

  async #whenUsable(): Promise<TableDescription> {
    for (const start = Date.now(); ; await setTimeout(POLL_MS)) {
      const found = (await this.#describe()) ?? (await this.#create());
      if (found !== undefined && USABLE.has(found.TableStatus)) return found;
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
