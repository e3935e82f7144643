import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { everyColumn } from './engine.ts';
import { loadFixtures } from './fixtures.ts';
import { tempFolder, writeLake } from './lakes.ts';

describe('golden cases', () => {
  for (const fixture of loadFixtures()) {
    if ('import' in fixture) continue;
    test(fixture.name, async () => {
      const { dir, remove } = tempFolder();
      onTestFinished(remove);
      const lake = join(dir, 'lake');
      await writeLake(lake, fixture.history, fixture.identity);
      const columns = await everyColumn({ lake, store: join(dir, 'store'), timezone: fixture.timezone });
      expect(Object.fromEntries(columns)).toEqual(Object.fromEntries(fixture.expected));
    });
  }
});
