import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Period, parsePeriod } from '../../src/decade/period.ts';
import { type DecadeRunOptions, runDecade } from '../../src/decade/run.ts';
import { run } from '../../src/engine/run.ts';
import { openWorkspace } from '../../src/engine/workspace.ts';
import { decadeOracle } from '../../src/oracle/decade.ts';
import type { History, Play } from '../../src/oracle/history.ts';
import { type AnyStory, FIXED_CUTS, integer, object } from '../../src/story/index.ts';
import { stories as everyStory } from '../../stories/index.ts';
import { decadeColumns, everyColumn } from '../engine.ts';
import { play, tempFolder, writeLake, writePlays } from '../lakes.ts';
import { someStories as stories } from '../some-stories.ts';
import { countStory } from '../stories-of.ts';

const PERIOD: Period = { from: 2010, to: 2019 };
const YEARS = Array.from({ length: 10 }, (_, index) => 2010 + index);
const SLOW = { timeout: 180_000 };

/** Plays of one artist (and one track of it) by a user in a year. */
const plays = (year: number, artist: string, count: number, varied: Partial<Play> = {}): Play[] =>
  Array.from({ length: count }, (_, index) =>
    play(`${year}-03-01T00:00:00Z`, {
      played_at: Date.UTC(year, 2, 1) + index * 600_000,
      track_id: `track of ${artist}`,
      track: `Song of ${artist}`,
      artist,
      ...varied,
    }),
  );

/** A lake in a folder of its own, its years computed. */
async function lakeOf(history: History, which: readonly AnyStory[] = stories) {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  const options = { lake: join(dir, 'lake'), store: join(dir, 'store') };
  await writeLake(options.lake, history);
  await everyColumn(options, which);
  return options;
}

type Places = Awaited<ReturnType<typeof lakeOf>>;

async function decade(places: Places, options: Partial<DecadeRunOptions> = {}) {
  const workspace = await openWorkspace(places);
  try {
    const { outcomes, plan } = await runDecade(workspace, { stories, period: PERIOD, ...options });
    const ledger = await workspace.store.ledger();
    return {
      plan,
      statusOf: (story: string) => outcomes.find(({ column }) => column.startsWith(`${story}#`)),
      noteOf: (story: string) =>
        ledger.find((entry) => entry.story === story && parsePeriod(entry.period))?.written?.note,
    };
  } finally {
    await workspace.close();
  }
}

async function recompute(places: Places, years?: readonly number[]) {
  const workspace = await openWorkspace(places);
  await run(workspace, { stories, years, force: true });
  await workspace.close();
}

// biome-ignore lint/suspicious/noExplicitAny: values of any story
type Values = Record<string, any>;

const valuesOf = (columns: Awaited<ReturnType<typeof decadeColumns>>, story: string) =>
  columns.get(`${story}#2010-2019`) as Values;

describe('sums of yearly tops would be wrong', SLOW, () => {
  /** Each makes a history that breaks them in its own way. */
  const histories: Record<string, History> = {
    'an artist who is eleventh every year and first of the decade': {
      plays: YEARS.flatMap((year) => [
        ...Array.from({ length: 10 }, (_, rank) => plays(year, `One-hit ${year} ${rank}`, 20)).flat(),
        ...plays(year, 'Eleventh', 19),
      ]),
    },
    'ties across years, broken by milliseconds, then by name': {
      plays: YEARS.flatMap((year, index) =>
        Array.from({ length: 14 }, (_, rank) =>
          plays(year, `Artist ${String.fromCharCode(97 + ((rank + index) % 14))}`, 1 + (rank % 3), {
            ms_played: rank % 4 === 0 ? 60_000 : 61_000,
          }),
        ).flat(),
      ),
    },
    'a user of one year beside one of ten': {
      plays: [
        ...YEARS.flatMap((year) => plays(year, 'Always', 3)),
        ...plays(2014, 'Once', 2, { user_id: 'guest' }),
      ],
    },
    '200 artists a year with equal plays': {
      plays: YEARS.flatMap((year) =>
        Array.from({ length: 200 }, (_, index) =>
          plays(year, `Artist ${(index * 7 + year * 13) % 250}`, 1),
        ).flat(),
      ),
    },
    'lengths unknown in one year, names that change, a track without an id': {
      plays: YEARS.flatMap((year) => [
        ...plays(year, 'Same', 2, {
          track_id: 't1',
          artist_id: 'a1',
          artist: `Called ${year}`,
          track: `Titled ${2030 - year}`,
          ...(year === 2015 && { ms_played: null }),
        }),
        ...plays(year, 'Nameless', 2, { track_id: null, artist_id: null }),
      ]),
    },
  };

  test.each(Object.keys(histories))('%s', async (name) => {
    const history = histories[name] as History;
    const places = await lakeOf(history);
    const columns = await decadeColumns(places, { stories, period: PERIOD });
    const expected = decadeOracle(history, { identity: 'track_id', fixedCuts: FIXED_CUTS }, PERIOD);
    for (const story of ['minutes', 'top-artist', 'top-track', 'listening-axes']) {
      const told = [...expected].flatMap(([user, row]) => (story in row ? [[user, row[story]]] : []));
      expect(valuesOf(columns, story), story).toEqual(Object.fromEntries(told));
    }
    if (name.includes('eleventh')) {
      expect(valuesOf(columns, 'top-artist').me.artists[0]).toMatchObject({ artist: 'Eleventh', plays: 190 });
      expect(
        valuesOf(columns, 'top-artist').me.by_year.map((one: { artist: string }) => one.artist),
      ).not.toContain('Eleventh');
    }
  });
});

