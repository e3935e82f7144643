import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makePlan } from '../../src/engine/plan.ts';
import { openWorkspace, type WorkspaceOptions } from '../../src/engine/workspace.ts';
import type { Play } from '../../src/oracle/history.ts';
import { localYear } from '../../src/oracle/local-year.ts';
import { stories } from '../../stories/index.ts';
import { everyColumn } from '../engine.ts';
import { play, tempFolder, writeLake, writePlays } from '../lakes.ts';

const HOUR = 3_600_000;

function lakeAndStore() {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  return { lake: join(dir, 'lake'), store: join(dir, 'store') };
}

describe('every play belongs to exactly one year', () => {
  /** From UTC-12 to UTC+14, with those that are off the hour. */
  const ZONES = [
    ...Array.from({ length: 27 }, (_, index) => `Etc/GMT${index < 12 ? '+' : '-'}${Math.abs(12 - index)}`),
    'America/St_Johns',
    'Asia/Kathmandu',
    'Pacific/Apia',
  ];
  const users = ZONES.map((timezone, index) => ({ user_id: `u${index}`, timezone }));

  /** Every half hour of the first and the last day and a half of a UTC year, and some of summer. */
  const around = (year: number): number[] => [
    ...Array.from({ length: 72 }, (_, index) => Date.UTC(year, 0, 1) + (index * HOUR) / 2),
    Date.UTC(year, 6, 1),
    ...Array.from({ length: 72 }, (_, index) => Date.UTC(year + 1, 0, 1) - 1 - (index * HOUR) / 2),
  ];

  // 2011 has the day that Apia left out; 2017 and 2020 have no neighbour.
  const instants = [2011, 2012, 2017, 2020].flatMap(around);
  const plays: Play[] = users.flatMap(({ user_id }) =>
    instants.map((played_at) => play('2000-01-01', { user_id, played_at })),
  );

  test('the years add up to the whole, those without a partition too', async () => {
    const where = lakeAndStore();
    await writeLake(where.lake, { plays, users });
    const found = await listensOf(where);
    const expected: Record<string, number> = {};
    for (const { user_id, played_at } of plays) {
      const { timezone } = users.find((user) => user.user_id === user_id)!;
      const year = localYear(Number(played_at), timezone);
      expected[year] = (expected[year] ?? 0) + 1;
    }
    expect(found).toEqual(expected);
    expect(Object.keys(found)).toEqual(
      expect.arrayContaining(['2010', '2013', '2016', '2018', '2019', '2021']),
    );
    expect(Object.values(found).reduce((a, b) => a + b)).toBe(plays.length);
  });

  test.each(['Etc/GMT+12', 'Etc/GMT-14'])('with --timezone %s and no table of users', async (timezone) => {
    const where = lakeAndStore();
    const own = plays.filter(({ user_id }) => user_id === 'u0');
    await writeLake(where.lake, { plays: own });
    const found = await listensOf({ ...where, timezone });
    expect(Object.values(found).reduce((a, b) => a + b)).toBe(own.length);
    expect(Object.keys(found)).toContain(timezone === 'Etc/GMT+12' ? '2016' : '2018');
  });

  /** Listen rows of all users, by year. */
  async function listensOf(options: WorkspaceOptions): Promise<Record<string, number>> {
    const columns = await everyColumn(
      options,
      stories.filter(({ id }) => id === 'minutes'),
    );
    return Object.fromEntries(
      [...columns].map(([column, values]) => [
        column.split('#')[1],
        Object.values(values).reduce<number>((sum, value) => sum + (value as { listens: number }).listens, 0),
      ]),
    );
  }
});

describe('a year opens its own files, and of its neighbours what time zones need', () => {
  const YEARS = [2017, 2018, 2019, 2020, 2021];

  async function filesOf(year: number, options: WorkspaceOptions): Promise<string[]> {
    const workspace = await openWorkspace(options);
    try {
      const plan = await makePlan(workspace, { stories, years: [year] });
      const { files } = plan.years[0]!.source;
      return files.map(({ path }) => relative(join(workspace.lake.dir, 'plays'), path));
    } finally {
      await workspace.close();
    }
  }

  const yearsOf = (files: readonly string[]) => files.map((file) => basename(dirname(file)));

  const wholeYears = YEARS.flatMap((year) => [
    play(`${year}-01-01T00:30:00Z`),
    play(`${year}-06-01T00:00:00Z`),
    play(`${year}-12-31T23:30:00Z`),
  ]);

  test('none of its neighbours where all users are in UTC', async () => {
    const where = lakeAndStore();
    await writeLake(where.lake, { plays: wholeYears });
    expect(yearsOf(await filesOf(2019, where))).toEqual(['year=2019']);
  });

  test.each([
    ['Pacific/Auckland', ['year=2018', 'year=2019']],
    ['America/Los_Angeles', ['year=2019', 'year=2020']],
  ])('one neighbour where a user is in %s', async (timezone, expected) => {
    const where = lakeAndStore();
    await writeLake(where.lake, { plays: wholeYears, users: [{ user_id: 'me', timezone }] });
    expect(yearsOf(await filesOf(2019, where))).toEqual(expected);
  });

  test('no neighbour whose plays are all of summer', async () => {
    const where = lakeAndStore();
    const plays = YEARS.map((year) => play(`${year}-06-01T00:00:00Z`));
    await writeLake(where.lake, { plays, users: [{ user_id: 'me', timezone: 'Pacific/Auckland' }] });
    expect(yearsOf(await filesOf(2019, where))).toEqual(['year=2019']);
  });

  test('of months, only December before and January after', async () => {
    const where = lakeAndStore();
    for (const [year, month] of [
      [2018, '11'],
      [2018, '12'],
      [2019, '01'],
      [2020, '01'],
      [2020, '02'],
    ] as const) {
      await writePlays(join(where.lake, 'plays', `year=${year}`, `month=${month}`, 'a.parquet'), [
        play(`${year}-${month}-01T00:00:00Z`),
        play(`${year}-${month}-28T23:00:00Z`),
        ...(month === '12' ? [play('2018-12-31T23:00:00Z'), play('2018-12-31T01:00:00Z')] : []),
      ]);
    }
    const zoned = { ...where, timezone: 'Pacific/Auckland' };
    expect((await filesOf(2019, zoned)).map(dirname)).toEqual(['year=2018/month=12', 'year=2019/month=01']);
  });

  test('months by any other name than a number are not relied on', async () => {
    const where = lakeAndStore();
    const folder = join(where.lake, 'plays', 'year=2018', 'month=2018-12');
    await writePlays(join(folder, 'a.parquet'), [play('2018-12-31T23:00:00Z')]);
    const columns = await everyColumn({ ...where, timezone: 'Pacific/Auckland' });
    expect(columns.get('minutes#2019')).toMatchObject({ me: { listens: 1 } });
  });
});

test('years may have columns that others lack', async () => {
  const where = lakeAndStore();
  const identity = { user_id: 'me', track_id: 't1' };
  await writeLake(where.lake, {
    plays: [
      { ...identity, played_at: Date.parse('2018-05-01T00:00:00Z'), track: 'Song', artist: 'Singer' },
      { ...identity, played_at: Date.parse('2019-05-01T00:00:00Z'), ms_played: 90_000, kind: 'track' },
    ],
    tracks: [{ track_id: 't1', track: 'Song', artist: 'Singer' }],
  });
  const columns = await everyColumn(where);
  expect(columns.get('top-track#2018')).toMatchObject({ me: { tracks: [{ track: 'Song', plays: 1 }] } });
  expect(columns.get('minutes#2019')).toMatchObject({ me: { minutes: 1 } });
});
