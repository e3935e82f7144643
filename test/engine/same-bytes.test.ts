import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runAll } from '../../src/index.ts';
import { generateLake } from '../../src/lake/generate.ts';
import { openDatabase } from '../../src/sql/database.ts';
import { FolderStore } from '../../src/store/folder/folder-store.ts';
import { columnName } from '../../src/store/store.ts';
import { tempFolder } from '../lakes.ts';

/** Columns of less than a row group, of one to two, where DuckDB's threads differ; and more plays than one of its threads takes at a time. */
const LAKE = { users: 2500, playsPerUser: 60, years: { from: 2019, to: 2019 }, seed: 7 };

const { dir, remove } = tempFolder();
const lake = join(dir, 'lake');

beforeAll(async () => {
  const database = await openDatabase();
  await generateLake({ ...LAKE, lake, session: await database.session() });
  database.close();
});
afterAll(remove);

let stores = 0;

/** The digest of each column's file. */
async function columnsBy(how: { threads: number; parallel: number }): Promise<Record<string, string>> {
  const name = join(dir, `store-${stores++}`);
  const { outcomes } = await runAll({ lake, store: name, ...how });
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['written']));
  const database = await openDatabase();
  const store = FolderStore.open(name, database);
  const digests = (await store.ledger()).map((entry) => {
    const bytes = readFileSync(store.path(entry.written!));
    return [columnName(entry), createHash('sha256').update(bytes).digest('hex')];
  });
  database.close();
  return Object.fromEntries(digests);
}

test('columns are the same, byte for byte, from one thread and from eight', {
  timeout: 120_000,
}, async () => {
  const expected = await columnsBy({ threads: 1, parallel: 1 });
  expect(Object.keys(expected)).toContain('listening-personality#2019');
  expect(await columnsBy({ threads: 8, parallel: 8 })).toEqual(expected);
  expect(await columnsBy({ threads: 8, parallel: 1 })).toEqual(expected);
  expect(await columnsBy({ threads: 1, parallel: 8 })).toEqual(expected);
});
