import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/sql/database.ts';
import { sql } from '../../src/sql/sql.ts';
import { manyPlays, tempFolder, writeLake } from '../lakes.ts';
import { jsonLines, shell, wrapped } from './wrapped.ts';

const { dir, remove } = tempFolder();
const here = (...args: string[]) => wrapped(args, { cwd: dir });

/** What `show --json` says of the column, by user: each format must hold the same. */
const expected: { user_id: string; value: unknown }[] = [];

beforeAll(async () => {
  const users = ['ann', 'b"o,b', 'zoë'];
  await writeLake(join(dir, 'lake'), { plays: manyPlays(2019, 200, users) });
  await here('run-all', '--stories', 'top-track');
  for (const user_id of users) {
    const row = JSON.parse((await here('show', user_id, '--json')).stdout);
    expected.push({ user_id, value: row.columns['top-track#2019'] });
  }
});
afterAll(remove);

test('json: a line per user', async () => {
  const { code, stdout, stderr } = await here('export', 'top-track', '2019');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(jsonLines(stdout)).toEqual(expected);
});

test('csv: a header, and lists as JSON', async () => {
  const { stdout } = await here('export', 'top-track', '2019', '--format', 'csv');
  const rows = parse(stdout, { columns: true }) as Record<string, string>[];
  expect(
    rows.map(({ user_id, tracks, distinct }) => ({
      user_id,
      value: { tracks: JSON.parse(tracks!), distinct: Number(distinct) },
    })),
  ).toEqual(expected);
});

test('parquet: a nested column, into the file that is named', async () => {
  const { code, stdout } = await here(
    'export',
    'top-track',
    '2019',
    '--format',
    'parquet',
    '-o',
    'out.parquet',
  );
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  const database = await openDatabase();
  const session = await database.session();
  const rows = await session.rows<{ user_id: string; value: string }>(
    sql`SELECT user_id, to_json(value)::VARCHAR AS value FROM read_parquet(${join(dir, 'out.parquet')}) ORDER BY user_id`,
  );
  database.close();
  expect(rows.map(({ user_id, value }) => withoutNulls({ user_id, value: JSON.parse(value) }))).toEqual(
    expected,
  );
});

test('arrow: a stream, to standard output', async () => {
  await shell('wrapped export top-track 2019 --format arrow > out.arrow', { cwd: dir });
  const table = tableFromIPC(readFileSync(join(dir, 'out.arrow')));
  expect([...table].map((row) => withoutNulls(JSON.parse(JSON.stringify(row.toJSON(), numbers))))).toEqual(
    expected,
  );
});

test.each([
  ['out.csv', 'user_id,'],
  ['out.PARQUET', 'PAR1'],
  ['out.jsonl', '{"user_id"'],
])('the format is what the name of the file says: %s', async (file, start) => {
  expect(await here('export', 'top-track', '2019', '-o', file)).toMatchObject({ code: 0 });
  expect(readFileSync(join(dir, file), 'latin1').slice(0, start.length)).toBe(start);
});

test('a column that is not there: what was meant, or why there is none', async () => {
  await here('run', '--story', 'era', '--year', '2019');
  for (const [story, period, why] of [
    ['2019', 'top-track', "Did you mean 'top-track 2019'?"],
    ['top-trak', '2019', "Did you mean 'top-track 2019'?"],
    ['era', '2019', 'the lake has no release dates'],
    ['top-track', '2018', 'it has top-track of 2019'],
  ] as const)
    expect(await here('export', story, period)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(why),
    });
});

test.skipIf(!existsSync('/dev/full'))(
  'a full disk behind standard output is said, and nothing else',
  async () => {
    for (const command of ['export top-track 2019', 'status --json', 'stories']) {
      const { code, stderr } = await shell(`wrapped ${command} > /dev/full`, { cwd: dir });
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(/^error: standard output can't be written: ENOSPC[^\n]*\n$/),
      });
    }
  },
);

test('a file that can not be written is named, and none is left', async () => {
  const { code, stderr } = await here('export', 'top-track', '2019', '-o', 'nowhere/out.json');
  expect(code).toBe(2);
  expect(stderr).toContain("nowhere/out.json can't be written");
});

const numbers = (_key: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);

/** Parquet and Arrow hold null where JSON leaves a key out. */
const withoutNulls = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, part) => (part === null && key.endsWith('_id') ? undefined : part)));
