import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { manyPlays, tempFolder, writeLake } from '../lakes.ts';
import { SOME_STORIES } from '../some-stories.ts';
import { startDynalite } from '../store/local-server.ts';
import { jsonLines, type Spawned, wrapped } from './wrapped.ts';

const YEARS = [2017, 2018, 2019];
const DECADE = '2010-2019';
const USERS = ['ann', 'bob', 'me'];

let dir: string;

/** Three years, computed but for what a test computes itself. */
beforeEach(async () => {
  const folder = tempFolder();
  onTestFinished(folder.remove);
  dir = folder.dir;
  await writeLake(join(dir, 'lake'), { plays: YEARS.flatMap((year) => manyPlays(year, 180, USERS)) });
});

const here = (...args: string[]): Promise<Spawned> => wrapped(args, { cwd: dir });

describe('wrapped decade', () => {
  test('reduces what the years have, says what it covers, and does nothing twice', async () => {
    expect(await here('run-all', ...SOME_STORIES)).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await here('decade', ...SOME_STORIES);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^6 columns in \.\/wrapped-store: 4 written, 2 skipped \(.* s\)\n$/);
    expect(stderr).toContain(`${DECADE} covers 2017–2019: the lake has no plays of its other years`);
    expect(stderr).toContain(`skipped top-genre ${DECADE}: the lake has no genres`);
    expect((await here('decade', ...SOME_STORIES)).stdout).toContain('4 unchanged, 2 skipped');
    expect(
      (await here('decade', ...SOME_STORIES, '--force', '--parallel', '2', '--threads', '1')).stdout,
    ).toContain('4 written');

    const lines = jsonLines((await here('decade', '--json', '--stories', 'minutes,top-track')).stdout);
    expect(lines).toEqual([
      { column: `minutes#${DECADE}`, rows: 3, status: 'unchanged', years: YEARS, exact: true },
      { column: `top-track#${DECADE}`, rows: 3, status: 'unchanged', years: YEARS, exact: true },
    ]);
  });

  test('before the years are there says what to run, and exits 1', async () => {
    const { code, stderr } = await here('decade', '--stories', 'minutes');
    expect(code).toBe(1);
    expect(stderr).toContain(
      `failed minutes ${DECADE}: 2017–2019 are missing: run \`wrapped run-all --years 2017-2019\` first`,
    );
  });

  test('--partial takes the years that there are, and show and status say so', async () => {
    await here('run-all', '--years', '2017,2019', '--stories', 'minutes,top-artist');
    const { code, stderr } = await here('decade', '--partial', '--stories', 'minutes,top-artist');
    expect(code).toBe(0);
    expect(stderr).toContain('minutes is partial: without 2018');
    const shown = (await here('show', 'me', '--decade')).stdout;
    expect(shown).toContain('Partial, without 2018: Minutes listened, Top artists');
    expect((await here('status')).stdout).toContain(
      'partial, without 2018 (minutes, top-artist of 2010-2019)',
    );
  });

  test('without totals gives bounds, and show says so', async () => {
    await here('run-all', ...SOME_STORIES);
    rmSync(join(dir, 'wrapped-store/totals'), { recursive: true });
    const { code, stderr } = await here('decade', ...SOME_STORIES);
    expect(code).toBe(0);
    expect(stderr).toMatch(/bounds instead of sums: top-artist, top-track; totals are gone/);
    const shown = (await here('show', 'me', '--decade')).stdout;
    expect(shown).toContain('Not exact, from the lists of each year alone: Top artists, Top tracks');
    expect(shown).toMatch(/at least\s+at most/);
  });

  test('--dry-run tells what it would do, and does nothing', async () => {
    await here('run-all', ...SOME_STORIES);
    const { code, stdout } = await here('decade', ...SOME_STORIES, '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain(`top-artist#${DECADE}  missing of 2017–2019 (never computed)`);
    expect(stdout).toContain('4 of 6 columns to compute. Nothing was touched.');
    const lines = jsonLines((await here('decade', '--dry-run', '--json', '--stories', 'top-track')).stdout);
    expect(lines).toEqual([
      {
        column: `top-track#${DECADE}`,
        state: 'missing',
        why: 'never computed',
        compute: true,
        years: YEARS,
        without: [],
        exact: true,
      },
    ]);
    expect(jsonLines((await here('status', ...SOME_STORIES, '--json')).stdout)).toHaveLength(18);
  });

  test('tells of bounds in --json and status, and of reasons in show', async () => {
    await here('run-all', ...SOME_STORIES);
    rmSync(join(dir, 'wrapped-store/totals'), { recursive: true });
    expect(jsonLines((await here('decade', '--json', '--stories', 'top-track')).stdout)).toMatchObject([
      { exact: false },
    ]);
    expect((await here('status')).stdout).toContain(
      'bounds, since totals were gone (top-track of 2010-2019)',
    );
    await here('decade', ...SOME_STORIES);
    expect((await here('show', 'me', '--decade', '--stories', 'top-genre')).stderr).toContain(
      'the lake has no genres',
    );
  });

  test('a store whose name is misspelt stays empty', async () => {
    await here('run-all', ...SOME_STORIES);
    expect(await here('decade', '--store', 'nope')).toMatchObject({ code: 1 });
    expect(existsSync(join(dir, 'nope'))).toBe(false);
  });

  test('of years computed for another zone says what to give', async () => {
    await here('run-all', ...SOME_STORIES);
    const { stderr } = await here('decade', '--timezone', 'Europe/Berlin', '--stories', 'minutes');
    expect(stderr).toContain('give the --timezone that the run had');
    expect(stderr).not.toContain('covers');
  });

  test('years that are none are errors', async () => {
    for (const years of ['2019', '2019-2010', '1000-9999', 'ten'])
      expect(await here('decade', '--years', years)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(`found '${years}'`),
      });
    const { code, stderr } = await here('decade', '--years', '1990-1999');
    expect(code).toBe(2);
    expect(stderr).toContain('has no plays of 1990-1999; it has 2017–2019');
  });
});

