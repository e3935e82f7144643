import type { Database } from '../sql/database.ts';
import { openDatabase } from '../sql/database.ts';
import { FolderStore } from './folder/folder-store.ts';
import type { Store } from './store.ts';

/** Opens a store by its name: a folder, or `dynamodb://TABLE[?region=…&endpoint=…]`. @throws WrappedError for a name that is neither */
export async function openStoreIn(name: string, database: Database): Promise<Store> {
  if (!name.includes('://') && !name.startsWith('dynamodb:')) return FolderStore.open(name, database);
  const { DynamoStore } = await import('./dynamodb/dynamo-store.ts');
  return DynamoStore.open(name, database);
}

/** Opens a store with a database of its own, for those who only read rows. Close it when done. */
export async function openStore(name: string): Promise<Store> {
  const database = await openDatabase();
  try {
    const store = await openStoreIn(name, database);
    const close = store.close.bind(store);
    return Object.assign(store, {
      close: async () => {
        await close();
        database.close();
      },
    });
  } catch (error) {
    database.close();
    throw error;
  }
}
