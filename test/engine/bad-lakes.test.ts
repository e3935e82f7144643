import {
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { run } from '../../src/engine/run.ts';
import { openWorkspace } from '../../src/engine/workspace.ts';
import { type RunAllOptions, runAll } from '../../src/index.ts';
import type { History } from '../../src/oracle/history.ts';
import { openDatabase } from '../../src/sql/database.ts';
import { type Sql, sql } from '../../src/sql/sql.ts';
import { stories } from '../../stories/index.ts';
import { everyColumn } from '../engine.ts';
import { hookedDatabase } from '../hooked-database.ts';
import { manyPlays, play, tempFolder, writeLake, writePlays } from '../lakes.ts';

const PLAYS = [...manyPlays(2018, 30), ...manyPlays(2019, 30)];

async function lakeOf(history: History = { plays: PLAYS }) {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  const where = { dir, lake: join(dir, 'lake'), store: join(dir, 'store') };
  await writeLake(where.lake, history);
  return where;
}

const file = (lake: string, year: number) => join(lake, 'plays', `year=${year}`, 'plays.parquet');

/** Writes Parquet by DuckDB, where a type is needed that parquetjs-lite can't write. */
async function writeRows(path: string, rows: Sql): Promise<void> {
  mkdirSync(join(path, '..'), { recursive: true });
  const database = await openDatabase();
  const session = await database.session();
  await session.run(sql`COPY (${rows}) TO ${path} (FORMAT parquet)`);
  database.close();
}

function cutShort(path: string): void {
  writeFileSync(path, readFileSync(path).subarray(0, -100));
}

/** Breaks the first page of a column. */
async function breakColumn(path: string, column: string): Promise<void> {
  const database = await openDatabase();
  const session = await database.session();
  const [page] = await session.rows<{ at: bigint }>(
    sql`SELECT data_page_offset AS at FROM parquet_metadata(${path}) WHERE path_in_schema = ${column}`,
  );
  database.close();
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0xff, Number(page?.at), Number(page?.at) + 8));
}

/** Columns of years by what became of them, and the reasons of those that failed. */
async function outcomesOf(where: RunAllOptions, chosen: readonly string[]) {
  const { outcomes } = await runAll({ ...where, stories: stories.filter(({ id }) => chosen.includes(id)) });
  return {
    ends: Object.fromEntries(outcomes.map(({ column, status }) => [column, status])),
    reasons: [...new Set(outcomes.flatMap(({ reason }) => reason ?? []))],
  };
}

/** Nothing starts: a WrappedError whose message has every one of these, and whose hint says what next. */
async function refused(options: RunAllOptions, ...parts: readonly string[]): Promise<void> {
  const error = await runAll(options).then(
    () => expect.fail('ran'),
    (thrown: Error & { hint?: string }) => thrown,
  );
  expect(error.name).toBe('WrappedError');
  for (const part of parts) expect(error.message).toContain(part);
  expect(error.hint).toBeTypeOf('string');
}

