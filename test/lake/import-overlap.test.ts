import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { accountRow, droppedOf, listenLine, useImports } from './import-helpers.ts';

const { newFolder, newLake, run, refused, plays } = useImports();

let account: string;
let listens: string;
let lake: string;

beforeEach(async () => {
  const folder = await newFolder();
  [account, listens, lake] = [join(folder, 'account.json'), join(folder, 'listens.jsonl'), await newLake()];
  const endTimes = ['2024-01-10 00:00', '2024-01-20 00:00'];
  await writeFile(account, JSON.stringify(endTimes.map((time) => accountRow(time, 'One'))));
  const times = [
    '2024-01-09T23:59:59Z',
    '2024-01-10T00:00:00Z',
    '2024-01-20T00:00:00Z',
    '2024-01-20T00:00:01Z',
  ];
  await writeFile(listens, times.map((time) => listenLine(time, 'Two')).join(''));
});

describe('rows in a time that another source covers', () => {
  test('are refused, and the overlap is named', async () => {
    await run({ paths: [account], lake });
    const error = await refused({ paths: [listens], lake });
    expect(error.message).toBe(
      "2 new rows of listenbrainz, from 2024-01-10 00:00 to 2024-01-20 00:00, lie in the time that 'me' already has from " +
        'spotify-account: 2 rows from 2024-01-10 00:00 to 2024-01-20 00:00',
    );
    expect(error.hint).toContain('--overlap skip');
  });

  test('are left out on wish, and then again', async () => {
    await run({ paths: [account], lake });
    const report = await run({ paths: [listens], lake, overlap: 'skip' });
    expect(report.files).toMatchObject([{ read: 4, kept: 2, dropped: { overlap: 2 } }]);
    const again = await run({ paths: [listens], lake, overlap: 'skip' });
    expect(droppedOf(again)).toEqual({ 'exact duplicate': 2, overlap: 2 });
  });

  test('are taken on wish, and then no more', async () => {
    await run({ paths: [account], lake });
    expect(await run({ paths: [listens], lake, overlap: 'add' })).toMatchObject({ years: { 2024: 4 } });
    expect(await run({ paths: [listens], lake })).toMatchObject({ years: {} });
  });

  test('are found within one import too, the first source given going first', async () => {
    expect((await refused({ paths: [account, listens], lake })).message).toContain(
      '2 new rows of listenbrainz',
    );
    expect((await refused({ paths: [listens, account], lake })).message).toContain(
      '2 new rows of spotify-account',
    );
    await run({ paths: [account, listens], lake, overlap: 'skip' });
    expect((await plays(lake)).map(({ source }) => source)).toEqual([
      'listenbrainz',
      'spotify-account',
      'spotify-account',
      'listenbrainz',
    ]);
  });

  test('are nothing to another user', async () => {
    await run({ paths: [account], lake });
    expect(await run({ paths: [listens], lake, user: 'you' })).toMatchObject({ years: { 2024: 4 } });
  });

  test('are no overlap where they repeat what is there', async () => {
    const row = { ...accountRow('2024-01-15 00:00', 'Two'), msPlayed: null };
    await writeFile(account, JSON.stringify([row]));
    await run({ paths: [account], lake });
    await writeFile(listens, listenLine('2024-01-15T00:00:00Z', 'Two'));
    expect(droppedOf(await run({ paths: [listens], lake }))).toEqual({ 'exact duplicate': 1 });
  });

  test('of the same source are none', async () => {
    await run({ paths: [account], lake });
    await writeFile(account, JSON.stringify([accountRow('2024-01-15 00:00', 'Between')]));
    expect(await run({ paths: [account], lake })).toMatchObject({ years: { 2024: 1 } });
  });
});