test('where totals are gone an entry has bounds that hold, and nothing says it is exact', SLOW, async () => {
  const history = {
    plays: YEARS.flatMap((year, index) =>
      Array.from({ length: 16 }, (_, rank) =>
        plays(year, `Artist ${(rank * (index + 1)) % 23}`, 1 + rank),
      ).flat(),
    ),
  };
  const places = await lakeOf(history);
  const exact = valuesOf(await decadeColumns(places, { stories, period: PERIOD }), 'top-artist').me;
  const sums = new Map<string, number>();
  for (const { artist = '' } of history.plays) sums.set(artist!, (sums.get(artist!) ?? 0) + 1);
  rmSync(join(places.store, 'totals'), { recursive: true });
  rmSync(join(places.store, 'ledger', 'top-artist', '2010-2019.json'));

  const { noteOf, statusOf } = await decade(places);
  expect(statusOf('top-artist')).toMatchObject({ status: 'written' });
  expect(noteOf('top-artist')).toMatchObject({ exact: false });
  const bounds = valuesOf(await decadeColumns(places, { stories, period: PERIOD }), 'top-artist').me;
  expect(bounds).toMatchObject({ exact: false, by_year: exact.by_year, faithful: exact.faithful });
  expect(bounds.artists).toHaveLength(10);
  for (const { artist, plays: none, plays_min, plays_max } of bounds.artists) {
    expect(none).toBeUndefined();
    expect(plays_min).toBeLessThanOrEqual(sums.get(artist)!);
    expect(plays_max).toBeGreaterThanOrEqual(sums.get(artist)!);
  }

  await recompute(places);
  expect((await decade(places)).statusOf('top-artist')).toMatchObject({ status: 'written' });
  expect(valuesOf(await decadeColumns(places, { stories, period: PERIOD }), 'top-artist').me).toEqual(exact);
});

