import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { accountRow } from '../lake/import-helpers.ts';
import { tempFolder } from '../lakes.ts';
import { jsonLines, wrapped } from './wrapped.ts';

let dir: string;

beforeEach(() => {
  const folder = tempFolder();
  onTestFinished(folder.remove);
  dir = folder.dir;
});

const here = (...args: string[]) => wrapped(args, { cwd: dir });

describe('import', () => {
  const rows = [
    accountRow('2019-12-31 23:30', 'Midnight'),
    accountRow('2019-06-01 12:00', 'Noon'),
    accountRow('2019-06-01 12:00', 'Noon'),
    accountRow('', 'Never'),
  ];

  beforeEach(() => {
    writeFileSync(join(dir, 'StreamingHistory0.json'), JSON.stringify(rows));
    writeFileSync(join(dir, 'genres.csv'), 'artist,genre\nÅngström,electronic\n');
  });

  test('makes a lake, tells what became of each row, and what to do next', async () => {
    const imported = await here(
      'import',
      'StreamingHistory0.json',
      '--user',
      'me',
      '--timezone',
      'Europe/Berlin',
    );
    expect(imported.code).toBe(0);
    expect(imported.stdout).toMatch(
      /^StreamingHistory0\.json {2}spotify-account: 4 rows read, 2 kept; left out: 1 no time, 1 exact duplicate$/m,
    );
    expect(imported.stdout).toMatch(/^2 listen rows of 'me' added to .*lake, 2019-06-01 to 2019-12-31/m);
    expect(imported.stderr).toContain('next: wrapped run-all, then wrapped show me');
    await here('import', '--genres', 'genres.csv');
    expect((await here('run-all')).code).toBe(0);
    const { columns } = JSON.parse((await here('show', 'me', '--json')).stdout);
    expect(columns['top-track#2020'].tracks).toEqual([
      { track: 'Midnight', artist: 'Ångström', plays: 1, ms: 60_000 },
    ]);
    expect(columns['top-genre#2019'].genres).toEqual([
      { genre: 'electronic', plays: 1, share: 1, ms: 60_000 },
    ]);
  });

  test('again adds nothing; --json is a line per file and one of the whole', async () => {
    const again = () => here('import', 'StreamingHistory0.json', '--user', 'me', '--json');
    await again();
    const { code, stdout } = await again();
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toEqual([
      expect.objectContaining({ read: 4, kept: 0, dropped: { 'exact duplicate': 3, 'no time': 1 } }),
      expect.objectContaining({ user: 'me', years: {}, first: null, last: null }),
    ]);
  });
});

describe('generate', () => {
  const SIZE = ['--users', '5', '--plays-per-user', '20', '--years', '2018-2019'];

  test('makes a lake that runs, the same for the same seed', async () => {
    const report = async (lake: string, seed: string) =>
      jsonLines((await here('generate', ...SIZE, '--seed', seed, '--lake', lake, '--json')).stdout)[0];
    const first = await report('a', '3');
    expect(first).toMatchObject({ users: 5, plays: expect.any(Number) });
    expect(await report('b', '3')).toEqual(first);
    expect(await report('c', '4')).not.toEqual(first);
    expect((await here('run-all', '--lake', 'a')).code).toBe(0);
  });

  test('into a lake that is there is refused', async () => {
    await here('generate', ...SIZE);
    const { code, stderr } = await here('generate', ...SIZE);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: .*lake/);
  });
});

test('demo makes a decade, shows a user, and says what to try; those commands work', {
  timeout: 180_000,
}, async () => {
  const demo = await here('demo', '--dir', 'tried');
  expect(demo.code).toBe(0);
  expect(demo.stdout).toContain('Wrapped 2019');
  const commands = [...demo.stderr.matchAll(/^ {2}(?:npx )?wrapped ((?:status|show|export) .*)$/gm)].map(
    ([, command]) => command!,
  );
  expect(commands).toHaveLength(4);
  for (const command of commands) expect(await here(...command.split(' '))).toMatchObject({ code: 0 });
  expect(existsSync(join(dir, 'tried/lake/plays/year=2010'))).toBe(true);
  expect((await here('demo', '--dir', 'tried')).stderr).toContain('tried/lake is there already');
});
