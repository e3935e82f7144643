import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withDatabase } from '../../src/sql/database.ts';
import { sql } from '../../src/sql/sql.ts';
import { manyPlays, tempFolder, writeLake } from '../lakes.ts';
import { jsonLines, wrapped } from './wrapped.ts';

const { dir, remove } = tempFolder();
afterAll(remove);

const here = (...args: string[]) => wrapped(args, { cwd: dir });

beforeAll(async () => {
  await writeLake(join(dir, 'lake'), { plays: [...manyPlays(2018, 150), ...manyPlays(2019, 300)] });
  expect((await here('run-all', '--stories', 'minutes,top-artist')).code).toBe(0);
});

describe('verify', () => {
  test('of a store that says what the oracle says is two lines', async () => {
    const { code, stdout, stderr } = await here('verify', '--stories', 'minutes,top-artist');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      '12 values of 3 users in 4 columns, recomputed from 450 listen rows\n' +
        '✓ every one is the same, to the last digit\n',
    );
  });

  test('names what it can not verify, and a sample is what it was', async () => {
    const stories = join(dir, 'own');
    mkdirSync(stories, { recursive: true });
    const minutes = readFileSync(join(import.meta.dirname, '../../stories/minutes.ts'), 'utf8');
    writeFileSync(
      join(stories, 'my-minutes.ts'),
      minutes
        .replace("id: 'minutes'", "id: 'my-minutes'")
        .replace("'../src/story/index.ts'", "'wrapped-engine'"),
    );
    const asked = ['--stories', 'own', '--stories', 'minutes,my-minutes'];
    expect((await here('run-all', ...asked)).code).toBe(0);
    const { code, stdout } = await here('verify', ...asked, '--sample', '2', '--seed', '7');
    expect(code).toBe(0);
    expect(stdout).toContain('4 values of 2 of 3 users in 2 columns, recomputed from 450 listen rows\n');
    expect(stdout).toContain(
      '? not verified: my-minutes#2018, my-minutes#2019: the oracle has no definition of it\n',
    );
  });

  test('shows what differs by user and column with both values, and exits with 1', async () => {
    const lines = jsonLines((await here('export', 'minutes', '2019')).stdout);
    const { value: ann } = lines.find(({ user_id }) => user_id === 'ann') as { value: { minutes: number } };
    const ledger = JSON.parse(readFileSync(join(dir, 'wrapped-store/ledger/minutes/2019.json'), 'utf8'));
    const file = join(dir, 'wrapped-store', ledger.written.at);
    const before = readFileSync(file);
    await withDatabase(async (session) => {
      await session.run(sql`CREATE TABLE old AS FROM read_parquet(${file})`);
      await session.run(sql`COPY (SELECT user_id, CASE WHEN user_id = 'ann' THEN struct_update(value,
        minutes := value.minutes + 1) ELSE value END AS value FROM old ORDER BY user_id) TO ${file} (FORMAT parquet)`);
    });
    const { code, stdout } = await here('verify', '--stories', 'minutes');
    expect(code).toBe(1);
    expect(stdout).toBe(
      '6 values of 3 users in 2 columns, recomputed from 450 listen rows\n' +
        '✗ ann minutes#2019\n' +
        `    minutes: stored ${ann.minutes + 1}, recomputed ${ann.minutes}\n` +
        '✗ 1 of 6 values differs\n',
    );
    const json = await here('verify', '--stories', 'minutes', '--json');
    expect(json.code).toBe(1);
    expect(jsonLines(json.stdout)).toEqual([
      {
        user: 'ann',
        column: 'minutes#2019',
        path: 'minutes',
        stored: ann.minutes + 1,
        recomputed: ann.minutes,
      },
      { users: 3, ofUsers: 3, rows: 450, ofRows: 450, columns: 2, values: 6, differences: 1 },
    ]);
    writeFileSync(file, before);
  });

  test('of a store where nothing is computed can not start', async () => {
    const { code, stdout, stderr } = await here('verify', '--store', 'empty');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/empty has no column that can be verified: never computed/);
    expect(stderr).toContain('wrapped run-all');
  });
});
