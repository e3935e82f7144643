import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importExports } from '../src/lake/import.ts';
import { openDatabase } from '../src/sql/database.ts';
import { decadeColumns, everyColumn } from './engine.ts';
import { type Fixture, loadFixtures } from './fixtures.ts';
import { tempFolder, writeLake } from './lakes.ts';

describe.concurrent('golden cases', () => {
  for (const fixture of loadFixtures()) {
    test(fixture.name, async ({ onTestFinished }) => {
      const { dir, remove } = tempFolder();
      onTestFinished(remove);
      const lake = join(dir, 'lake');
      await makeLake(lake, fixture);
      const timezone = 'import' in fixture ? undefined : fixture.timezone;
      const places = { lake, store: join(dir, 'store'), timezone };
      const columns = await everyColumn(places);
      const { decade } = fixture;
      if (decade !== undefined) {
        for (const [name, values] of await decadeColumns(places, { period: decade }))
          columns.set(name, values);
      }
      expect(Object.fromEntries(columns)).toEqual(Object.fromEntries(fixture.expected));
    });
  }
});

async function makeLake(lake: string, fixture: Fixture): Promise<void> {
  if (!('import' in fixture)) return writeLake(lake, fixture.history, fixture.identity);
  const { user, overlap, paths } = fixture.import;
  const database = await openDatabase();
  const session = await database.session();
  for (const path of paths) await importExports({ paths: [path], user, overlap, lake, session });
  database.close();
}
