import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sql } from '../../src/sql/sql.ts';
import { EXPORTS, useImports } from './import-helpers.ts';

const { newFolder, newLake, rows, run, refused } = useImports();

async function csvOf(text: string): Promise<string> {
  const path = join(await newFolder(), 'genres.csv');
  await writeFile(path, text);
  return path;
}

const genresOf = async (lake: string): Promise<string[]> => {
  const found = await rows(sql`FROM read_parquet(${`${lake}/artist_genres/*.parquet`}) ORDER BY ALL`);
  return found.map(({ artist, genre }) => `${artist}: ${genre}`);
};

test('genres need no user and no plays, and every row is accounted for', async () => {
  const lake = await newLake();
  const genres = await csvOf(
    'artist,genre\nÅngström,rock\nÅngström,pop\n"A, B",jazz\nÅngström,rock\nNobody,\n,metal\ntoo,many,fields\n',
  );
  const report = await run({ paths: [], user: '', lake, genres });
  expect(report.genres).toEqual({
    file: genres,
    read: 7,
    kept: 3,
    dropped: { 'exact duplicate': 1, 'no genre': 1, 'no name': 1, 'unreadable row': 1 },
    artists: 2,
    added: 3,
    removed: 0,
  });
  expect(await genresOf(lake)).toEqual(['A, B: jazz', 'Ångström: pop', 'Ångström: rock']);
});

test('a repeat adds nothing and writes nothing', async () => {
  const lake = await newLake();
  const genres = await csvOf('\ufeffGenre,Artist\r\nrock,a\r\npop,b\r\n');
  await run({ paths: [join(EXPORTS, 'listenbrainz')], lake, genres });
  const [file] = await readdir(join(lake, 'artist_genres'));
  const { mtimeMs } = await stat(join(lake, 'artist_genres', file!));
  expect(await run({ paths: [], lake, genres })).toMatchObject({ genres: { kept: 2, added: 0, removed: 0 } });
  expect(await stat(join(lake, 'artist_genres', file!))).toMatchObject({ mtimeMs });
});

test('what a new file says of an artist replaces what was said before, and of no other', async () => {
  const lake = await newLake();
  await run({ paths: [], lake, genres: await csvOf('artist,genre\na,rock\na,pop\nb,jazz\nc,folk\n') });
  const report = await run({
    paths: [],
    lake,
    genres: await csvOf('artist,genre\na,rock\na,metal\nc,\nd,soul\n'),
  });
  expect(report.genres).toMatchObject({ added: 2, removed: 1 });
  expect(await genresOf(lake)).toEqual(['a: metal', 'a: rock', 'b: jazz', 'c: folk', 'd: soul']);
});

test('a file without the two columns is refused', async () => {
  const lake = await newLake();
  const message = async (text: string) =>
    (await refused({ paths: [], lake, genres: await csvOf(text) })).message;
  expect(await message('artist,tag\na,b\n')).toContain(
    'found the columns artist, tag, expected a header with artist and genre',
  );
  expect(await message('')).toContain('is no CSV of genres');
  expect(await message('artist,genre\na,"rock\nb,pop\n')).toContain(
    'has a quote in line 2 that is never closed',
  );
});
