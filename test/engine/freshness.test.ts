import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makePlan } from '../../src/engine/plan.ts';
import { openWorkspace, type WorkspaceOptions } from '../../src/engine/workspace.ts';
import { type RunAllOptions, runAll as runStories } from '../../src/index.ts';
import type { History } from '../../src/oracle/history.ts';
import type { AnyStory } from '../../src/story/index.ts';
import { sql, struct } from '../../src/story/index.ts';
import { manyPlays, tempFolder, writeLake, writePlays } from '../lakes.ts';
import { someStories } from '../some-stories.ts';
import { countStory } from '../stories-of.ts';

const PLAYS = [...manyPlays(2018, 120), ...manyPlays(2019, 120)];
const GENRES = [{ artist: 'Singer 1', genre: 'pop' }];

const runAll = (options: RunAllOptions) => runStories({ stories: someStories, ...options });

async function computed(history: History = { plays: PLAYS }, options: RunAllOptions = {}) {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  const where = { lake: join(dir, 'lake'), store: join(dir, 'store') };
  await writeLake(where.lake, history);
  await runAll({ ...where, ...options });
  return where;
}

/** Each column's state and why, as `status` tells; fresh ones are left out. */
async function notFresh(
  options: WorkspaceOptions,
  stories: readonly AnyStory[] = someStories,
): Promise<Record<string, string>> {
  const workspace = await openWorkspace(options);
  try {
    const { years } = await makePlan(workspace, { stories });
    return Object.fromEntries(
      years
        .flatMap(({ columns }) => columns)
        .filter(({ state }) => state !== 'fresh')
        .map(({ story, year, state, why }) => [`${story.id}#${year}`, `${state}: ${why}`]),
    );
  } finally {
    await workspace.close();
  }
}

const written = ({ outcomes }: Awaited<ReturnType<typeof runAll>>) =>
  outcomes.filter(({ status }) => status === 'written').map(({ column }) => column);

const NO_GENRES = expect.stringMatching(/^not-applicable: the lake has no genres/);
const NO_DATES = expect.stringMatching(/^not-applicable: the lake has no release dates/);
const LACKING = {
  'listening-personality#2018': NO_DATES,
  'listening-personality#2019': NO_DATES,
  'top-genre#2018': NO_GENRES,
  'top-genre#2019': NO_GENRES,
};

test('what nothing changed is unchanged, and not computed again', async () => {
  const where = await computed();
  expect(await notFresh(where)).toEqual(LACKING);
  const { outcomes } = await runAll(where);
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['unchanged', 'skipped']));
});

test('a store beside the working folder gets copies: neither is computed again', async () => {
  const { lake, store } = await computed();
  const where = { lake, store: `${store}-beside`, work: store };
  expect(written(await runAll(where))).toHaveLength(8);
  expect(written(await runAll(where))).toEqual([]);
  expect(written(await runAll({ lake, store }))).toEqual([]);
});

test('a column whose file is gone is missing, and computed again', async () => {
  const where = await computed();
  rmSync(join(where.store, 'columns', 'minutes'), { recursive: true });
  expect(await notFresh(where)).toMatchObject({ 'minutes#2018': 'missing: its file is gone' });
  expect(written(await runAll(where))).toEqual(['minutes#2018', 'minutes#2019']);
});

test('--force computes what is fresh, and leaves what is not applicable', async () => {
  const where = await computed();
  const forced = written(await runAll({ ...where, force: true }));
  expect(forced).toEqual([
    'listening-axes#2018',
    'listening-axes#2019',
    'minutes#2018',
    'minutes#2019',
    'top-artist#2018',
    'top-artist#2019',
    'top-track#2018',
    'top-track#2019',
  ]);
});

describe('input', () => {
  test('a changed file makes its year stale, and is named', async () => {
    const where = await computed();
    await writePlays(join(where.lake, 'plays/year=2019/plays.parquet'), manyPlays(2019, 130));
    const changed = 'stale: input changed: plays/year=2019/plays.parquet is changed';
    expect(await notFresh(where)).toEqual({
      ...LACKING,
      'minutes#2019': changed,
      'top-artist#2019': changed,
      'top-track#2019': changed,
      'listening-axes#2019': changed,
    });
    expect(written(await runAll(where))).toHaveLength(4);
    expect(await notFresh(where)).toEqual(LACKING);
  });

  test('a new file is told from a changed one', async () => {
    const where = await computed();
    await writePlays(join(where.lake, 'plays/year=2019/more.parquet'), manyPlays(2019, 5));
    expect((await notFresh(where))['minutes#2019']).toBe(
      'stale: input changed: plays/year=2019/more.parquet is new',
    );
  });

  test('genres added make top-genre applicable, and nothing else is computed', async () => {
    const where = await computed();
    await writeTables(where.lake, { artistGenres: GENRES });
    expect((await notFresh(where))['top-genre#2019']).toMatch(/^missing: was not applicable/);
    expect(written(await runAll(where))).toEqual(['top-genre#2018', 'top-genre#2019']);
  });

  test('changed genres make top-genre stale, and nothing else', async () => {
    const tracks = [{ track_id: 't1', release_date: '2018' }];
    const where = await computed({ plays: PLAYS, tracks, artistGenres: GENRES });
    await writeTables(where.lake, { artistGenres: [...GENRES, { artist: 'Singer 2', genre: 'rock' }] });
    expect(await notFresh(where)).toEqual({
      'top-genre#2018': 'stale: input changed: the genres',
      'top-genre#2019': 'stale: input changed: the genres',
    });
    expect(written(await runAll(where))).toEqual(['top-genre#2018', 'top-genre#2019']);
  });

  test('genres taken away take the column away', async () => {
    const where = await computed({ plays: PLAYS, artistGenres: GENRES });
    await writeTables(where.lake, { artistGenres: [{ artist: 'Singer 1', genre: null }] });
    const { outcomes } = await runAll({ ...where, years: [2019] });
    expect(outcomes.find(({ column }) => column === 'top-genre#2019')).toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining('has no genres'),
    });
  });

  /** Writes tables beside the plays that are there. */
  const writeTables = (lake: string, tables: Omit<History, 'plays'>) =>
    writeLake(lake, { plays: [], ...tables });
});

describe('story', () => {
  const before = countStory();

  test.each([
    ['version', countStory({ version: 2 }), 'stale: the story is version 2, the column is of version 1'],
    [
      'query',
      countStory({
        query: ({ user }) => sql`SELECT user_year, ${struct({ plays: sql`listens` })} AS value FROM ${user}`,
      }),
      'stale: the story’s query changed',
    ],
  ])('a changed %s makes its columns stale, and no other', async (_what, after, why) => {
    const minutes = someStories.filter(({ id }) => id === 'minutes');
    const where = await computed({ plays: PLAYS }, { stories: [before, ...minutes] });
    const stories = [after, ...minutes];
    expect(await notFresh(where, stories)).toEqual({ 'count#2018': why, 'count#2019': why });
    expect(written(await runAll({ ...where, stories }))).toEqual(['count#2018', 'count#2019']);
    expect(await notFresh(where, stories)).toEqual({});
  });
});

test('another time zone makes everything stale, and both rules are named', async () => {
  const where = await computed();
  const states = await notFresh({ ...where, timezone: 'Asia/Tokyo' });
  expect(states['minutes#2019']).toBe(
    'stale: rules changed: now rules 1, Asia/Tokyo, track_id; the column is of rules 1, UTC, track_id',
  );
});
