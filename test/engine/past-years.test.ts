import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makePlan } from '../../src/engine/plan.ts';
import { withWorkspace } from '../../src/engine/workspace.ts';
import { runAll } from '../../src/index.ts';
import { stories as builtIn } from '../../stories/index.ts';
import { columnsOf } from '../engine.ts';
import { play, tempFolder, writeLake, writePlays } from '../lakes.ts';
import { countStory } from '../stories-of.ts';

/** One that reads its own year, and one that reads all years before it. */
const stories = builtIn.filter(({ id }) => id === 'minutes' || id === 'new-artists');

const of = (year: number, ...artists: string[]) =>
  artists.map((artist, index) =>
    play(`${year}-03-0${index + 1}T12:00:00Z`, {
      artist,
      track: `Song of ${artist}`,
      track_id: `t ${artist}`,
    }),
  );

async function lakeOf(...plays: ReturnType<typeof of>[]) {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  const places = { lake: join(dir, 'lake'), store: join(dir, 'store') };
  await writeLake(places.lake, { plays: plays.flat() });
  return places;
}

const YEARS = [of(2016, 'A'), of(2017, 'A', 'B'), of(2018, 'B', 'C'), of(2019, 'A', 'C', 'D')];

const planOf = (places: { lake: string; store: string }, years?: readonly number[]) =>
  withWorkspace(places, (workspace) => makePlan(workspace, { stories, years }));

const statesOf = async (places: { lake: string; store: string }) =>
  Object.fromEntries(
    (await planOf(places)).years
      .flatMap(({ columns }) => columns)
      .filter(({ state }) => state !== 'fresh')
      .map(({ story, year, state, why }) => [`${story.id}#${year}`, `${state}: ${why}`]),
  );

const valuesOf = (places: { lake: string; store: string }) =>
  withWorkspace(places, async ({ store }) => Object.fromEntries(await columnsOf(store)));

test('a year alone makes the totals of the years before it, and no column of theirs', async () => {
  const places = await lakeOf(...YEARS);
  const plan = await planOf(places, [2018]);
  expect(plan.past.map(({ year }) => year)).toEqual([2016, 2017]);
  expect(plan.past.map(({ missingTotals }) => missingTotals)).toEqual([
    expect.arrayContaining(['user', 'user_artist', 'artist']),
    expect.arrayContaining(['user', 'user_artist', 'artist']),
  ]);
  await runAll({ ...places, stories, years: [2018] });
  const values = await valuesOf(places);
  expect(Object.keys(values)).toEqual(['minutes#2018', 'new-artists#2018']);
  expect(values['new-artists#2018']).toEqual({
    me: { new: 1, of: 2, share: 0.5, artists: [{ artist: 'C', plays: 1, ms: 180_000 }] },
  });
  expect(readdirSync(join(places.store, 'totals')).sort()).toEqual(['2016', '2017', '2018']);
});

test('years one by one, in any order, are what all years together are', async () => {
  const places = await lakeOf(...YEARS);
  await runAll({ ...places, stories });
  const together = await valuesOf(places);
  expect(together['new-artists#2016']).toEqual({});
  expect(together['new-artists#2019']).toMatchObject({ me: { new: 1, of: 3 } });
  const alone = { ...places, store: `${places.store}-alone` };
  for (const year of [2019, 2016, 2018, 2017]) await runAll({ ...alone, stories, years: [year] });
  expect(await valuesOf(alone)).toEqual(together);
});

test('a changed year makes later columns stale that read it, says which, and no other', async () => {
  const places = await lakeOf(...YEARS);
  await runAll({ ...places, stories });
  expect(await statesOf(places)).toEqual({});
  await writePlays(join(places.lake, 'plays/year=2017/more.parquet'), of(2017, 'D'));
  const own = 'stale: input changed: plays/year=2017/more.parquet is new';
  const other = 'stale: input changed: plays of 2017, which it reads too';
  expect(await statesOf(places)).toEqual({
    'minutes#2017': own,
    'new-artists#2017': own,
    'new-artists#2018': other,
    'new-artists#2019': other,
  });
  await runAll({ ...places, stories });
  expect(await statesOf(places)).toEqual({});
  expect((await valuesOf(places))['new-artists#2019']).toMatchObject({ me: { new: 0, of: 3, artists: [] } });
});

test('a year added before all makes those after it stale, and the first of them known', async () => {
  const places = await lakeOf(...YEARS.slice(2));
  await runAll({ ...places, stories });
  expect((await valuesOf(places))['new-artists#2018']).toEqual({});
  await writeLake(places.lake, { plays: of(2010, 'B') });
  expect(await statesOf(places)).toMatchObject({
    'new-artists#2010': 'missing: never computed',
    'new-artists#2018': 'stale: input changed: plays of 2010, which it reads too',
  });
  await runAll({ ...places, stories });
  expect((await valuesOf(places))['new-artists#2018']).toMatchObject({ me: { new: 1, of: 2 } });
});

test('totals that are gone are not made again for what is fresh', async () => {
  const places = await lakeOf(...YEARS);
  await runAll({ ...places, stories });
  rmSync(join(places.store, 'totals'), { recursive: true });
  const plan = await planOf(places, [2019]);
  expect(plan.past).toEqual([]);
  expect(plan.years.flatMap(({ missingTotals }) => missingTotals)).toEqual([]);
});

test('a column whose other year can’t be read fails alone, and says which year', async () => {
  const places = await lakeOf(...YEARS);
  // The file's metadata are whole, its pages are not: a plan reads the first alone.
  const file = join(places.lake, 'plays/year=2017/plays.parquet');
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xff, 4, 60));
  const { outcomes } = await runAll({ ...places, stories, years: [2018, 2019] });
  expect(outcomes.map(({ column, status }) => `${column} ${status}`)).toEqual([
    'minutes#2018 written',
    'minutes#2019 written',
    'new-artists#2018 failed',
    'new-artists#2019 failed',
  ]);
  for (const { reason } of outcomes.slice(2)) expect(reason).toMatch(/^totals of 2017: \S/);
  // What was broken is tried again, and only that.
  await writePlays(file, of(2017, 'A', 'B'));
  const again = await runAll({ ...places, stories, years: [2018, 2019] });
  expect(again.outcomes.map(({ status }) => status)).toEqual([
    'unchanged',
    'unchanged',
    'written',
    'written',
  ]);
});

test('past years that there are not are an error of the story', () => {
  expect(() => countStory({ past: { years: 'later' as 'last', reads: ['user'] } })).toThrow(
    "past.years is 'later', expected 'earlier' or 'last'",
  );
  expect(() => countStory({ past: { years: 'last', reads: ['plays' as 'user'] } })).toThrow("reads 'plays'");
});
