import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { digestsOf, jsonLines, wrapped } from '../cli/wrapped.ts';
import { manyPlays, tempFolder, writeLake } from '../lakes.ts';

/** Of what the store takes in the end: the disk is full while totals, columns or entries of the ledger are written. */
const SHARES = [0.25, 0.5, 0.8];
const PAGE = 4096;
const COMMAND = [
  'run-all',
  '--stories',
  'minutes,top-artist,top-track,biggest-day',
  '--parallel',
  '2',
  '--json',
];

const { dir, remove } = tempFolder();
afterAll(remove);
let expected: Readonly<Record<string, string>>;
/** Bytes of memory pages that the store's files fill. */
let taken = 0;

beforeAll(async () => {
  const plays = [2017, 2018, 2019].flatMap((year) => manyPlays(year, 1500));
  await writeLake(join(dir, 'lake'), { plays });
  expect(await wrapped([...COMMAND, '--store', 'clean'], { cwd: dir })).toMatchObject({ code: 0 });
  expected = digestsOf(join(dir, 'clean'));
  expect(Object.keys(expected)).toHaveLength(12);
  for (const file of readdirSync(join(dir, 'clean'), { recursive: true, withFileTypes: true }))
    if (file.isFile()) taken += Math.ceil(statSync(join(file.parentPath, file.name)).size / PAGE) * PAGE;
});

interface Line {
  readonly column: string;
  readonly status: string;
}

test.for(SHARES)(
  'a disk with %s of the room: the run ends with 1 and says so, what was committed stays, and with room the rest resumes',
  {
    timeout: 120_000,
  },
  async (share, context) => {
    const disk = join(dir, `disk-${share}`);
    mkdirSync(disk);
    try {
      execFileSync(
        '/usr/bin/mount',
        ['-t', 'tmpfs', '-o', `size=${Math.floor(taken * share)}`, 'tmpfs', disk],
        {
          stdio: 'ignore',
        },
      );
    } catch {
      context.skip('takes the right to mount');
    }
    onTestFinished(() => void execFileSync('/usr/bin/umount', [disk]));
    const store = join(disk, 'store');
    const full = await wrapped([...COMMAND, '--store', store], { cwd: dir });
    expect(full).toMatchObject({ code: 1 });
    expect(full.stderr).toMatch(/^failed .*: .*no space left on device/im);
    const ended = jsonLines<Line>(full.stdout);
    const written = ended.filter(({ status }) => status === 'written').map(({ column }) => column);
    expect(ended.filter(({ status }) => status === 'failed').length).toBeGreaterThan(0);
    // What is there is whole, and it is what was told.
    const there = digestsOf(store);
    expect(Object.keys(there)).toEqual(written.sort());
    for (const [column, digest] of Object.entries(there))
      expect([column, digest]).toEqual([column, expected[column]]);
    expect(readdirSync(join(store, 'tmp'))).toEqual([]);

    execFileSync('/usr/bin/mount', ['-o', 'remount,size=64m', disk]);
    const resumed = await wrapped([...COMMAND, '--store', store], { cwd: dir });
    expect(resumed).toMatchObject({ code: 0 });
    const unchanged = jsonLines<Line>(resumed.stdout).filter(({ status }) => status === 'unchanged');
    expect(unchanged.map(({ column }) => column).sort()).toEqual(written);
    expect(digestsOf(store)).toEqual(expected);
  },
);