describe('a file of plays that can not be read', () => {
  test('takes the columns of its year, and those that read that year; mended, they are as if nothing had been', async () => {
    const where = await lakeOf({ plays: [...manyPlays(2017, 30), ...PLAYS] });
    const path = file(where.lake, 2018);
    const whole = readFileSync(path);
    cutShort(path);
    const { ends, reasons } = await outcomesOf(where, ['minutes', 'new-artists']);
    expect(ends).toEqual({
      'minutes#2017': 'written',
      'minutes#2018': 'failed',
      'minutes#2019': 'written',
      'new-artists#2017': 'written',
      'new-artists#2018': 'failed',
      'new-artists#2019': 'failed',
    });
    expect(reasons).toEqual([
      expect.stringMatching(`^${path} can't be read: .*No magic bytes`),
      expect.stringMatching(`^totals of 2018: ${path} can't be read: `),
    ]);
    writeFileSync(path, whole);
    expect((await outcomesOf(where, ['minutes', 'new-artists'])).ends).toMatchObject({
      'minutes#2017': 'unchanged',
      'minutes#2018': 'written',
      'new-artists#2019': 'written',
    });
    const { store, ...rest } = where;
    expect(await everyColumn(where)).toEqual(await everyColumn({ ...rest, store: `${store}-anew` }));
  });

  test('takes the year beside it too where a time zone may move its plays there', async () => {
    const plays = [...manyPlays(2017, 30), ...PLAYS];
    const where = await lakeOf({ plays, users: [{ user_id: 'me', timezone: 'Asia/Tokyo' }] });
    cutShort(file(where.lake, 2018));
    const { ends } = await outcomesOf(where, ['minutes']);
    expect(ends).toEqual({ 'minutes#2017': 'written', 'minutes#2018': 'failed', 'minutes#2019': 'failed' });
  });

  test.each([
    ['cut short', cutShort],
    ['broken where it says what is an episode', (path: string) => breakColumn(path, 'kind')],
  ])('%s, stops no story that has to find an episode first', async (_, breakIt) => {
    const kinds = PLAYS.map((one, index) => ({ ...one, kind: index % 10 === 9 ? 'episode' : 'track' }));
    const where = await lakeOf({ plays: kinds });
    await breakIt(file(where.lake, 2018));
    const { ends } = await outcomesOf(where, ['minutes', 'podcast']);
    expect(ends).toEqual({
      'minutes#2018': 'failed',
      'minutes#2019': 'written',
      'podcast#2018': 'failed',
      'podcast#2019': 'written',
    });
  });

  test('is named with the column in which it is broken', async () => {
    const where = await lakeOf();
    const path = file(where.lake, 2019);
    await breakColumn(path, 'track');
    const { ends, reasons } = await outcomesOf(where, ['minutes', 'top-track']);
    expect(ends).toMatchObject({ 'top-track#2018': 'written', 'top-track#2019': 'failed' });
    expect(reasons).toEqual([expect.stringMatching(`^${path} can't be read: column track: `)]);
  });

  test('and one without a column that all need, beside others that have it', async () => {
    const where = await lakeOf();
    const path = join(where.lake, 'plays/year=2019/nobody.parquet');
    await writeRows(
      path,
      sql`SELECT 'me' AS listener, TIMESTAMPTZ '2019-05-05' AS played_at, 't1' AS track_id`,
    );
    const { ends, reasons } = await outcomesOf(where, ['minutes']);
    expect(ends).toEqual({ 'minutes#2018': 'written', 'minutes#2019': 'failed' });
    expect(reasons).toEqual([`${path} can't be read: it has no column 'user_id'`]);
  });
});

describe('a file that changes while it is read', () => {
  /** Runs a story, and does something as soon as plays are grouped. */
  async function runWith(where: { lake: string; store: string }, meanwhile: () => Promise<void>) {
    const opened = await openWorkspace(where);
    let isDone = false;
    const database = hookedDatabase(opened.database, async ({ text }) => {
      if (isDone || !text.includes('TABLE grouped')) return;
      isDone = true;
      await meanwhile();
    });
    try {
      const asked = stories.filter(({ id }) => id === 'top-track');
      const { outcomes } = await run({ ...opened, database }, { stories: asked, years: [2019] });
      expect(isDone).toBe(true);
      return outcomes;
    } finally {
      await opened.close();
    }
  }

  test.each([
    ['plays', (lake: string) => file(lake, 2019)],
    ['users', (lake: string) => join(lake, 'users.parquet')],
  ])('of %s fails what is made of it, is named, and leaves no totals behind', async (_, pathIn) => {
    const where = await lakeOf({ plays: PLAYS, users: [{ user_id: 'me', timezone: 'Asia/Tokyo' }] });
    const path = pathIn(where.lake);
    const whole = readFileSync(path);
    const { mtime } = statSync(path);
    const outcomes = await runWith(where, async () => {
      writeFileSync(`${path}.new`, whole);
      renameSync(`${path}.new`, path);
      utimesSync(path, mtime, new Date(mtime.getTime() + 1000));
    });
    expect(outcomes).toEqual([
      { column: 'top-track#2019', status: 'failed', reason: `${path} changed while it was read` },
    ]);
    // It was another for a moment alone.
    utimesSync(path, mtime, mtime);
    const asked = stories.filter(({ id }) => id === 'top-track');
    const { store, ...rest } = where;
    expect(await everyColumn(where, asked)).toEqual(
      await everyColumn({ ...rest, store: `${store}-anew` }, asked),
    );
  });
});

