import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { IMPORTERS } from '../../src/lake/importers/index.ts';
import { EXPORTS, useImports } from './import-helpers.ts';

const { newLake, run, plays } = useImports();

/** Imports the export of one format, and takes from its rows what all of them share. */
async function importFormat(format: string) {
  const lake = await newLake();
  const report = await run({ paths: [join(EXPORTS, format)], lake });
  const rows = (await plays(lake)).map(({ user_id, source, ...row }) => {
    expect({ user_id, source }).toEqual({ user_id: 'me', source: format });
    return row;
  });
  const ignored = report.ignored.map(({ file, why }) => `${file.slice(EXPORTS.length + 1)}: ${why}`);
  return { rows, ignored, dropped: report.files.map(({ dropped }) => dropped) };
}

test('every format has its file and its example', () => {
  const ids = IMPORTERS.map(({ id }) => id);
  expect(readdirSync(EXPORTS)).toEqual([...ids].sort());
  expect(readdirSync(join(import.meta.dirname, '../../src/lake/importers'))).toEqual(
    expect.arrayContaining(ids.map((id) => `${id}.ts`)),
  );
});

describe('the rows of each format', () => {
  test('spotify-extended: old and new fields, music videos, podcasts, audiobooks, private sessions, odd offline times', async () => {
    const { rows, dropped } = await importFormat('spotify-extended');
    expect(rows).toEqual([
      {
        played_at: new Date('2019-12-31T23:59:30Z'),
        time_is: 'end',
        ms_played: 180_000n,
        kind: 'track',
        track: 'Caf\u00e9',
        artist: 'Ångström',
        album: 'First',
        track_id: '0000000000000000000001',
        private: false,
      },
      {
        played_at: new Date('2020-01-01T00:03:00Z'),
        time_is: 'end',
        ms_played: 0n,
        kind: 'track',
        track: 'Skipped at once',
        artist: 'Ångström',
        album: 'First',
        track_id: '0000000000000000000002',
        private: true,
        skipped: true,
      },
      {
        played_at: new Date('2020-01-02T10:00:00Z'),
        time_is: 'end',
        ms_played: 1_200_000n,
        kind: 'episode',
        track: 'Episode 1',
        artist: 'A Show',
        track_id: '0000000000000000000003',
        private: false,
        skipped: false,
      },
      {
        played_at: new Date('2024-05-01T12:00:00Z'),
        time_is: 'end',
        ms_played: 200_000n,
        kind: 'track',
        track: 'A Video',
        artist: 'Ångström',
        album: 'Second',
        track_id: '0000000000000000000004',
        private: false,
        skipped: false,
      },
      {
        played_at: new Date('2024-05-01T13:00:00Z'),
        time_is: 'end',
        ms_played: 300_000n,
        kind: 'audiobook',
        track: 'Chapter 2',
        artist: 'A Book',
        track_id: '0000000000000000000006',
        private: false,
        skipped: false,
      },
    ]);
    expect(dropped).toEqual([{}, { 'no name': 1 }]);
  });

  test('spotify-account: music, podcasts and audiobooks, to the minute in UTC', async () => {
    const { rows, ignored } = await importFormat('spotify-account');
    const shared = { time_is: 'end', private: false };
    expect(rows).toEqual([
      {
        ...shared,
        played_at: new Date('2023-12-31T23:59:00Z'),
        ms_played: 61_000n,
        kind: 'track',
        track: 'One',
        artist: 'Ångström',
      },
      {
        ...shared,
        played_at: new Date('2024-01-01T00:00:00Z'),
        ms_played: 900n,
        kind: 'track',
        track: 'Two',
        artist: 'Ångström',
      },
      {
        ...shared,
        played_at: new Date('2024-01-02T08:30:00Z'),
        ms_played: 1_200_000n,
        kind: 'episode',
        track: 'Episode 1',
        artist: 'A Show',
      },
      {
        ...shared,
        played_at: new Date('2024-01-03T08:30:00Z'),
        ms_played: 300_000n,
        kind: 'audiobook',
        track: 'Chapter 2',
        artist: 'A Book',
      },
    ]);
    expect(ignored).toEqual(['spotify-account/Userdata.json: of no known format']);
  });

  test('lastfm-json: corrected names, ids where there are any, no lengths, an unset clock is no time', async () => {
    const { rows, dropped } = await importFormat('lastfm-json');
    const shared = { time_is: 'start', kind: 'track', private: false };
    expect(rows).toEqual([
      {
        ...shared,
        played_at: new Date('2007-06-01T10:00:00Z'),
        track: 'El Mañana',
        artist: 'Gorillaz',
        album: 'Demon Days',
        track_id: 'acc74f09-0000-0000-0000-000000000001',
        artist_id: 'e21857d5-0000-0000-0000-000000000002',
      },
      { ...shared, played_at: new Date('2007-06-01T10:04:00Z'), track: 'Help!', artist: 'The Beatles' },
    ]);
    expect(dropped).toEqual([{ 'exact duplicate': 1, 'no time': 1 }]);
  });

  test('lastfm-to-csv: no header, a row without a date is playing now', async () => {
    const { rows, dropped } = await importFormat('lastfm-to-csv');
    const shared = { time_is: 'start', kind: 'track', private: false };
    expect(rows).toEqual([
      {
        ...shared,
        played_at: new Date('2011-12-31T23:59:00Z'),
        track: 'One',
        artist: 'Ångström',
        album: 'First',
      },
      {
        ...shared,
        played_at: new Date('2012-01-01T00:02:00Z'),
        track: 'Help!',
        artist: 'The Beatles',
        album: 'Help!',
      },
    ]);
    expect(dropped).toEqual([{ 'no name': 1, 'now playing': 1 }]);
  });

  test('lastfm-ghan: quoted commas and quotes, empty ids are none', async () => {
    const { rows, dropped } = await importFormat('lastfm-ghan');
    const shared = { time_is: 'start', kind: 'track', private: false };
    expect(rows).toEqual([
      {
        ...shared,
        played_at: new Date('2022-01-01T00:00:00Z'),
        track: 'Say "Hello"',
        artist: 'Tyler, The Creator',
        album: 'Igor',
        track_id: '11111111-0000-0000-0000-000000000002',
        artist_id: 'f6beac20-0000-0000-0000-000000000001',
      },
      { ...shared, played_at: new Date('2022-01-01T00:05:00Z'), track: 'One', artist: 'Ångström' },
    ]);
    expect(dropped).toEqual([{ 'no time': 1 }]);
  });

  test("listenbrainz: the client's ids before the matched ones, a track's duration is not what was listened", async () => {
    const { rows, ignored, dropped } = await importFormat('listenbrainz');
    const shared = { time_is: 'start', kind: 'track', private: false, artist: 'Ångström' };
    expect(rows).toEqual([
      {
        ...shared,
        played_at: new Date('2021-01-01T00:00:00Z'),
        track: 'One',
        album: 'First',
        track_id: '22222222-0000-0000-0000-000000000001',
        artist_id: '33333333-0000-0000-0000-000000000001',
      },
      {
        ...shared,
        played_at: new Date('2021-01-01T00:10:00Z'),
        ms_played: 45_000n,
        track: 'Two',
        track_id: '22222222-0000-0000-0000-000000000003',
      },
    ]);
    expect(dropped).toEqual([{ 'no time': 1 }]);
    expect(ignored).toEqual([
      'listenbrainz/feedback.jsonl: of no known format',
      'listenbrainz/user.json: of no known format',
    ]);
  });

  test('apple-music: stretches are plays, jumps are not listening, own music has no names, a day is no length', async () => {
    const { rows, dropped } = await importFormat('apple-music');
    const shared = { time_is: 'start', kind: 'track', private: false, artist: 'Ångström' };
    expect(rows).toEqual([
      {
        ...shared,
        played_at: new Date('2018-12-31T23:50:00.500Z'),
        ms_played: 230_000n,
        track: 'Paused, and "jumped"',
        skipped: false,
      },
      {
        ...shared,
        played_at: new Date('2018-12-31T23:58:10.200Z'),
        ms_played: 5_000n,
        track: 'Paused, and "jumped"',
        skipped: true,
      },
      {
        ...shared,
        played_at: new Date('2018-12-31T23:59:00.000Z'),
        ms_played: 150_000n,
        track: 'Video',
        skipped: false,
      },
    ]);
    expect(dropped).toEqual([
      {
        'part of a play': 3,
        'no play': 2,
        'not music': 1,
        'no name': 1,
        'no time': 1,
        'bad length': 1,
      },
    ]);
  });

  test("youtube-music: what YouTube Music played and artists' channels, without advertisements and removed videos", async () => {
    const { rows, dropped } = await importFormat('youtube-music');
    const shared = { time_is: 'start', kind: 'track', private: false };
    expect(rows).toEqual([
      {
        ...shared,
        played_at: new Date('2023-12-31T23:50:00Z'),
        track: 'Ångström - Three (Official Video)',
        artist: 'ÅngströmVEVO',
        track_id: 'AAAAAAAAAA3',
      },
      {
        ...shared,
        played_at: new Date('2023-12-31T23:59:00Z'),
        track: 'Two',
        artist: 'Ångström',
        track_id: 'AAAAAAAAA_-',
      },
      {
        ...shared,
        played_at: new Date('2024-01-01T00:00:00.500Z'),
        track: 'One',
        artist: 'Ångström',
        track_id: 'AAAAAAAAAA1',
      },
    ]);
    expect(dropped).toEqual([{ 'not music': 3, 'no name': 3 }]);
  });

  test('apple-music-names: no listening, only names', async () => {
    const lake = await newLake();
    const report = await run({ paths: [join(EXPORTS, 'apple-music-names')], lake });
    expect(report.files).toMatchObject([
      { format: 'apple-music-names', read: 2, kept: 0, dropped: { 'names only': 1, 'no name': 1 } },
    ]);
  });
});
