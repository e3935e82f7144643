import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { CHECK_IDS, type CheckId, isOver, type Limit, parseLimit } from '../../src/lake/check/checks.ts';
import { judgeMonths } from '../../src/lake/check/months.ts';
import { type CheckOptions, type CheckReport, checkLake } from '../../src/lake/check.ts';
import { openLake } from '../../src/lake/lake.ts';
import type { History, Identity, Play } from '../../src/oracle/history.ts';
import { type Database, openDatabase } from '../../src/sql/database.ts';
import { sql } from '../../src/sql/sql.ts';
import { play, tempFolder, writeLake, writePlays } from '../lakes.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const NOW = new Date('2020-06-01T00:00:00Z');

/** Checks a lake of this history, or one that is there. */
async function check(
  history: History | string,
  options: Partial<CheckOptions> & { identity?: Identity } = {},
): Promise<CheckReport> {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  if (typeof history !== 'string') await writeLake(dir, history, options.identity);
  const session = await database.session();
  try {
    const lake = await openLake(typeof history === 'string' ? history : dir);
    return await checkLake({ lake, session, timezone: 'UTC', now: NOW, ...options });
  } finally {
    session.close();
  }
}

/** What was found, as `found of all: examples`, by check. */
const told = ({ findings }: CheckReport): Partial<Record<CheckId, string>> =>
  Object.fromEntries(
    findings
      .filter(({ found }) => found > 0)
      .map(({ check, found, of, examples }) => [check, `${found} of ${of}: ${examples.join(', ')}`]),
  );

const found = async (plays: Play[], rest: Partial<History> = {}, identity?: Identity) =>
  told(await check({ plays, ...rest }, identity === undefined ? {} : { identity }));

const nobody = null as unknown as string;

