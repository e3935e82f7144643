import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { commitFile, commitOnce, makeFolder } from '../src/files.ts';
import { tempFolder } from './lakes.ts';

test('folders are made with those above them, and the first that was made is told', async () => {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  expect(await makeFolder(join(dir, 'a', 'b', 'c'))).toBe(join(dir, 'a'));
  expect(existsSync(join(dir, 'a', 'b', 'c'))).toBe(true);
  expect(await makeFolder(join(dir, 'a', 'b', 'c'))).toBeUndefined();
});

test('many may make the same folders at once', async () => {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  for (let round = 0; round < 50; round++) {
    const paths = Array.from({ length: 8 }, (_, index) => join(dir, `${round}`, 'a', 'b', `${index % 2}`));
    await Promise.all(paths.map(makeFolder));
    for (const path of paths) expect(existsSync(path)).toBe(true);
  }
});

test('where a folder can not be made, it fails at once', { timeout: 2_000 }, async () => {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  writeFileSync(join(dir, 'file'), '');
  await expect(makeFolder(join(dir, 'file'))).rejects.toThrow('EEXIST');
  await expect(makeFolder(join(dir, 'file', 'below'))).rejects.toThrow('ENOTDIR');
  if (existsSync('/proc/self')) await expect(makeFolder('/proc/wrapped/store')).rejects.toThrow('ENOENT');
});

test('a file that is the same whoever makes it is not replaced; another is', async () => {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  const path = join(dir, 'folder', 'file');
  const commit = async (text: string, how: typeof commitFile) => {
    writeFileSync(join(dir, 'temp'), text);
    await how(join(dir, 'temp'), path);
    return readFileSync(path, 'utf8');
  };
  expect(await commit('first', commitOnce)).toBe('first');
  expect(await commit('second', commitOnce)).toBe('first');
  expect(await commit('third', commitFile)).toBe('third');
  expect(readdirSync(dir)).toEqual(['folder']);
});