describe('years that are not there', SLOW, () => {
  const history = {
    plays: [2016, 2017, 2018, 2019].flatMap((year) => plays(year, `Artist ${year % 3}`, 40)),
  };

  test('a decade begins where the lake does, and ends with its newest year', async () => {
    const places = await lakeOf(history);
    const { plan, noteOf } = await decade(places, { period: undefined });
    expect(plan.period).toEqual({ from: 2010, to: 2019 });
    expect(noteOf('minutes')).toEqual({ years: [2016, 2017, 2018, 2019], exact: true });
  });

  test('of a lake without any is an error that names those there are', async () => {
    const places = await lakeOf(history);
    await expect(decade(places, { period: { from: 1990, to: 1999 } })).rejects.toThrow(
      /has no plays of 1990-1999; it has 2016–2019/,
    );
  });

  test('a year that was never computed is named, and refused; --partial goes without and says so', async () => {
    const places = await lakeOf(history);
    rmSync(join(places.store, 'ledger', 'top-artist', '2017.json'));
    const refused = await decade(places);
    expect(refused.statusOf('top-artist')).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(/^2017 is missing: run `wrapped run-all --years 2017`/),
    });
    expect(refused.noteOf('top-artist')).toBeUndefined();
    expect(refused.statusOf('minutes')).toMatchObject({ status: 'written' });

    const partial = await decade(places, { partial: true });
    expect(partial.noteOf('top-artist')).toEqual({ years: [2016, 2018, 2019], without: [2017], exact: true });
    expect((await decade(places, { partial: true })).statusOf('top-artist')).toMatchObject({
      status: 'unchanged',
    });

    await everyColumn(places, stories);
    expect((await decade(places)).statusOf('top-artist')).toMatchObject({ status: 'written' });
  });

  test('a year whose plays changed is stale, and refused', async () => {
    const places = await lakeOf(history);
    await decade(places);
    await writeLake(places.lake, { plays: [...history.plays, ...plays(2018, 'Late', 1)] });
    const { statusOf, noteOf } = await decade(places);
    expect(statusOf('minutes')).toMatchObject({ status: 'failed', reason: expect.stringContaining('stale') });
    expect(noteOf('minutes')).toBeDefined();
    await everyColumn(places, stories);
    expect((await decade(places)).statusOf('minutes')).toMatchObject({ status: 'written' });
    expect((await decade(places)).statusOf('minutes')).toMatchObject({ status: 'unchanged' });
  });

  test('years cut in different ways are refused; --partial takes those like the newest', async () => {
    const places = await lakeOf({
      ...history,
      tracks: history.plays
        .map(({ track_id }) => track_id!)
        .filter((id, at, all) => all.indexOf(id) === at)
        .map((track_id) => ({ track_id, release_date: '2015' })),
    });
    const path = join(places.store, 'ledger', 'listening-personality', '2016.json');
    const entry = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(
      path,
      JSON.stringify({ ...entry, written: { ...entry.written, note: { cuts: 'population' } } }),
    );
    for (const year of [2017, 2018, 2019]) {
      const other = join(places.store, 'ledger', 'listening-personality', `${year}.json`);
      const kept = JSON.parse(readFileSync(other, 'utf8'));
      writeFileSync(
        other,
        JSON.stringify({ ...kept, written: { ...kept.written, note: { cuts: 'fixed' } } }),
      );
    }
    expect((await decade(places)).statusOf('listening-personality')).toMatchObject({
      status: 'failed',
      reason: expect.stringMatching(
        /2016 at the population's median, 2017–2019 at fixed cuts.*leaves out 2016/,
      ),
    });
    const { noteOf } = await decade(places, { partial: true });
    expect(noteOf('listening-personality')).toMatchObject({ years: [2017, 2018, 2019], without: [2016] });
  });
});

test('exact sums stay when totals go, also by force, and nobody is told of bounds', SLOW, async () => {
  const places = await lakeOf({ plays: YEARS.flatMap((year) => plays(year, `Artist ${year % 4}`, 2)) });
  await decade(places);
  rmSync(join(places.store, 'totals'), { recursive: true });
  for (const force of [false, true]) {
    const { statusOf, noteOf } = await decade(places, {
      force,
      stories: stories.filter(({ id }) => id === 'top-artist'),
    });
    expect(statusOf('top-artist')).toMatchObject({ status: 'unchanged', exact: true });
    expect(noteOf('top-artist')).toMatchObject({ exact: true });
  }
});

test('a partial decade says so also where its years are those it had before', SLOW, async () => {
  const history = { plays: [2017, 2018].flatMap((year) => plays(year, 'A', 2)) };
  const places = await lakeOf(history);
  await decade(places);
  await writePlays(join(places.lake, 'plays', 'year=2019', 'plays.parquet'), plays(2019, 'A', 2));
  const { statusOf, noteOf } = await decade(places, { partial: true });
  expect(statusOf('minutes')).toMatchObject({ status: 'written', without: [2019] });
  expect(noteOf('minutes')).toMatchObject({ years: [2017, 2018], without: [2019] });
});