describe('a check finds', () => {
  test('nothing in a clean lake, and says what there is', async () => {
    const report = await check({
      plays: [
        play('2018-12-31T10:00:00Z'),
        play('2019-01-01T10:00:00Z', { user_id: 'you' }),
        play('2019-01-01T10:00:00Z'),
      ],
      tracks: [{ track_id: 't1', duration_ms: 180_000 }],
    });
    expect(told(report)).toEqual({});
    expect(report.findings.map(({ check }) => check)).toEqual(CHECK_IDS);
    expect(report).toMatchObject({
      rows: 3,
      users: 2,
      first: new Date('2018-12-31T10:00:00Z'),
      last: new Date('2019-01-01T10:00:00Z'),
      unchecked: [],
    });
  });

  test('years without a partition', async () => {
    const plays = [play('2017-12-01T00:00:00Z'), play('2019-01-01T00:00:00Z')];
    expect(await found(plays)).toEqual({ gap: '12 of 14: 2018-01 to 2018-12' });
  });

  test('months without a row, of those in between', async () => {
    expect(
      await found([
        play('2018-10-01T00:00:00Z'),
        play('2018-12-31T23:59:59Z'),
        play('2019-01-31T23:59:59Z'),
        play('2019-04-01T00:00:00Z'),
      ]),
    ).toEqual({ gap: '3 of 7: 2018-11, 2019-02 to 2019-03' });
  });

  test('rows without a user, a track or a length', async () => {
    expect(
      await found([
        play('2019-01-01T11:00:00Z', { user_id: nobody }),
        play('2019-01-01T12:00:00Z', { user_id: '' }),
        play('2019-01-02T11:00:00Z', { track_id: null }),
        play('2019-01-03T11:00:00Z', { ms_played: null }),
        play('2019-01-02T12:00:00Z', { ms_played: null, kind: 'track' }),
        play('2019-01-03T12:00:00Z', { ms_played: null, track_id: null, kind: 'episode' }),
      ]),
    ).toEqual({
      'no-user': '2 of 6: nobody at 2019-01-01T11:00:00Z',
      'no-track': '1 of 5: me at 2019-01-02T11:00:00Z',
      'no-length': '2 of 5: me at 2019-01-02T12:00:00Z',
    });
  });

  test('rows without a time, which are of no month', async () => {
    const { dir, remove } = tempFolder();
    onTestFinished(remove);
    await writeLake(dir, { plays: [play('2019-01-01T10:00:00Z')] });
    const session = await database.session();
    await session.run(sql`COPY (SELECT 'ann' AS user_id, CAST(NULL AS TIMESTAMPTZ) AS played_at, 't1' AS track_id, 1 AS ms_played)
      TO ${join(dir, 'plays', 'year=2019', 'timeless.parquet')}`);
    session.close();
    expect(told(await check(dir))).toEqual({ 'no-time': '1 of 2: ann at no time' });
  });

  test('rows without an artist, where that is what names a track', async () => {
    const plays = [
      play('2019-01-01T10:00:00Z', { track_id: null }),
      play('2019-01-02T10:00:00Z', { artist: null }),
    ];
    expect(await found(plays, {}, 'title')).toEqual({ 'no-track': '1 of 2: me at 2019-01-02T10:00:00Z' });
  });

  test('kinds that are none', async () => {
    const plays = ['track', 'episode', 'audiobook', 'Track', 'video'].map((kind, hour) =>
      play(`2019-01-01T1${hour}:00:00Z`, { kind }),
    );
    expect(await found(plays)).toEqual({ 'unknown-kind': '2 of 5: me at 2019-01-01T13:00:00Z' });
  });

  test('times that are neither of the start nor of the end', async () => {
    const plays = ['start', 'end', 'END', undefined].map((time_is, hour) =>
      play(`2019-01-01T1${hour}:00:00Z`, {
        ...(time_is && { time_is: time_is as 'start' }),
        track_id: `t${hour}`,
      }),
    );
    expect(await found(plays)).toEqual({ 'unknown-time-is': '1 of 4: me at 2019-01-01T12:00:00Z' });
  });

  test('files that are broken, and looks at the others', async () => {
    const { dir, remove } = tempFolder();
    onTestFinished(remove);
    await writeLake(dir, { plays: [play('2018-01-01T10:00:00Z'), play('2019-01-01T10:00:00Z')] });
    const path = join(dir, 'plays/year=2018/plays.parquet');
    writeFileSync(path, readFileSync(path).subarray(0, -100));
    const report = await check(dir);
    expect(report.rows).toBe(1);
    expect(told(report)).toEqual({
      unreadable: expect.stringMatching(
        /^1 of 2: .*year=2018.plays\.parquet can't be read: its footer: .*the file/,
      ),
    });
    await expect(check(dir, { years: [2018] })).rejects.toThrow("year=2018/plays.parquet can't be read");
  });

  test('a lake of files without a row', async () => {
    const { dir, remove } = tempFolder();
    onTestFinished(remove);
    const path = join(dir, 'plays/year=2019/plays.parquet');
    mkdirSync(join(path, '..'), { recursive: true });
    const session = await database.session();
    await session.run(
      sql`COPY (SELECT 'me' AS user_id, TIMESTAMPTZ '2019-01-01' AS played_at, 't1' AS track_id LIMIT 0) TO ${path}`,
    );
    session.close();
    expect(told(await check(dir))).toEqual({
      refused: '1 of 1: it has no listen row with a user and a time',
    });
  });

  test('rows of a time that is still to come, and takes no month up to them for a gap', async () => {
    expect(
      await found([
        play('2020-05-31T23:59:59Z'),
        play('2020-06-01T00:00:01Z'),
        play('2071-01-01T00:00:00Z', { user_id: 'you' }),
      ]),
    ).toEqual({ future: '2 of 3: me at 2020-06-01T00:00:01Z' });
  });

  test('lengths below 0 or of more than a day, which make no day too long', async () => {
    const plays = [-1, 0, 86_400_000, 86_400_001, 9e12].map((ms_played, day) =>
      play(`2019-01-0${day + 1}T10:00:00Z`, { ms_played }),
    );
    expect(await found(plays)).toEqual({ 'bad-length': '3 of 5: me at 2019-01-01T10:00:00Z' });
  });

  test('plays longer than their track, beyond what rounding makes', async () => {
    const tracks = [
      { track_id: 't1', duration_ms: 180_000 },
      { track_id: 't2', duration_ms: null },
    ];
    const plays = [180_000, 182_000, 182_001].map((ms_played, hour) =>
      play(`2019-01-01T1${hour}:00:00Z`, { ms_played }),
    );
    plays.push(play('2019-01-02T10:00:00Z', { track_id: 't2', ms_played: 500_000 }));
    plays.push(play('2019-01-02T11:00:00Z', { track_id: 't3', ms_played: 500_000 }));
    plays.push(play('2019-01-02T12:00:00Z', { ms_played: null }));
    expect(await found(plays, { tracks })).toMatchObject({
      'longer-than-track': '1 of 3: me at 2019-01-01T12:00:00Z',
    });
  });

  test('rows that repeat another, of the same user alone, unknown lengths being the same', async () => {
    const row = play('2019-01-02T10:00:00Z');
    const unknown = play('2019-01-01T10:00:00Z', { ms_played: null });
    expect(
      await found([
        row,
        row,
        row,
        { ...row, album: 'Another', track: 'as the catalogue says now' },
        { ...row, user_id: 'you' },
        { ...row, ms_played: 179_999 },
        { ...row, track_id: 't2' },
        unknown,
        unknown,
      ]),
    ).toMatchObject({ duplicate: '4 of 9: me at 2019-01-01T10:00:00Z' });
    const other = { ...row, track_id: 't2' };
    expect(await found([row, other], {}, 'title')).toMatchObject({
      duplicate: '1 of 2: me at 2019-01-02T10:00:00Z',
    });
  });

  test('days beyond any human, without what repeats or has a bad length', async () => {
    const day = (user_id: string, plays: number, ms_played: number | null, date = '2019-01-01') =>
      Array.from({ length: plays }, (_, at) =>
        play(`${date}T00:00:00Z`, {
          user_id,
          ms_played,
          played_at: Date.parse(`${date}T00:00:00Z`) + at * 1000,
        }),
      );
    const long = day('long', 25, 3_600_000, '2019-01-03');
    const report = await found([
      ...day('whole', 24, 3_600_000),
      ...long,
      ...long,
      ...day('longer', 26, 3_600_000),
      ...day('scrobbler', 2880, null),
      ...day('bot', 2881, null),
    ]);
    expect(report['beyond-human']).toBe('3 of 5: longer on 2019-01-01: 26.0 hours');
  });

  test('what a run refuses: a zone that is none, a user twice, a file in another partition', async () => {
    const plays = [play('2019-01-01T10:00:00Z')];
    const users = [{ user_id: 'me', timezone: 'Middle/Earth' }];
    expect((await found(plays, { users })).refused).toBe("1 of 1: unknown time zone 'Middle/Earth'");
    const twice = [{ user_id: 'me' }, { user_id: 'me' }];
    expect((await found(plays, { users: twice })).refused).toContain("2 rows of user_id 'me'");
    const { dir, remove } = tempFolder();
    onTestFinished(remove);
    await writePlays(join(dir, 'plays', 'year=2018', 'a.parquet'), plays);
    await writePlays(join(dir, 'plays', 'year=2019', 'a.parquet'), plays);
    const report = told(await check(dir));
    expect(report.refused).toContain('but its partition is year 2018');
  });
});

