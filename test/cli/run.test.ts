import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { manyPlays, tempFolder, writeLake, writePlays } from '../lakes.ts';
import { SOME_STORIES } from '../some-stories.ts';
import { jsonLines, type Spawned, wrapped } from './wrapped.ts';

let dir: string;

/** Two years, six columns each, of which two are not applicable: there are no genres and no release dates. */
beforeEach(async () => {
  const folder = tempFolder();
  onTestFinished(folder.remove);
  dir = folder.dir;
  await writeLake(join(dir, 'lake'), { plays: [...manyPlays(2018, 90), ...manyPlays(2019, 90)] });
});

const here = (...args: string[]): Promise<Spawned> => wrapped(args, { cwd: dir });

describe('run', () => {
  test("computes one story's column of one year", async () => {
    const { code, stdout, stderr } = await here('run', '--story', 'top-artist', '--year', '2019');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 column in \.\/wrapped-store: 1 written \(.*\)\n$/);
    expect(stderr).toMatch(/ s {2}totals 2019\n.* s {2}top-artist 2019, 0 columns to go\n$/);
    expect(readdirSync(join(dir, 'wrapped-store/ledger'), { recursive: true })).toEqual([
      'top-artist',
      'top-artist/2019.json',
    ]);
  });
});

describe('run-all', () => {
  test('computes all there is; a second run computes nothing', async () => {
    expect((await here('run-all', ...SOME_STORIES)).stdout).toMatch(
      /^12 columns in \.\/wrapped-store: 8 written, 4 skipped/,
    );
    const second = await here('run-all', ...SOME_STORIES);
    expect(second.stdout).toMatch(/^12 columns in \.\/wrapped-store: 8 unchanged, 4 skipped/);
    expect(second.stderr).not.toContain('totals');
    expect((await here('run-all', ...SOME_STORIES, '--force')).stdout).toMatch(/: 8 written, 4 skipped/);
  });

  test('says what it skips, and how to come by it', async () => {
    const { code, stderr } = await here('run-all', '--years', '2019');
    expect(code).toBe(0);
    expect(stderr).toMatch(/skipped .*top-genre 2019: the lake has no genres: `wrapped import --genres/);
  });

  test('--years and --stories choose', async () => {
    const chosen = [
      '--years',
      '2018,2019',
      '--stories',
      'minutes,top-track',
      '--parallel',
      '2',
      '--threads',
      '1',
    ];
    const lines = jsonLines((await here('run-all', ...chosen, '--json')).stdout);
    expect(lines.map(({ column }) => column).sort()).toEqual([
      'minutes#2018',
      'minutes#2019',
      'top-track#2018',
      'top-track#2019',
    ]);
  });

  test('--json is a line per column on stdout, and the summary is talk', async () => {
    const { stdout, stderr } = await here('run-all', ...SOME_STORIES, '--json', '--years', '2019');
    const lines = jsonLines(stdout);
    expect(lines).toHaveLength(6);
    expect(lines).toContainEqual({ column: 'minutes#2019', status: 'written', rows: 3 });
    expect(lines).toContainEqual({
      column: 'top-genre#2019',
      status: 'skipped',
      reason: expect.stringContaining('no genres'),
    });
    expect(stderr).toMatch(/6 columns in \.\/wrapped-store: 4 written, 2 skipped/);
  });
});

test('a file cut short is named, and takes its own year alone', async () => {
  const path = join(dir, 'lake/plays/year=2018/plays.parquet');
  writeFileSync(path, readFileSync(path).subarray(0, -50));
  const { code, stdout, stderr } = await here('run-all', '--stories', 'minutes');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^2 columns in \.\/wrapped-store: 1 written, 1 failed/);
  expect(stderr).toMatch(/\nfailed minutes 2018: \S+year=2018\/plays\.parquet can't be read: /);
  const states = jsonLines((await here('status', '--json', '--stories', 'minutes')).stdout);
  expect(states.map(({ column, state }) => [column, state])).toEqual([
    ['minutes#2018', 'failed'],
    ['minutes#2019', 'fresh'],
  ]);
  expect(await here('verify')).toMatchObject({ code: 2, stderr: expect.stringContaining(path) });
});

describe('--dry-run', () => {
  test('tells what would be done, and makes no file', async () => {
    const before = readdirSync(dir, { recursive: true });
    const { code, stdout, stderr } = await here('run-all', ...SOME_STORIES, '--dry-run');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^2019: 1 file, [\d.]+ KB$/m);
    expect(stdout).toMatch(/^ {2}totals to make: user, /m);
    expect(stdout).toMatch(/missing: minutes, .* \(never computed\)/);
    expect(stdout).toMatch(/8 columns of 12 to compute. Nothing was touched.\n$/);
    expect(readdirSync(dir, { recursive: true })).toEqual(before);
  });

  test('tells which other years a story reads, and what is made of them', async () => {
    const asked = ['--years', '2019', '--stories', 'minutes,new-artists', '--dry-run'];
    const { stdout } = await here('run-all', ...asked);
    expect(stdout).toMatch(/\n2018: read by columns of later years\n {2}totals to make: user, /);
    expect(stdout).toContain('\nnew-artists of 2019 reads 2018 too\n');
    const lines = jsonLines((await here('run-all', ...asked, '--json')).stdout);
    expect(lines).toContainEqual(
      expect.objectContaining({ column: 'new-artists#2019', reads_years: [2018] }),
    );
    const states = jsonLines((await here('status', '--json', '--stories', 'minutes,new-artists')).stdout);
    expect(states.filter((state) => 'reads_years' in state)).toEqual([
      expect.objectContaining({ column: 'new-artists#2019', reads_years: [2018] }),
    ]);
  });

  test('tells what is stale, and why', async () => {
    await here('run-all');
    await writePlays(join(dir, 'lake/plays/year=2019/new.parquet'), manyPlays(2019, 9));
    const lines = jsonLines((await here('run-all', '--dry-run', '--json')).stdout);
    expect(lines).toContainEqual(expect.objectContaining({ year: 2019, files: 2, mouthfuls: 1 }));
    expect(lines).toContainEqual({
      column: 'minutes#2019',
      state: 'stale',
      why: 'input changed: plays/year=2019/new.parquet is new',
      compute: true,
    });
    expect(lines).toContainEqual({ column: 'minutes#2018', state: 'fresh', why: null, compute: false });
  });

  test('with --force tells what would be computed again', async () => {
    await here('run-all', ...SOME_STORIES);
    const { stdout } = await here('run-all', ...SOME_STORIES, '--dry-run', '--force');
    expect(stdout).toMatch(/fresh \(forced\): minutes/);
    expect(stdout).toContain('8 columns of 12 to compute');
  });
});

describe('interrupted', () => {
  const SIZE = ['--users', '30', '--plays-per-user', '200', '--years', '2016-2019', '--seed', '1'];
  const COMMAND = ['run-all', '--lake', 'large', '--store', 'large-store', '--parallel', '1'];

  /** Runs the command, and does something to it as soon as its first story is done. */
  const stoppedBy = (stop: (child: ChildProcess) => void) =>
    wrapped(COMMAND, {
      cwd: dir,
      onSpawn: (child) => {
        let text = '';
        child.stderr?.on('data', function told(chunk: string) {
          text += chunk;
          if (!text.includes(' to go')) return;
          child.stderr?.removeListener('data', told);
          stop(child);
        });
      },
    });

  /** Columns that the ledger has. */
  const columns = () =>
    readdirSync(join(dir, 'large-store/ledger'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.json'),
    );

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s, it says what is done and what is left, and the same command goes on',
    async (signal) => {
      await here('generate', ...SIZE, '--lake', 'large');
      const stopped = await stoppedBy((child) => child.kill(signal));
      expect(stopped.code).toBe(130);
      expect(stopped.stdout).toBe('');
      const [, done, all, left] =
        /error: interrupted; (\d+) of (\d+) columns are done, (\d+) are left\n.*The same command goes on/.exec(
          stopped.stderr,
        ) ?? [];
      expect(columns()).toHaveLength(Number(done));
      expect(Number(done)).toBeGreaterThanOrEqual(4);
      expect(Number(left)).toBeGreaterThan(0);
      expect(Number(done) + Number(left)).toBe(Number(all));
      expect(readdirSync(join(dir, 'large-store/tmp'))).toEqual([]);
      const again = await here(...COMMAND);
      expect(again.code).toBe(0);
      expect(again.stdout).toMatch(`${all} columns in large-store: ${left} written, ${done} unchanged`);
      expect(columns()).toHaveLength(Number(all));
    },
    120_000,
  );

  test('twice, it ends at once, and nothing is half', async () => {
    await here('generate', ...SIZE, '--lake', 'large');
    const killed = await stoppedBy((child) => {
      child.kill('SIGINT');
      child.kill('SIGTERM');
    });
    expect(killed).toMatchObject({ code: null, stdout: '' });
    expect(killed.stderr).not.toContain('error:');
    expect(await here(...COMMAND)).toMatchObject({ code: 0 });
    expect(readdirSync(join(dir, 'large-store/tmp'))).toEqual([]);
  }, 120_000);
});
