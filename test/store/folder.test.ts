import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/sql/database.ts';
import { FolderStore } from '../../src/store/folder/folder-store.ts';
import { testContract } from './contract.ts';

testContract('folder', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'wrapped-folder-'));
  const database = await openDatabase({ threads: 1 });
  const open = () => FolderStore.open(join(dir, 'store'), database);
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
      await rm(dir, { recursive: true, force: true });
    },
  };
});