describe('wrapped show --decade', () => {
  test('shows the newest, or the one asked for; status and export know it too', async () => {
    await here('run-all', ...SOME_STORIES);
    expect((await here('show', 'me', '--decade')).stderr).toContain('`wrapped decade`');
    await here('decade', ...SOME_STORIES);
    await here('decade', ...SOME_STORIES, '--years', '2017-2018');
    const shown = (await here('show', 'me', '--decade')).stdout;
    expect(shown).toContain(`Wrapped ${DECADE}`);
    expect(shown).toContain('Year by year');
    expect(shown).toMatch(/Most faithful: Singer \d+, in the top ten of 3 years/);
    const other = (await here('show', 'me', '--years', '2017-2018')).stdout;
    expect(other).toContain('Wrapped 2017-2018');
    expect((await here('show', 'me', '--year', '2019', '--decade')).code).toBe(2);
    expect((await here('show', 'me')).stdout).toContain('Wrapped 2019');

    const row = JSON.parse((await here('show', 'me', '--decade', '--json')).stdout);
    expect(Object.keys(row.columns)).toEqual(
      ['listening-axes', 'minutes', 'top-artist', 'top-track'].map((id) => `${id}#${DECADE}`),
    );
    const states = jsonLines<{ column: string; state: string }>(
      (await here('status', ...SOME_STORIES, '--json')).stdout,
    );
    expect(states).toContainEqual(
      expect.objectContaining({ column: `top-artist#${DECADE}`, state: 'fresh', rows: 3 }),
    );
    const { stdout } = await here('export', 'minutes', DECADE, '--format', 'csv');
    expect(stdout).toMatch(/^user_id,minutes,plays,years,biggest,first\nann,/);
  });
});

test('a table has decades too, from the working folder, or from its own rows as bounds', async () => {
  const server = await startDynalite();
  onTestFinished(() => server.close());
  const table = ['--store', `dynamodb://wrapped?endpoint=${server.endpoint}`];
  expect(await here('run-all', ...SOME_STORIES, ...table)).toMatchObject({ code: 0 });
  expect(await here('decade', ...SOME_STORIES, ...table)).toMatchObject({ code: 0 });
  await here('run-all', ...SOME_STORIES);
  await here('decade', ...SOME_STORIES);
  const rowOf = async (...where: string[]) =>
    JSON.parse((await here('show', 'me', '--decade', '--json', ...where)).stdout);
  expect(await rowOf(...table)).toEqual(await rowOf());

  // The table has exact sums: nothing makes bounds of them because another working folder has no totals.
  expect((await here('decade', ...SOME_STORIES, ...table, '--work', './another')).stdout).toContain(
    '4 unchanged',
  );
  expect(await rowOf(...table)).toEqual(await rowOf());
  expect((await here('status', ...table, '--work', './another')).stdout).toMatch(/✓ \d+ fresh/);

  const gone = await here('decade', ...SOME_STORIES, ...table, '--work', './another', '--years', '2017-2019');
  expect(gone).toMatchObject({ code: 0, stderr: expect.stringContaining('bounds instead of sums') });
  expect((await rowOf(...table, '--years', '2017-2019')).columns['top-artist#2017-2019']).toMatchObject({
    exact: false,
  });
  // Bounds give way to sums in the table too.
  await here('run-all', ...SOME_STORIES, ...table, '--work', './another', '--force');
  expect(
    (await here('decade', ...SOME_STORIES, ...table, '--work', './another', '--years', '2017-2019')).stdout,
  ).toContain('2 written');
  expect((await rowOf(...table, '--years', '2017-2019')).columns['top-artist#2017-2019']).toMatchObject({
    exact: true,
  });
  expect((await rowOf(...table, '--years', '2017-2019')).columns['minutes#2017-2019'].years).toEqual(
    (await rowOf()).columns[`minutes#${DECADE}`].years,
  );
}, 180_000);
