import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { manyPlays, tempFolder, writeLake } from '../lakes.ts';
import { jsonLines, wrapped } from './wrapped.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SLOW = 180_000;

let dir: string;

beforeEach(() => {
  const folder = tempFolder();
  onTestFinished(folder.remove);
  dir = folder.dir;
});

const here = (...args: string[]) => wrapped(args, { cwd: dir });

/** Runs a test that was written, as its user does. */
function nodeTest(file: string) {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return spawnSync(process.execPath, ['--test', file], { cwd: dir, encoding: 'utf8', env });
}

test('writes a story, a case and a test that passes; the story runs', { timeout: SLOW }, async () => {
  const { code, stdout, stderr } = await here('stories', '--new', 'one-timers');
  expect(code).toBe(0);
  expect(stdout.trimEnd().split('\n')).toEqual([
    'my-stories/one-timers.ts',
    'my-stories/one-timers.test.mjs',
    ...['case.json', 'plays.csv'].map((name) => `my-stories/fixtures/one-timers/once-and-twice/${name}`),
    ...['2018', '2019', '2018-2019'].map(
      (period) => `my-stories/fixtures/one-timers/once-and-twice/expected/one-timers#${period}.json`,
    ),
  ]);
  expect(stderr).toContain('node --test my-stories/one-timers.test.mjs');
  const tested = nodeTest('my-stories/one-timers.test.mjs');
  expect(tested.stdout + tested.stderr).toMatch(/pass 1\n/);
  expect(tested.status).toBe(0);

  await writeLake(join(dir, 'lake'), { plays: manyPlays(2019, 90) });
  expect(await here('run-all', '--stories', 'my-stories', '--stories', 'one-timers')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 written'),
  });
  const [told] = jsonLines(
    (await here('stories', '--stories', 'my-stories', '--explain', 'one-timers', '--json')).stdout,
  );
  expect(told).toMatchObject({ title: 'One timers', group: 'artists', source: 'ours', version: 1 });
});

test('the test fails where the story, or what is expected, is another', { timeout: SLOW }, async () => {
  await here('stories', '--new', 'one-timers');
  const story = join(dir, 'my-stories/one-timers.ts');
  const text = readFileSync(story, 'utf8');
  writeFileSync(story, text.replace('plays = 1', 'plays = 2'));
  expect(nodeTest('my-stories/one-timers.test.mjs').status).toBe(1);
  writeFileSync(story, text);
  expect(nodeTest('my-stories/one-timers.test.mjs').status).toBe(0);
  const expected = join(
    dir,
    'my-stories/fixtures/one-timers/once-and-twice/expected/one-timers#2018-2019.json',
  );
  writeFileSync(expected, '{}');
  expect(nodeTest('my-stories/one-timers.test.mjs').status).toBe(1);
});

test('into another folder, from where the package is found by name', { timeout: SLOW }, async () => {
  mkdirSync(join(dir, 'node_modules'));
  symlinkSync(ROOT, join(dir, 'node_modules/wrapped-engine'));
  const { stdout } = await here('stories', '--new', 'mine', '--stories', './a/b');
  expect(stdout).toMatch(/^a\/b\/mine\.ts\n/);
  expect(readFileSync(join(dir, 'a/b/mine.test.mjs'), 'utf8')).toContain("from 'wrapped-engine'");
  expect(nodeTest('a/b/mine.test.mjs').status).toBe(0);
});

test('the folder that the configuration names', async () => {
  mkdirSync(join(dir, 'own'));
  writeFileSync(join(dir, 'wrapped.config.json'), '{ "stories": "own" }');
  expect((await here('stories', '--new', 'mine')).stdout).toMatch(/^own\/mine\.ts\n/);
});

test('refuses a name that is none, or taken, and writes over nothing', async () => {
  expect(await here('stories', '--new', 'One Timers')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("'One Timers' is no story's name, expected lower case words"),
  });
  expect(await here('stories', '--new', 'minutes')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("there is a story 'minutes' already"),
  });
  mkdirSync(join(dir, 'my-stories'));
  writeFileSync(join(dir, 'my-stories/mine.test.mjs'), 'mine');
  expect(await here('stories', '--new', 'mine')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/mine\.test\.mjs is there already; nothing was written/),
  });
  expect(readFileSync(join(dir, 'my-stories/mine.test.mjs'), 'utf8')).toBe('mine');
  expect(await here('stories', '--new', 'mine', '--json')).toMatchObject({ code: 2 });
});