describe('nothing starts', () => {
  test('without a lake', async () => {
    const { dir } = await lakeOf();
    await refused({ lake: join(dir, 'nowhere') }, `no lake at ${join(dir, 'nowhere')}`);
  });

  test('with a lake that has no file', async () => {
    const { dir } = await lakeOf();
    mkdirSync(join(dir, 'empty/plays'), { recursive: true });
    await refused({ lake: join(dir, 'empty') }, 'has no Parquet file below plays');
  });

  test('with a lake whose files have no row that tells user and time', async () => {
    const where = await lakeOf({ plays: [] });
    const nobody = sql`SELECT NULL::VARCHAR AS user_id, NULL::TIMESTAMPTZ AS played_at, 't1' AS track_id`;
    await writeRows(file(where.lake, 2019), nobody);
    await refused(where, 'has no listen row with a user and a time');
  });

  test('with a lake in S3: the extension is named', async () => {
    await expect(runAll({ lake: 's3://bucket/lake' })).rejects.toMatchObject({
      message: expect.stringContaining("lake 's3://bucket/lake' is remote"),
      hint: expect.stringContaining('httpfs'),
    });
  });

  test('of a year without plays: the years there are are named', async () => {
    const where = await lakeOf();
    await refused({ ...where, years: [2017] }, 'has no plays of 2017; it has 2018–2019');
  });

  test('with Parquet files that are all cut short: the first is named', async () => {
    const where = await lakeOf();
    for (const year of [2018, 2019]) cutShort(file(where.lake, year));
    await refused(where, file(where.lake, 2018), "can't be read");
  });

  test('with a table that is cut short: it is named', async () => {
    const where = await lakeOf({ plays: PLAYS, users: [{ user_id: 'me', timezone: 'UTC' }] });
    cutShort(join(where.lake, 'users.parquet'));
    await refused(where, join(where.lake, 'users.parquet'), "can't be read");
  });

  test('with a column of the wrong type: the file, the type and what was expected are named', async () => {
    const where = await lakeOf();
    const path = join(where.lake, 'plays/year=2019/wrong.parquet');
    const wrong = sql`SELECT 'me' AS user_id, 'yesterday' AS played_at, 't1' AS track_id`;
    await writeRows(path, wrong);
    await refused(where, `column plays.played_at is VARCHAR in ${path}`, 'expected a timestamp');
  });

  test('with a time that is a number in one file among others: that file is named', async () => {
    const where = await lakeOf();
    const path = join(where.lake, 'plays/year=2019/wrong.parquet');
    await writeRows(path, sql`SELECT 'me' AS user_id, 1546300800000 AS played_at, 't1' AS track_id`);
    await refused(where, `column plays.played_at is BIGINT in ${path}`, 'expected a timestamp');
  });

  test('with an id that is a UUID in one file and text in others: both are named', async () => {
    const where = await lakeOf();
    const path = join(where.lake, 'plays/year=2019/wrong.parquet');
    await writeRows(
      path,
      sql`SELECT uuid() AS user_id, TIMESTAMPTZ '2019-05-05' AS played_at, 't1' AS track_id`,
    );
    await refused(where, `column plays.user_id is UUID in ${path} and VARCHAR in ${file(where.lake, 2018)}`);
  });

  test('with a list in a table, which would be read as one text: column and type are named', async () => {
    const where = await lakeOf();
    const path = join(where.lake, 'artist_genres.parquet');
    await writeRows(path, sql`SELECT 'Singer 1' AS artist, ['pop', 'rock'] AS genre`);
    await refused(where, `column artist_genres.genre is VARCHAR[] in ${path}`, 'one value a row');
  });

  test('without a column that it takes: those that are there are named', async () => {
    const where = await lakeOf({ plays: [] });
    await writeRows(
      file(where.lake, 2019),
      sql`SELECT 'me' AS listener, now() AS played_at, 't1' AS track_id`,
    );
    await refused(where, "no column 'user_id'", 'listener, played_at, track_id');
  });

  test('without anything that identifies a track', async () => {
    const where = await lakeOf({ plays: [] });
    await writeRows(file(where.lake, 2019), sql`SELECT 'me' AS user_id, now() AS played_at, 'Song' AS track`);
    await refused(where, "no track's identity", 'expected track_id, or artist and track');
  });

  test('with a file outside of all partitions', async () => {
    const where = await lakeOf();
    await writePlays(join(where.lake, 'plays/stray.parquet'), [play('2019-05-05T00:00:00Z')]);
    await refused(where, 'lies in no year partition', "'stray.parquet'", 'year=YYYY');
  });

  test.each([
    ['partly', '2018-06-01T00:00:00Z'],
    ['wholly', '2017-06-01T00:00:00Z'],
  ])('with plays that lie %s outside of their partition', async (how, when) => {
    const where = await lakeOf();
    const path = join(where.lake, 'plays/year=2019/late.parquet');
    const plays = [play(when), ...(how === 'partly' ? [play('2019-01-01T00:00:00Z')] : [])];
    await writePlays(path, plays);
    await refused(where, path, when.slice(0, 10), 'its partition is year 2019');
  });

  test('with a partition all of whose plays are of another year: nothing is left out in silence', async () => {
    const where = await lakeOf({ plays: [] });
    await writePlays(file(where.lake, 2019), [play('2017-06-01T00:00:00Z')]);
    await refused(where, file(where.lake, 2019), '2017-06-01', 'its partition is year 2019');
  });

  test('with plays outside of their month', async () => {
    const where = await lakeOf();
    const path = join(where.lake, 'plays/year=2019/month=03/a.parquet');
    await writePlays(path, [play('2019-12-31T23:59:00Z')]);
    await refused(where, path, 'its partition is year 2019, month 3');
  });

  test('with a time zone that is none', async () => {
    const where = await lakeOf({ plays: PLAYS, users: [{ user_id: 'me', timezone: 'Mars/Olympus' }] });
    await refused(where, "unknown time zone 'Mars/Olympus'");
  });

  test('with a track that is there twice, whose plays would count twice', async () => {
    const tracks = [
      { track_id: 't1', track: 'Song', artist: 'Singer' },
      { track_id: 't2', track: 'Other', artist: 'Singer' },
      { track_id: 't1', track: 'Song (Remastered)', artist: 'Singer' },
    ];
    const where = await lakeOf({ plays: PLAYS, tracks });
    await refused(where, "table tracks has 2 rows of track_id 't1', expected one");
  });

  test('with a user who is there twice, whose plays around New Year would count twice', async () => {
    const users = [
      { user_id: 'me', timezone: 'Asia/Tokyo' },
      { user_id: 'me', timezone: 'Asia/Tokyo' },
    ];
    const where = await lakeOf({ plays: PLAYS, users });
    await refused(where, "table users has 2 rows of user_id 'me', expected one");
  });
});