test('a decade is cut as its years were, also where its users are more', SLOW, async () => {
  // Two years of 600 listeners each, and none in both: 1,200 in the decade.
  const users = Array.from({ length: 1200 }, (_, index) => ({
    user: `u${index}`,
    year: index < 600 ? 2018 : 2019,
  }));
  const history = {
    plays: users.flatMap(({ user, year }, index) =>
      plays(year, `Artist ${index % 40}`, 15, { user_id: user }).concat(
        plays(year, `Artist ${(index * 7 + 1) % 50}`, 15, { user_id: user, track_id: `t${index % 90}` }),
      ),
    ),
    tracks: Array.from({ length: 90 }, (_, index) => ({
      track_id: `t${index}`,
      release_date: String(2000 + (index % 20)),
    })),
  };
  const places = await lakeOf(history);
  const columns = await decadeColumns(places, { stories, period: PERIOD });
  const codes = Object.values(columns.get('listening-personality#2010-2019') as Values);
  expect(codes.length).toBeGreaterThan(1000);
  for (const { code, by_year } of codes)
    expect([code]).toEqual(by_year.map((year: { code: string }) => year.code));
});

test('a story without a decade is left out, and says why', SLOW, async () => {
  const places = await lakeOf({ plays: plays(2019, 'A', 1) });
  const { statusOf } = await decade(places, {
    stories: [countStory({ decade: 'a count of nothing in particular' })],
  });
  expect(statusOf('count')).toMatchObject({ status: 'skipped', reason: 'a count of nothing in particular' });
  const { statusOf: silent } = await decade(places, { stories: [countStory()] });
  expect(silent('count')).toMatchObject({
    status: 'skipped',
    reason: expect.stringContaining('does not say'),
  });
});

test('a decade whose query throws fails alone', SLOW, async () => {
  const places = await lakeOf({ plays: plays(2019, 'A', 1) });
  const broken = countStory({
    decade: {
      reads: [],
      column: object({ plays: integer() }),
      query: () => {
        throw new Error('no such thing');
      },
    },
  });
  const workspace = await openWorkspace(places);
  await run(workspace, { stories: [broken] });
  await workspace.close();
  const { statusOf } = await decade(places, { stories: [...stories, broken] });
  expect(statusOf('count')).toMatchObject({
    status: 'failed',
    reason: expect.stringContaining('no such thing'),
  });
  expect(statusOf('minutes')).toMatchObject({ status: 'written' });
});

test('a decade reads rows and totals, never plays', SLOW, async () => {
  const places = await lakeOf({ plays: YEARS.flatMap((year) => plays(year, `Artist ${year}`, 2)) });
  const workspace = await openWorkspace(places);
  rmSync(join(places.lake, 'plays'), { recursive: true });
  const { outcomes } = await runDecade(workspace, { stories, period: PERIOD, force: true });
  await workspace.close();
  expect(outcomes.filter(({ status }) => status === 'failed')).toEqual([]);
  const written = outcomes
    .filter(({ status }) => status === 'written')
    .map(({ column }) => column.split('#')[0]);
  expect(written).toEqual(expect.arrayContaining(['listening-axes', 'minutes', 'top-artist', 'top-track']));
});

test(
  'the same bytes from one thread and from many, from all listeners at once and from a few, on every run',
  SLOW,
  async () => {
    const history = {
      plays: YEARS.flatMap((year) =>
        Array.from({ length: 60 }, (_, index) =>
          plays(year, `Artist ${(index * year) % 31}`, 1 + (index % 3), { user_id: `user ${index % 7}` }),
        ).flat(),
      ),
    };
    const places = await lakeOf(history, everyStory);
    const bytesBy = async (threads: number, rowsAtOnce?: number) => {
      const workspace = await openWorkspace({ ...places, threads });
      await runDecade(workspace, {
        stories: everyStory,
        period: PERIOD,
        force: true,
        parallel: threads,
        rowsAtOnce,
      });
      const ledger = (await workspace.store.ledger()).filter(({ period }) => parsePeriod(period));
      await workspace.close();
      return ledger.flatMap(({ written }) =>
        written === undefined ? [] : [readFileSync(join(places.store, written.at), 'base64')],
      );
    };
    const one = await bytesBy(1);
    expect(one.length).toBeGreaterThan(3);
    expect(await bytesBy(8)).toEqual(one);
    expect(await bytesBy(2, 100)).toEqual(one);
  },
);
