import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withDatabase } from '../../src/sql/database.ts';
import { sql } from '../../src/sql/sql.ts';
import { manyPlays, tempFolder, writeLake } from '../lakes.ts';
import { type LocalServer, startDynalite } from '../store/local-server.ts';
import { jsonLines, wrapped } from './wrapped.ts';

const { dir, remove } = tempFolder();
const USERS = ['ann', 'b"o,b', 'zoë'];

let server: LocalServer;
const here = (...args: string[]) =>
  wrapped(args, { cwd: dir, env: { WRAPPED_STORE: `dynamodb://wrapped?endpoint=${server.endpoint}` } });

beforeAll(async () => {
  server = await startDynalite();
  await writeLake(join(dir, 'lake'), { plays: manyPlays(2019, 200, USERS) });
});
afterAll(async () => {
  await server.close();
  remove();
});

/** The command line as it is built: what the build makes of a file is not what the tests of that file run. */
test('a table is a store in every command, and holds what a folder does', async () => {
  const folder = ['--store', './folder'];
  expect(await here('run-all', '--json')).toMatchObject({ code: 0 });
  expect(await here('run-all', ...folder)).toMatchObject({ code: 0 });

  const planned = jsonLines((await here('run-all', '--dry-run', '--json')).stdout);
  expect(planned.filter(({ compute }) => compute)).toEqual([]);
  const again = jsonLines<{ status: string }>((await here('run-all', '--json')).stdout);
  expect(new Set(again.map(({ status }) => status))).toEqual(new Set(['unchanged', 'skipped']));

  for (const user of USERS) {
    const { code, stdout } = await here('show', user, '--json');
    expect({ code, row: JSON.parse(stdout) }).toEqual({
      code: 0,
      row: JSON.parse((await here('show', user, '--json', ...folder)).stdout),
    });
  }

  const states = async (...more: string[]) =>
    jsonLines((await here('status', '--json', ...more)).stdout).map(({ column, state, rows }) => ({
      column,
      state,
      rows,
    }));
  expect(await states()).toEqual(await states(...folder));

  const exported = async (format: string, ...more: string[]) =>
    (await here('export', 'top-track', '2019', '--format', format, ...more)).stdout;
  for (const format of ['json', 'csv'])
    expect(await exported(format)).toEqual(await exported(format, ...folder));

  for (const [file, more] of [
    ['table.parquet', []],
    ['folder.parquet', folder],
  ] as const) {
    expect(
      await here('export', 'top-track', '2019', '--format', 'parquet', '-o', file, ...more),
    ).toMatchObject({ code: 0 });
  }
  const rows = (file: string) =>
    withDatabase((session) =>
      session.rows(
        sql`SELECT user_id, to_json(value)::VARCHAR AS value FROM read_parquet(${join(dir, file)}) ORDER BY user_id`,
      ),
    );
  expect(await rows('table.parquet')).toEqual(await rows('folder.parquet'));
  expect(await rows('table.parquet')).toHaveLength(USERS.length);
});
