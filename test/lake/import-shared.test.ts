import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sql } from '../../src/sql/sql.ts';
import { droppedOf, SHARED, useImports } from './import-helpers.ts';

const { newLake, rows, run } = useImports();

/** Real exports, and what their publishers say is in them: see SOURCES.md beside them. */
describe.skipIf(!existsSync(SHARED))('real exports', { timeout: 90_000 }, () => {
  test.each([
    ['spotify-extended-2022-2025.zip', 4, 38_437, 'spotify-extended'],
    ['spotify-account-2021-2022.zip', 6, 54_429, 'spotify-account'],
    ['spotify-account-2020-2022-with-genres.zip', 1, 4_995, 'spotify-account'],
  ])('%s is kept whole', async (zip, files, read, format) => {
    const report = await run({ paths: [join(SHARED, zip)], lake: await newLake() });
    expect(report.files.map((file) => file.format)).toEqual(Array.from({ length: files }, () => format));
    expect(report.files.reduce((sum, file) => sum + file.kept, 0)).toBe(read);
    expect(droppedOf(report)).toEqual({});
  });

  test('spotify-extended-2022-2025.zip has its podcasts and its private sessions', async () => {
    const lake = await newLake();
    await run({ paths: [join(SHARED, 'spotify-extended-2022-2025.zip')], lake });
    const [counts] =
      await rows(sql`SELECT count(*) FILTER (kind = 'episode') AS episodes, count(*) FILTER (private) AS private,
      count(*) FILTER (track_id IS NULL) AS without_id FROM read_parquet(${`${lake}/plays/*/*.parquet`})`);
    expect(counts).toEqual({ episodes: 104n, private: 51n, without_id: 0n });
  });

  test('lastfm-scrobbles-2005-2015.zip has its two decades, 292 repeats, and the plays its author published', async () => {
    const lake = await newLake();
    const paths = [join(SHARED, 'lastfm-scrobbles-2005-2015.zip')];
    const report = await run({ paths, lake });
    expect(report.files).toHaveLength(102);
    expect(report.files.reduce((sum, file) => sum + file.read, 0)).toBe(104_571);
    expect(droppedOf(report)).toEqual({ 'exact duplicate': 292 });
    const artists =
      await rows(sql`SELECT artist, count(*) AS plays FROM read_parquet(${`${lake}/plays/*/*.parquet`})
      GROUP BY ALL ORDER BY plays DESC LIMIT 3`);
    // Their author counted every repeat: 5,707, 2,789 and 2,743.
    expect(artists).toEqual([
      { artist: 'Van Morrison', plays: 5703n },
      { artist: 'Frank Turner', plays: 2781n },
      { artist: 'Radiohead', plays: 2740n },
    ]);
    expect(droppedOf(await run({ paths, lake }))).toEqual({ 'exact duplicate': 104_571 });
  });

  test('artist-genres.csv has genres for all but 389 of 1,650 artists', async () => {
    const genres = join(SHARED, 'artist-genres.csv');
    expect(await run({ paths: [], lake: await newLake(), genres })).toMatchObject({
      genres: { read: 1650, kept: 1261, artists: 1261, dropped: { 'no genre': 389 } },
    });
  });
});
