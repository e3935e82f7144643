import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../src/engine/run.ts';
import { openWorkspace } from '../../src/engine/workspace.ts';
import { openStore, type RunAllOptions, runAll } from '../../src/index.ts';
import { type Spawned, wrapped } from '../cli/wrapped.ts';
import { columnsOf, everyColumn } from '../engine.ts';
import { hookedDatabase } from '../hooked-database.ts';
import { manyPlays, tempFolder, writeLake, writePlays } from '../lakes.ts';
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

test.each<[string, (where: { lake: string }) => RunAllOptions | Promise<RunAllOptions>]>([
  ['of another time zone', () => ({ timezone: 'Asia/Tokyo' })],
  ['that reads the same plays at once', () => ({})],
  [
    'that finds a new file',
    async ({ lake }) => {
      await writePlays(join(lake, 'plays/year=2019/new.parquet'), manyPlays(2019, 50));
      return {};
    },
  ],
])('a run %s leaves the totals that another is merging', async (_, other) => {
  const where = await lakeAndStore();
  for (const file of ['a', 'b'])
    await writePlays(join(where.lake, `plays/year=2019/${file}.parquet`), manyPlays(2019, 50));
  const opened = await openWorkspace({ ...where, mouthful: 1_000 });
  onTestFinished(() => opened.close());
  const stories = someStories.filter(({ id }) => id === 'top-track');
  let isDone = false;
  const database = hookedDatabase(opened.database, async ({ text }) => {
    if (isDone || !text.includes('user_of_part_0')) return;
    isDone = true;
    await runAll({ ...where, stories, years: [2019], ...(await other(where)) });
  });
  const { outcomes } = await run({ ...opened, database }, { stories, years: [2019] });
  expect(isDone).toBe(true);
  expect(outcomes.filter(({ status }) => status === 'failed')).toEqual([]);
});

test('different stories at once in one store', () =>
  atOnce([
    ['--stories', 'minutes,top-genre'],
    ['--stories', 'top-artist,listening-personality'],
    ['--stories', 'top-track,listening-axes'],
  ]));

test('the same stories at once in one store', () =>
  atOnce([SOME_STORIES, [...SOME_STORIES, '--force'], [...SOME_STORIES, '--force']]));
