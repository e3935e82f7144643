import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { History } from '../../src/oracle/history.ts';
import { play, tempFolder, writeLake } from '../lakes.ts';
import { jsonLines, wrapped } from './wrapped.ts';

let dir: string;
beforeAll(() => {
  const folder = tempFolder();
  dir = folder.dir;
  return folder.remove;
});

const CLEAN: History = {
  plays: [play('2018-12-31T10:00:00Z'), play('2019-01-01T10:00:00Z', { user_id: 'you' })],
  tracks: [{ track_id: 't1', duration_ms: 180_000 }],
};
const TWICE = play('2019-03-01T10:00:00Z', { user_id: 'ann\u001b[2J', ms_played: null });
const DIRTY: History = { plays: [play('2018-12-31T10:00:00Z'), TWICE, TWICE] };

/** Checks a lake in a folder of its own. */
async function check(history: History, ...args: string[]) {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  await writeLake(join(dir, 'lake'), history);
  return wrapped(['check', ...args], { cwd: dir });
}

describe('check', () => {
  test('of a clean lake says so in two lines', async () => {
    expect(await check(CLEAN, '--strict')).toEqual({
      code: 0,
      stderr: '',
      stdout:
        '2 listen rows of 2 users, 2018-12-31 to 2019-01-01\n' +
        '✓ a clean lake: no month without music, nothing missing, nothing twice, nothing from the future, nothing longer than it lasts and nobody beyond any human\n',
    });
  });

  test('says what it finds, what it does not, and what it can not look at', async () => {
    const { code, stdout, stderr } = await check(DIRTY);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      '3 listen rows of 2 users, 2018-12-31 to 2019-03-01',
      '✗ gap: 2 of 4 months have no rows: 2019-01 to 2019-02',
      '· no-length: 2 of 3 rows of music (67%) have no length, such as ann\ufffd[2J at 2019-03-01T10:00:00Z',
      '✗ duplicate: 1 of 3 rows (33%) repeats another in user, time, track and length, such as ann\ufffd[2J at 2019-03-01T10:00:00Z',
      '✓ apart from that: nothing from the future and nobody beyond any human',
      '? longer-than-track: not looked at, since the lake does not say how long tracks are (tracks.duration_ms)',
      '',
    ]);
  });

  test('fails with --strict where a limit is passed, and does not where it is raised', async () => {
    expect((await check(DIRTY, '--strict')).code).toBe(1);
    expect((await check(DIRTY, '--strict', '--max', 'gap=2')).code).toBe(1);
    const raised = await check(DIRTY, '--strict', '--max', 'gap=2', '--max', 'duplicate=40%');
    expect(raised.code).toBe(0);
    expect(raised.stdout).toMatch(/^· gap: .*; the limit is 2$/m);
    expect((await check(DIRTY, '--strict', '--max', 'no-length=0', '--max', 'gap=2')).code).toBe(1);
  });

  test('--json is a line per check and one of the whole', async () => {
    const { code, stdout, stderr } = await check(DIRTY, '--json', '--strict', '--years', '2019');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const lines = jsonLines(stdout);
    expect(lines).toContainEqual({
      check: 'duplicate',
      state: 'over',
      found: 1,
      of: 2,
      limit: '0',
      examples: ['ann\u001b[2J at 2019-03-01T10:00:00Z'],
    });
    expect(lines).toContainEqual({
      check: 'longer-than-track',
      state: 'unchecked',
      why: expect.stringContaining('duration_ms'),
    });
    expect(lines).toContainEqual(expect.objectContaining({ check: 'gap', state: 'clean', of: 1 }));
    expect(lines).toContainEqual(
      expect.objectContaining({ check: 'no-length', state: 'found', limit: '100%' }),
    );
    expect(lines.at(-1)).toEqual({
      rows: 2,
      users: 1,
      first: '2019-03-01T10:00:00.000Z',
      last: '2019-03-01T10:00:00.000Z',
      clean: false,
    });
  });

  test('says that a run refuses a lake, and why', async () => {
    const { code, stdout } = await check(
      { ...CLEAN, users: [{ user_id: 'me' }, { user_id: 'me' }] },
      '--strict',
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^✗ refused: a run refuses this lake: table users has 2 rows of user_id 'me'/m);
  });

  test('leaves nothing behind', async () => {
    const { dir, remove } = tempFolder();
    onTestFinished(remove);
    await writeLake(join(dir, 'lake'), CLEAN);
    mkdirSync(join(dir, 'temp'));
    await wrapped(['check'], { cwd: dir, env: { TMPDIR: join(dir, 'temp') } });
    expect(readdirSync(dir).sort()).toEqual(['lake', 'temp']);
    expect(readdirSync(join(dir, 'temp'))).toEqual([]);
  });

  test.each([
    ['a lake that is none', ['--lake', 'nowhere'], /no lake at .*nowhere/],
    ['a limit of no check', ['--max', 'gaps=3'], /found 'gaps=3', expected CHECK=LIMIT .* gap, thin/],
    ['a limit that is none', ['--max', 'gap=some'], /found 'gap=some', expected/],
  ])('%s is an error that says so', async (_, args, message) => {
    const { code, stdout, stderr } = await wrapped(['check', ...args], { cwd: dir });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
