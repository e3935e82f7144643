import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import lockfile from 'proper-lockfile';
import { describe, expect, test } from 'vitest';
import { sql } from '../../src/sql/sql.ts';
import { accountRow, droppedOf, EXPORTS, listenLine, useImports } from './import-helpers.ts';

const { newFolder, newLake, rows, run, refused, plays } = useImports();
const ACCOUNT = join(EXPORTS, 'spotify-account');

async function fileOf(content: unknown, name = 'export.json'): Promise<string> {
  const path = join(await newFolder(), name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('an import', () => {
  test('reports every file, the years and the instants', async () => {
    const lake = await newLake();
    const files: string[] = [];
    const report = await run({ paths: [ACCOUNT], lake, onFile: ({ file }) => files.push(file) });
    expect(report).toMatchObject({
      user: 'me',
      lake,
      years: { 2023: 1, 2024: 3 },
      first: new Date('2023-12-31T23:59:00Z'),
      last: new Date('2024-01-03T08:30:00Z'),
    });
    expect(report.files.map(({ format, read, kept }) => ({ format, read, kept }))).toEqual([
      { format: 'spotify-account', read: 1, kept: 1 },
      { format: 'spotify-account', read: 2, kept: 2 },
      { format: 'spotify-account', read: 1, kept: 1 },
    ]);
    expect(files).toEqual(report.files.map(({ file }) => file));
  });

  test('leaves a lake of imports: a mark, and a file of all columns in each year', async () => {
    const lake = await newLake();
    await run({ paths: [ACCOUNT], lake });
    expect(JSON.parse(await readFile(join(lake, 'lake.json'), 'utf8'))).toEqual({ identity: 'title' });
    expect(await readdir(lake)).toEqual(['lake.json', 'plays']);
    expect(await readdir(join(lake, 'plays'))).toEqual(['year=2023', 'year=2024']);
    const columns = await rows<{ column_name: string; column_type: string }>(
      sql`DESCRIBE FROM read_parquet(${`${lake}/plays/*/*.parquet`}, hive_partitioning = false)`,
    );
    expect(columns.map(({ column_name, column_type }) => `${column_name} ${column_type}`)).toEqual([
      'user_id VARCHAR',
      'played_at TIMESTAMP WITH TIME ZONE',
      'time_is VARCHAR',
      'ms_played BIGINT',
      'kind VARCHAR',
      'track VARCHAR',
      'artist VARCHAR',
      'album VARCHAR',
      'track_id VARCHAR',
      'artist_id VARCHAR',
      'private BOOLEAN',
      'skipped BOOLEAN',
      'source VARCHAR',
    ]);
  });

  test('adds nothing when it is repeated, alone or within another', async () => {
    const lake = await newLake();
    await run({ paths: [ACCOUNT], lake });
    const again = await run({ paths: [ACCOUNT], lake });
    expect(again).toMatchObject({ years: {}, first: null, last: null });
    expect(droppedOf(again)).toEqual({ 'exact duplicate': 4 });
    const more = [accountRow('2024-01-01 00:00', 'Two', 900), accountRow('2024-06-01 00:00', 'New')];
    expect(await run({ paths: [await fileOf(more), ACCOUNT], lake })).toMatchObject({ years: { 2024: 1 } });
  });

  test('keeps one user from another', async () => {
    const lake = await newLake();
    await run({ paths: [ACCOUNT], lake });
    expect(await run({ paths: [ACCOUNT], lake, user: 'you' })).toMatchObject({ years: { 2023: 1, 2024: 3 } });
    expect(new Set((await plays(lake)).map(({ user_id }) => user_id))).toEqual(new Set(['me', 'you']));
  });

  test('mends what a crash left half-written', async () => {
    const lake = await newLake();
    await run({ paths: [ACCOUNT], lake });
    await rm(join(lake, 'plays/year=2024'), { recursive: true });
    await mkdir(join(lake, '.tmp/of-a-crashed-import'), { recursive: true });
    expect(await run({ paths: [ACCOUNT], lake })).toMatchObject({ years: { 2024: 3 } });
  });

  test('may take paths with the letters of a pattern', async () => {
    const folder = join(await newFolder(), 'my [data] (1)*');
    await cp(ACCOUNT, join(folder, 'what?'), { recursive: true });
    await run({ paths: [folder], lake: join(folder, 'lake [x]') });
    expect(await run({ paths: [folder], lake: join(folder, 'lake [x]') })).toMatchObject({ years: {} });
  });
});

describe('rows', () => {
  test('repeat another only with the same time, title, artist and length', async () => {
    const row = accountRow('2024-01-01 00:00', 'One');
    const paths = [
      await fileOf([
        row,
        { ...row },
        { ...row, msPlayed: 60_001 },
        { ...row, msPlayed: null },
        { ...row, msPlayed: null },
        { ...row, endTime: '2024-01-01 00:01' },
        { ...row, artistName: 'Angstrom' },
        { ...row, trackName: 'one' },
        { ...row, artistName: 'A\u030angstro\u0308m' },
      ]),
    ];
    expect(droppedOf(await run({ paths, lake: await newLake() }))).toEqual({ 'exact duplicate': 3 });
  });

  test('of an odd shape are counted by reason, and stop nothing', async () => {
    const row = accountRow('2024-01-01 00:00', 'One');
    const odd = [
      row,
      1,
      null,
      'text',
      [row],
      {},
      { ...row, trackName: ' \u00a0\u3000' },
      { ...row, artistName: '' },
      { ...row, endTime: 5 },
      { ...row, endTime: { a: 1 } },
      { ...row, endTime: 'infinity' },
      { ...row, endTime: '2024-02-30 10:00' },
      { ...row, msPlayed: -1 },
      { ...row, msPlayed: 86_400_001 },
      { ...row, msPlayed: 'long' },
      { ...row, msPlayed: [1] },
      { ...row, trackName: 7, msPlayed: '1500' },
      { ...row, trackName: 'Two', msPlayed: 86_400_000 },
    ];
    const lake = await newLake();
    const report = await run({ paths: [await fileOf(odd)], lake });
    expect(report.files).toMatchObject([
      { read: 18, kept: 3, dropped: { 'no name': 7, 'no time': 4, 'bad length': 4 } },
    ]);
    expect((await plays(lake)).map(({ track }) => track)).toEqual(['7', 'One', 'Two']);
  });

  test('of an episode need no show, of a track its artist', async () => {
    const rowsGiven = [
      { endTime: '2024-01-01 00:00', episodeName: 'Episode', msPlayed: 1 },
      { endTime: '2024-01-01 00:00', trackName: 'Track', msPlayed: 1 },
    ];
    const report = await run({ paths: [await fileOf(rowsGiven)], lake: await newLake() });
    expect(report.files).toMatchObject([{ kept: 1, dropped: { 'no name': 1 } }]);
  });

  test('go to the year of their instant in UTC', async () => {
    const paths = [
      await fileOf([
        {
          ts: '2023-12-31T23:30:00-02:00',
          ms_played: 1,
          master_metadata_track_name: 'a',
          master_metadata_album_artist_name: 'b',
        },
      ]),
    ];
    expect(await run({ paths, lake: await newLake() })).toMatchObject({ years: { 2024: 1 } });
  });

  test('of milliseconds taken for seconds have no time', async () => {
    const paths = [
      await fileOf(listenLine('+051000-01-01T00:00:00Z', 'One') + listenLine('2020-01-01T00:00:00Z', 'Two')),
    ];
    expect(droppedOf(await run({ paths, lake: await newLake() }))).toEqual({ 'no time': 1 });
  });
});

describe('a time zone', () => {
  const users = (lake: string) => rows(sql`FROM read_parquet(${`${lake}/users/*.parquet`}) ORDER BY ALL`);

  test('is kept for its user, touches no other, and may be set later', async () => {
    const lake = await newLake();
    await run({ paths: [ACCOUNT], lake, timezone: 'Europe/Berlin' });
    await run({ paths: [ACCOUNT], lake, user: '../you*', timezone: 'america/new_york' });
    await run({ paths: [ACCOUNT], lake });
    expect(await users(lake)).toEqual([
      { user_id: '../you*', timezone: 'America/New_York', country: null },
      { user_id: 'me', timezone: 'Europe/Berlin', country: null },
    ]);
    await run({ paths: [], lake, timezone: 'Asia/Kolkata' });
    expect(await users(lake)).toMatchObject([{}, { user_id: 'me', timezone: 'Asia/Kolkata' }]);
  });

  test.each(['Mars/Olympus', '+01:00', ''])('%j is refused', async (timezone) => {
    const error = await refused({ paths: [ACCOUNT], lake: await newLake(), timezone });
    expect(error.message).toBe(`${JSON.stringify(timezone)} is not a time zone`);
  });
});

describe('an import is refused', () => {
  test('without a user, or anything to do', async () => {
    const lake = await newLake();
    expect((await refused({ paths: [ACCOUNT], lake, user: ' ' })).message).toContain('user id is " "');
    expect((await refused({ paths: [ACCOUNT], lake, user: 'a\0b' })).message).toContain('control characters');
    expect((await refused({ paths: [], lake })).message).toBe('nothing to import');
  });

  test("into a service's lake", async () => {
    const lake = await newLake();
    await mkdir(join(lake, 'plays/year=2024'), { recursive: true });
    expect((await refused({ paths: [ACCOUNT], lake })).message).toContain('plays, but no lake.json');
    await writeFile(join(lake, 'lake.json'), '{"identity":"track_id"}');
    expect((await refused({ paths: [ACCOUNT], lake })).message).toContain('{"identity":"track_id"}');
  });

  test('into a lake that another import is writing to', async () => {
    const lake = await newLake();
    await run({ paths: [ACCOUNT], lake });
    const unlock = await lockfile.lock(lake, { lockfilePath: join(lake, '.import.lock') });
    expect((await refused({ paths: [ACCOUNT], lake })).message).toBe(
      `another import is writing to the lake ${lake}`,
    );
    await unlock();
  });

  test('into what is no folder', async () => {
    const file = await fileOf('');
    const error = await refused({ paths: [ACCOUNT], lake: join(file, 'lake') });
    expect(error.message).toContain(`can't write to the lake ${file}/lake: ENOTDIR`);
  });

  test('into a lake of another machine', async () => {
    expect((await refused({ paths: [ACCOUNT], lake: 's3://bucket/lake' })).message).toContain('is remote');
  });

  test('for a format that does not exist', async () => {
    const error = await refused({ paths: [ACCOUNT], lake: await newLake(), format: 'spotify' });
    expect(error.message).toBe('no format "spotify"');
    expect(error.hint).toContain('spotify-extended');
  });

  test('for a lake that was damaged, naming the file', async () => {
    const lake = await newLake();
    await run({ paths: [ACCOUNT], lake });
    const [file] = await readdir(join(lake, 'plays/year=2023'));
    await writeFile(join(lake, 'plays/year=2023', file!), 'no parquet');
    expect((await refused({ paths: [ACCOUNT], lake })).message).toContain(file);
  });
});
