import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/sql/database.ts';
import { sql } from '../../src/sql/sql.ts';
import { manyPlays, tempFolder, writeLake } from '../lakes.ts';
import { wrapped } from './wrapped.ts';

let dir: string;

beforeEach(() => {
  const folder = tempFolder();
  onTestFinished(folder.remove);
  dir = folder.dir;
});

const here = (args: readonly string[], env: Record<string, string> = {}) => wrapped(args, { cwd: dir, env });
const configure = (config: unknown) =>
  writeFileSync(join(dir, 'wrapped.config.json'), JSON.stringify(config));

describe('a lake of a service, as it is', () => {
  /** Other names for folders, partitions and columns; months; a time without a zone; ids that are numbers. */
  beforeEach(async () => {
    const database = await openDatabase();
    const session = await database.session();
    for (const [year, month, plays] of [
      [2018, 12, 3],
      [2019, 1, 5],
      [2019, 2, 7],
    ] as const) {
      const folder = join(dir, 'warehouse/streams', `y=${year}`, `m=${month}`);
      mkdirSync(folder, { recursive: true });
      await session.run(sql`
        COPY (
          SELECT 42 AS listener, make_timestamp(${year}, ${month}, 1, 12, 0, 0) + to_hours(i::INTEGER) AS ts,
            90000 AS millis, i % 2 AS song, false AS hidden
          FROM range(${plays}) AS range(i)
        ) TO ${join(folder, 'data.parquet')} (FORMAT parquet)`);
    }
    mkdirSync(join(dir, 'warehouse/dim'), { recursive: true });
    await session.run(sql`
      COPY (
        SELECT * FROM (VALUES (0, 'Zero', 'The Noughts', 7, DATE '2018-05-05'), (1, 'One', 'The Firsts', 8, NULL))
          AS songs(song, name, performer, performer_id, released)
      ) TO ${join(dir, 'warehouse/dim/songs.parquet')} (FORMAT parquet)`);
    await session.run(sql`
      COPY (SELECT 7 AS performer_id, 'math' AS tag) TO ${join(dir, 'warehouse/dim/tags.parquet')} (FORMAT parquet)`);
    await session.run(sql`
      COPY (SELECT 42 AS listener, 'Asia/Tokyo' AS tz) TO ${join(dir, 'warehouse/people.parquet')} (FORMAT parquet)`);
    database.close();
  });

  const CONFIG = {
    lake: 'warehouse',
    store: 'columns',
    plays: {
      path: 'streams',
      partition: { year: 'y', month: 'm' },
      columns: {
        user_id: 'listener',
        played_at: 'ts',
        ms_played: 'millis',
        track_id: 'song',
        private: 'hidden',
      },
    },
    tracks: {
      path: 'dim/songs.parquet',
      columns: {
        track_id: 'song',
        track: 'name',
        artist: 'performer',
        artist_id: 'performer_id',
        release_date: 'released',
      },
    },
    artist_genres: { path: 'dim/tags.parquet', columns: { artist_id: 'performer_id', genre: 'tag' } },
    users: { path: 'people.parquet', columns: { user_id: 'listener', timezone: 'tz' } },
  };

  test('is read by the mapping of wrapped.config.json', async () => {
    configure(CONFIG);
    expect(await here(['run-all'])).toMatchObject({ code: 0 });
    expect(existsSync(join(dir, 'columns/ledger'))).toBe(true);
    const row = JSON.parse((await here(['show', '42', '--json', '--year', '2019'])).stdout);
    expect(row.columns).toMatchObject({
      'minutes#2019': { minutes: 18, plays: 12, listens: 12, unknown_length: 0 },
      'top-track#2019': {
        tracks: [
          { track: 'Zero', artist: 'The Noughts', track_id: '0', artist_id: '7', plays: 7, ms: 630_000 },
          { track: 'One', artist: 'The Firsts', track_id: '1', artist_id: '8', plays: 5, ms: 450_000 },
        ],
        distinct: 2,
      },
      'top-genre#2019': { genres: [{ genre: 'math', plays: 7, share: 1 }], plays_with_genre: 7 },
    });
  });

  test('--config names another file, whose folders are relative to it', async () => {
    mkdirSync(join(dir, 'etc'));
    writeFileSync(
      join(dir, 'etc/mine.json'),
      JSON.stringify({ ...CONFIG, lake: '../warehouse', store: 'kept' }),
    );
    expect(await here(['run-all', '--stories', 'minutes', '--config', 'etc/mine.json'])).toMatchObject({
      code: 0,
    });
    expect(existsSync(join(dir, 'etc/kept/ledger'))).toBe(true);
  });

  test.each<[string, unknown, RegExp]>([
    ['an unknown key', { ...CONFIG, lakes: 'x' }, /unknown key 'lakes'/],
    [
      'an unknown column',
      { plays: { columns: { listener: 'x' } } },
      /unknown key 'plays\.columns\.listener'/,
    ],
    ['a value of another type', { plays: { path: 7 } }, /plays\.path: .*expected string, received number/],
    ['an identity that is none', { plays: { identity: 'isrc' } }, /plays\.identity: .*"track_id"\|"title"/],
    [
      'a column that no file has',
      { ...CONFIG, plays: { ...CONFIG.plays, columns: { ...CONFIG.plays.columns, kind: 'sort' } } },
      /plays\.columns\.kind: no column 'sort' in .*; its columns are listener, ts, millis, song, hidden/,
    ],
    [
      'a column that a table lacks',
      { ...CONFIG, users: { path: 'people.parquet', columns: { user_id: 'person' } } },
      /users\.columns\.user_id: no column 'person'/,
    ],
    [
      'a table that is not there',
      { ...CONFIG, tracks: { path: 'dim/gone.parquet' } },
      /tracks\.path: lake .* at 'dim\/gone\.parquet'/,
    ],
    [
      'another partition',
      { ...CONFIG, plays: { ...CONFIG.plays, partition: { year: 'jahr' } } },
      /lies in no year partition.*'jahr=YYYY/,
    ],
  ])('%s is an error that names the key', async (_what, config, message) => {
    configure(config);
    const { code, stdout, stderr } = await here(['run-all', '--lake', 'warehouse']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('what is no JSON, and what is not there, is named', async () => {
    writeFileSync(join(dir, 'wrapped.config.json'), '{');
    expect(await here(['stories'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/wrapped\.config\.json is no JSON/),
    });
    const gone = await here(['stories', '--config', 'gone.json']);
    expect(gone).toMatchObject({ code: 2, stderr: expect.stringMatching(/gone\.json can't be read/) });
  });
});

test('an option comes before the environment, the environment before the configuration', async () => {
  await writeLake(join(dir, 'one'), { plays: manyPlays(2019, 9) });
  configure({ lake: 'nowhere', store: 'configured' });
  const run = ['run-all', '--stories', 'minutes'];
  expect(await here(run)).toMatchObject({ code: 2, stderr: expect.stringContaining('nowhere') });
  expect(await here(run, { WRAPPED_LAKE: 'one' })).toMatchObject({ code: 0 });
  expect(existsSync(join(dir, 'configured'))).toBe(true);
  expect(await here(run, { WRAPPED_LAKE: 'one', WRAPPED_STORE: 'environment' })).toMatchObject({ code: 0 });
  expect(existsSync(join(dir, 'environment'))).toBe(true);
  const named = await here([...run, '--lake', 'one', '--store', 'named'], {
    WRAPPED_LAKE: 'x',
    WRAPPED_STORE: 'y',
  });
  expect(named.code).toBe(0);
  expect(existsSync(join(dir, 'named'))).toBe(true);
  expect(existsSync(join(dir, 'y'))).toBe(false);
});
