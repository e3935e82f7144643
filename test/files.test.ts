import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { commitFile, commitFolderOnce, makeFolder } from '../src/files.ts';
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

test('a folder that is the same whoever makes it is not replaced; a file is', async () => {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  const commitFolder = async (text: string) => {
    mkdirSync(join(dir, 'temp'));
    writeFileSync(join(dir, 'temp', 'part'), text);
    await commitFolderOnce(join(dir, 'temp'), join(dir, 'folder', 'totals'));
    return readFileSync(join(dir, 'folder', 'totals', 'part'), 'utf8');
  };
  expect(await commitFolder('first')).toBe('first');
  expect(await commitFolder('second')).toBe('first');

  const commit = async (text: string) => {
    writeFileSync(join(dir, 'temp'), text);
    await commitFile(join(dir, 'temp'), join(dir, 'folder', 'file'));
    return readFileSync(join(dir, 'folder', 'file'), 'utf8');
  };
  expect(await commit('first')).toBe('first');
  expect(await commit('second')).toBe('second');
  expect(readdirSync(dir)).toEqual(['folder']);
});
