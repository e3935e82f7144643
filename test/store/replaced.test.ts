import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { forget } from '../../src/engine/forget.ts';
import { withPlace } from '../../src/engine/place.ts';
import { run } from '../../src/engine/run.ts';
import { openWorkspace } from '../../src/engine/workspace.ts';
import { type Database, openDatabase } from '../../src/sql/database.ts';
import type { Sql } from '../../src/sql/sql.ts';
import { FolderStore } from '../../src/store/folder/folder-store.ts';
import { stories } from '../../stories/index.ts';
import { hookedDatabase } from '../hooked-database.ts';
import { manyPlays, tempFolder, writeLake } from '../lakes.ts';

const chosen = stories.filter(({ id }) => ['minutes', 'top-artist', 'streak'].includes(id));

let place: { lake: string; store: string };

beforeEach(async () => {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  place = { lake: join(dir, 'lake'), store: join(dir, 'store') };
  await writeLake(place.lake, { plays: manyPlays(2019, 60, ['ann', 'bob']) });
  await compute();
});

/** Computes every column anew, as another process would while this one reads. */
async function compute(): Promise<void> {
  const workspace = await openWorkspace(place);
  await run(workspace, { stories: chosen, force: true });
  await workspace.close();
}

/** A database of which each of the first `times` queries of a column's file finds all columns replaced. */
function hurried(database: Database, times: number): Database {
  const hurry = async ({ text }: Sql) => {
    if (times > 0 && /columns\/.*~/.test(text)) {
      times--;
      await compute();
    }
  };
  return hookedDatabase(database, hurry);
}

async function hurriedStore(times: number): Promise<FolderStore> {
  const database = await openDatabase({ threads: 1 });
  onTestFinished(() => database.close());
  return FolderStore.open(place.store, hurried(database, times));
}

test('a row is read whole, however often its columns are replaced meanwhile', async () => {
  const row = await (await hurriedStore(3)).row('ann');
  expect(Object.keys(row?.columns ?? {})).toEqual(chosen.map(({ id }) => `${id}#2019`).sort());
});

test('the values of a column are all read, however often it is replaced meanwhile', async () => {
  const users: string[] = [];
  for await (const rows of (await hurriedStore(3)).values({ story: 'streak', period: '2019' }))
    users.push(...rows.map(({ user_id }) => user_id));
  expect(users).toEqual(['ann', 'bob']);
});

test('a user is forgotten while a run replaces columns', async () => {
  await withPlace(place, (open) => forget({ ...open, database: hurried(open.database, 3) }, 'ann'));
  const store = await hurriedStore(0);
  expect(await store.row('ann')).toBeUndefined();
  expect(Object.keys((await store.row('bob'))?.columns ?? {})).toHaveLength(chosen.length);
});

test('a failure that is noted while another process commits the column takes nothing away', async () => {
  const store = await hurriedStore(0);
  const id = { story: 'minutes', period: '2019' };
  const entry = store.entry.bind(store);
  store.entry = async (column) => {
    const found = await entry(column);
    store.entry = entry;
    await compute();
    return found;
  };
  const { from } = (await entry(id))!;
  await store.putFailure(id, from, 'no such luck');
  expect(await store.entry(id)).toMatchObject({ state: 'written' });
  expect(await store.row('ann')).toMatchObject({ columns: { 'minutes#2019': expect.anything() } });
  await store.putFailure(id, from, 'no such luck');
  expect(await store.entry(id)).toMatchObject({ state: 'failed', reason: 'no such luck' });
  expect(await store.row('ann')).toMatchObject({ columns: { 'minutes#2019': expect.anything() } });
  await compute();
  expect(await store.entry(id)).toMatchObject({ state: 'written' });
});