describe('a lake is read', () => {
  const expected = async () => everyColumn(await lakeOf());

  test('through links to folders and to files', async () => {
    const where = await lakeOf();
    const elsewhere = join(where.dir, 'elsewhere');
    mkdirSync(elsewhere);
    renameSync(join(where.lake, 'plays/year=2018'), join(elsewhere, '2018'));
    symlinkSync(join(elsewhere, '2018'), join(where.lake, 'plays/year=2018'));
    renameSync(file(where.lake, 2019), join(elsewhere, '2019.parquet'));
    symlinkSync(join(elsewhere, '2019.parquet'), file(where.lake, 2019));
    expect(await everyColumn(where)).toEqual(await expected());
  });

  test('once, where a link leads back up', async () => {
    const where = await lakeOf();
    symlinkSync(join(where.lake, 'plays'), join(where.lake, 'plays/year=2019/round'));
    expect(await everyColumn(where)).toEqual(await expected());
  });

  test('in folders within its partitions', async () => {
    const where = await lakeOf();
    const deep = join(where.lake, 'plays/year=2019/month=01/day=02');
    mkdirSync(deep, { recursive: true });
    await writePlays(join(deep, 'a.parquet'), [play('2019-01-02T00:00:00Z', { user_id: 'new' })]);
    expect((await everyColumn(where)).get('minutes#2019')).toHaveProperty('new');
  });

  test('without hidden files and those that are no Parquet', async () => {
    const where = await lakeOf();
    for (const name of ['.hidden.parquet', '_temporary/0/part.parquet', '_SUCCESS', '.part.parquet.crc']) {
      const path = join(where.lake, 'plays/year=2019', name);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, 'not Parquet');
    }
    expect(await everyColumn(where)).toEqual(await expected());
  });

  test('with a link to nothing: it is named', async () => {
    const where = await lakeOf();
    const link = join(where.lake, 'plays/year=2019/gone.parquet');
    symlinkSync(join(where.dir, 'gone'), link);
    await expect(runAll(where)).rejects.toThrow(`${link} can't be read`);
  });

  test('from a folder whose name looks like a pattern', async () => {
    const where = await lakeOf();
    const odd = join(where.dir, "la[k]e* of O'Neil?");
    renameSync(where.lake, odd);
    expect(await everyColumn({ lake: odd, store: join(where.dir, 's[t]ore*') })).toEqual(await expected());
  });
});
