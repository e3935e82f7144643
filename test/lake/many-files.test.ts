import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ManyFiles } from '../../src/lake/many-files.ts';
import { tempFolder } from '../lakes.ts';

const FILES = 200;

function someFiles(): string[] {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  mkdirSync(join(dir, 'some'));
  return Array.from({ length: FILES }, (_, index) => {
    const path = join(dir, 'some', String(index));
    writeFileSync(path, `${index}`.padStart(10, '.'));
    return path;
  });
}

/** A clock by which each look at it takes so many milliseconds; gives how many there were. */
function slowClock(milliseconds: number): () => number {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
    now += milliseconds;
    return now;
  });
  onTestFinished(() => clock.mockRestore());
  return () => clock.mock.calls.length;
}

/** Milliseconds of a look at the clock, and of how many files each answer is waited for. */
describe.each([
  ['quick', 0.05, FILES],
  ['slow', 5, 50],
])('many files of a %s file system', (_, milliseconds, waitedFor) => {
  test('tell their sizes and what they hold, in order', async () => {
    const paths = someFiles();
    slowClock(milliseconds);
    const files = new ManyFiles();
    const found = await files.map(paths, async (path) => {
      const { size } = await files.stat(path);
      return (await files.read(path, size - 3, 3)).toString();
    });
    expect(found).toEqual(paths.map((_, index) => `${index}`.padStart(3, '.')));
  });

  test('are asked one by one only as long as they answer quickly', async () => {
    const paths = someFiles();
    const looks = slowClock(milliseconds);
    const files = new ManyFiles();
    await files.map(paths, (path) => files.stat(path));
    // One look or two see whose turn it is; an answer that is waited for takes two more, before and after.
    expect(looks()).toBeGreaterThanOrEqual(FILES + 2 * waitedFor);
    expect(looks()).toBeLessThanOrEqual(2 * FILES + 2 * waitedFor + 1);
  });

  test('are errors where they are not there, or shorter than was asked', async () => {
    const paths = someFiles();
    slowClock(milliseconds);
    const files = new ManyFiles();
    await files.map(paths, (path) => files.stat(path));
    await expect(files.stat(`${paths[0]}-not`)).rejects.toThrow('ENOENT');
    await expect(files.read(`${paths[0]}-not`, 0, 1)).rejects.toThrow('ENOENT');
    await expect(files.read(paths[0]!, 8, 3)).rejects.toThrow(RangeError);
  });

  test('leave others a turn', async () => {
    const paths = Array.from({ length: 5 }, someFiles).flat();
    slowClock(milliseconds);
    const files = new ManyFiles();
    let turns = 0;
    const turn = () => {
      turns++;
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    await files.map(paths, (path) => files.stat(path));
    clearImmediate(next);
    expect(turns).toBeGreaterThan(0);
  });
});
