import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/index.ts';
import { type Spawned, wrapped } from '../cli/wrapped.ts';
import { columnsOf, everyColumn } from '../engine.ts';
import { manyPlays, tempFolder, writeLake } from '../lakes.ts';
import { SOME_STORIES, someStories } from '../some-stories.ts';

async function lakeAndStore() {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  const lake = join(dir, 'lake');
  await writeLake(lake, { plays: [2016, 2017, 2018, 2019].flatMap((year) => manyPlays(year, 400)) });
  return { dir, lake, store: join(dir, 'store') };
}

/** Runs these at once into one store, and holds it to what one process makes alone. */
async function atOnce(runs: readonly (readonly string[])[]): Promise<Spawned[]> {
  const { dir, lake, store } = await lakeAndStore();
  const done = await Promise.all(
    runs.map((run) => wrapped(['run-all', '--lake', lake, '--store', store, ...run], { cwd: dir })),
  );
  for (const { code, stderr } of done) expect({ code, stderr }).toMatchObject({ code: 0 });
  const opened = await openStore(store);
  onTestFinished(() => opened.close());
  expect(await columnsOf(opened)).toEqual(
    await everyColumn({ lake, store: join(dir, 'alone') }, someStories),
  );
  expect(readdirSync(join(store, 'tmp'))).toEqual([]);
  return done;
}

test('different stories at once in one store', () =>
  atOnce([
    ['--stories', 'minutes,top-genre'],
    ['--stories', 'top-artist,listening-personality'],
    ['--stories', 'top-track,listening-axes'],
  ]));

test('the same stories at once in one store', () =>
  atOnce([SOME_STORIES, [...SOME_STORIES, '--force'], [...SOME_STORIES, '--force']]));