describe('months', () => {
  const judge = (rows: Record<string, number>, years?: number[]) =>
    judgeMonths(new Map(Object.entries(rows)), { years, now: NOW });

  test('are thin beside two that are not, never at the edges nor where there is little at all', () => {
    const rows = {
      '2019-01': 1,
      '2019-02': 5000,
      '2019-03': 499,
      '2019-04': 5000,
      '2019-05': 500,
      '2019-06': 5000,
    };
    expect(judge(rows).thin).toEqual({ found: 1, of: 6, examples: ['2019-03'] });
    expect(judge({ '2019-01': 999, '2019-02': 1, '2019-03': 5000 }).thin.found).toBe(0);
    expect(judge({ '2019-01': 5000, '2019-03': 5000 })).toMatchObject({
      thin: { found: 0 },
      gap: { examples: ['2019-02'] },
    });
  });

  test('of years that are not looked at are no gap', () => {
    expect(judge({ '2015-12': 1, '2019-01': 1 }, [2015, 2019]).gap).toEqual({
      found: 0,
      of: 2,
      examples: [],
    });
  });

  test('are none where there is no row', () => {
    expect(judge({}).gap).toEqual({ found: 0, of: 0, examples: [] });
  });
});

describe('a limit', () => {
  test.each<[string, Limit | undefined]>([
    ['0', { most: 0 }],
    ['12', { most: 12 }],
    ['0.5%', { share: 0.005 }],
    ['100%', { share: 1 }],
    ['101%', undefined],
    ['1.5', undefined],
    ['-1', undefined],
    ['', undefined],
    ['%', undefined],
  ])('of %s', (text, limit) => {
    expect(parseLimit(text)).toEqual(limit);
  });

  test('is reached, and then passed', () => {
    const finding = { check: 'duplicate', found: 5, of: 1000, examples: [] } as const;
    expect(isOver({ ...finding, limit: { most: 5 } })).toBe(false);
    expect(isOver({ ...finding, limit: { most: 4 } })).toBe(true);
    expect(isOver({ ...finding, limit: { share: 0.005 } })).toBe(false);
    expect(isOver({ ...finding, limit: { share: 0.0049 } })).toBe(true);
  });

  test('may take the place of a check’s own', async () => {
    const row = play('2019-01-02T10:00:00Z');
    const { findings } = await check({ plays: [row, row] }, { limits: { duplicate: { most: 1 } } });
    expect(findings.filter(isOver)).toEqual([]);
  });
});

test('only the partitions asked for are looked at', async () => {
  const plays = [play('2017-01-01T00:00:00Z'), play('2018-01-01T00:00:00Z'), play('2019-01-01T00:00:00Z')];
  const report = await check({ plays }, { years: [2017, 2019] });
  expect(report).toMatchObject({ rows: 2, first: new Date('2017-01-01'), last: new Date('2019-01-01') });
  await expect(check({ plays }, { years: [2020] })).rejects.toThrow('has no partition of 2020');
});
