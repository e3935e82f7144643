import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { messageOf } from '../../error.ts';
import type { Database } from '../../sql/database.ts';
import { type Scene, storeContract } from '../contract/contract.ts';
import { DynamoStore } from './dynamo-store.ts';

/** What came of one sentence of the contract. */
export interface Checked {
  readonly name: string;
  readonly holds: boolean;
  /** What the store did instead. */
  readonly found?: string;
}

/** Tables that are there at a time: making one takes AWS some seconds. */
const AT_ONCE = 8;

/**
 * Holds an endpoint to the store contract, on tables of its own, `wrapped-check-…`, which it removes.
 * @param query of the stores' URLs: `?region=…&endpoint=…`
 * @throws WrappedError where no store can be opened there
 */
export async function checkEndpoint(
  query: string,
  database: Database,
  onChecked: (checked: Checked) => void,
  signal: AbortSignal,
): Promise<void> {
  const run = randomUUID().slice(0, 8);
  const limit = pLimit(AT_ONCE);
  const count = storeContract(() => none).length;
  const check = async (index: number) => {
    signal.throwIfAborted();
    const url = `dynamodb://wrapped-check-${run}-${index}${query}`;
    const open = () => DynamoStore.open(url, database);
    const stores = [await open()];
    const another = async () => {
      const store = await open();
      stores.push(store);
      return store;
    };
    const dir = await mkdtemp(join(tmpdir(), 'wrapped-check-'));
    const [store] = stores as [DynamoStore];
    const scene: Scene = { store, database, dir, another };
    const { name, hold } = storeContract(() => scene)[index] as ReturnType<typeof storeContract>[number];
    try {
      await store.ensureTables();
      const found = await hold().then(
        () => undefined,
        (error: unknown) => messageOf(error).trim(),
      );
      onChecked(found === undefined ? { name, holds: true } : { name, holds: false, found });
    } finally {
      await store.removeTables();
      for (const one of stores) await one.close();
      await rm(dir, { recursive: true, force: true });
    }
  };
  // The first alone: where nothing can be opened, that is said once.
  await check(0);
  await Promise.all(Array.from({ length: count - 1 }, (_, index) => limit(() => check(index + 1))));
}

/** Cases are counted without a scene. */
const none = undefined as never;
