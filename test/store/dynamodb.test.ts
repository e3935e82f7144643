import { afterAll, beforeAll } from 'vitest';
import { openDatabase } from '../../src/sql/database.ts';
import { DynamoStore } from '../../src/store/dynamodb/dynamo-store.ts';
import { testContract } from './contract.ts';
import { type LocalServer, startDynalite } from './local-server.ts';

let server: LocalServer;
let tables = 0;

beforeAll(async () => {
  server = await startDynalite();
});

afterAll(() => server.close());

testContract('dynamodb', async () => {
  const url = `dynamodb://contract-${tables++}?endpoint=${server.endpoint}`;
  const database = await openDatabase({ threads: 1 });
  const open = () => DynamoStore.open(url, database);
  const stores = [await open()];
  return {
    store: stores[0]!,
    database,
    another: async () => {
      const store = await open();
      stores.push(store);
      return store;
    },
    cleanup: async () => {
      for (const store of stores) await store.close();
      database.close();
    },
  };
});
