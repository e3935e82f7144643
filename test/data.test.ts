import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { describe, expect, onTestFinished, test } from 'vitest';
import yauzl from 'yauzl';
import { periodName } from '../src/decade/period.ts';
import { importExports } from '../src/lake/import.ts';
import { decadeOracle } from '../src/oracle/decade.ts';
import type { ArtistGenreRow, Play } from '../src/oracle/history.ts';
import { oracle } from '../src/oracle/oracle.ts';
import { openDatabase } from '../src/sql/database.ts';
import { FIXED_CUTS } from '../src/story/index.ts';
import { decadeColumns, everyColumn } from './engine.ts';
import { tempFolder } from './lakes.ts';

/** Real exports, on machines that have them. See SOURCES.md beside them. */
const SHARED = join(import.meta.dirname, '../../shared/data');
const USER = 'me';
/** Stories whose decades are there for certain. */
const DECADES = ['listening-axes', 'minutes', 'new-artists', 'streak', 'top-artist', 'top-track'];

interface ExtendedRow {
  ts: string;
  ms_played: number;
  master_metadata_track_name: string | null;
  master_metadata_album_artist_name: string | null;
  master_metadata_album_album_name: string | null;
  spotify_track_uri: string | null;
  episode_name: string | null;
  episode_show_name: string | null;
  incognito_mode: boolean | null;
  skipped: boolean | null;
}

interface AccountRow {
  endTime: string;
  artistName: string;
  trackName: string;
  msPlayed: number;
}

interface ScrobbleRow {
  timestamp: { unixtimestamp: number };
  track: { name: string; mbid?: string; artist: { name: string; mbid?: string } };
  album?: { name?: string };
}

/** How a row of each export is a listen row, written from the formats' own documentation and from no code of ours. */
const READERS = {
  extended: (row: ExtendedRow): Play => ({
    user_id: USER,
    played_at: Date.parse(row.ts),
    time_is: 'end',
    ms_played: row.ms_played,
    kind: row.master_metadata_track_name === null ? 'episode' : 'track',
    track: row.master_metadata_track_name ?? row.episode_name,
    artist:
      row.master_metadata_track_name === null ? row.episode_show_name : row.master_metadata_album_artist_name,
    album: row.master_metadata_album_album_name,
    track_id: row.spotify_track_uri?.split(':')[2],
    private: row.incognito_mode,
    skipped: row.skipped,
  }),
  account: (row: AccountRow): Play => ({
    user_id: USER,
    played_at: Date.parse(`${row.endTime.replace(' ', 'T')}:00Z`),
    time_is: 'end',
    ms_played: row.msPlayed,
    track: row.trackName,
    artist: row.artistName,
  }),
  lastfm: (row: ScrobbleRow): Play => ({
    user_id: USER,
    played_at: row.timestamp.unixtimestamp * 1000,
    track: row.track.name,
    artist: row.track.artist.name,
    album: row.album?.name || null,
    track_id: row.track.mbid || null,
    artist_id: row.track.artist.mbid || null,
  }),
} as const;

/** Every row of every JSON file of a zip. */
async function rowsOf<Row>(zip: string): Promise<Row[]> {
  const file = await yauzl.openPromise(join(SHARED, zip));
  const rows: Row[] = [];
  for await (const entry of file.eachEntry()) {
    if (!entry.fileName.endsWith('.json')) continue;
    const bytes = await buffer(await file.openReadStreamPromise(entry));
    for (const row of JSON.parse(bytes.toString('utf8')) as Row[]) rows.push(row);
  }
  return rows;
}

/** The import's rules: names in NFC, and of rows alike in time, title, artist and length the first. */
function imported(plays: readonly Play[]): Play[] {
  const kept = new Map<string, Play>();
  for (const given of plays) {
    const play = {
      ...given,
      track: given.track?.normalize('NFC'),
      artist: given.artist?.normalize('NFC'),
      album: given.album?.normalize('NFC'),
    };
    const key = JSON.stringify([play.played_at, play.track, play.artist, play.ms_played ?? null]);
    if (!kept.has(key)) kept.set(key, play);
  }
  return [...kept.values()];
}

const genresIn = (csv: string): ArtistGenreRow[] =>
  (parse(readFileSync(join(SHARED, csv)), { columns: true }) as { artist: string; genre: string }[])
    .filter(({ genre }) => genre.trim() !== '')
    .map(({ artist, genre }) => ({ artist: artist.normalize('NFC'), genre: genre.normalize('NFC') }));

describe.skipIf(!existsSync(SHARED))(
  'real exports: every column is what the oracle says',
  { timeout: 180_000 },
  () => {
    test.each([
      ['spotify-extended-2022-2025.zip', 'extended', undefined, []],
      ['spotify-account-2021-2022.zip', 'account', undefined, []],
      ['spotify-account-2020-2022-with-genres.zip', 'account', 'artist-genres.csv', []],
      [
        'lastfm-scrobbles-2005-2015.zip',
        'lastfm',
        undefined,
        [
          { from: 2005, to: 2014 },
          { from: 2006, to: 2015 },
        ],
      ],
    ] as const)('%s, its years and decades', async (zip, format, genres, decades) => {
      const { dir, remove } = tempFolder();
      onTestFinished(remove);
      const places = { lake: join(dir, 'lake'), store: join(dir, 'store') };
      const database = await openDatabase();
      await importExports({
        paths: [join(SHARED, zip)],
        user: USER,
        lake: places.lake,
        session: await database.session(),
        genres: genres && join(SHARED, genres),
      });
      database.close();
      const own = (columns: ReadonlyMap<string, Record<string, unknown>>) =>
        Object.fromEntries(
          [...columns].flatMap(([column, values]) => (USER in values ? [[column, values[USER]]] : [])),
        );
      const found = own(await everyColumn(places));

      const plays = imported((await rowsOf<never>(zip)).map(READERS[format]));
      const history = { plays, ...(genres && { artistGenres: genresIn(genres) }) };
      const asked = { identity: 'title', fixedCuts: FIXED_CUTS } as const;
      const expected = oracle(history, asked);
      expect(Object.keys(found).length).toBeGreaterThan(genres === undefined ? 7 : 10);
      expect(found).toEqual(expected.get(USER));

      for (const period of decades) {
        const decade = own(await decadeColumns(places, { period }));
        expect(Object.keys(decade)).toEqual(
          expect.arrayContaining(DECADES.map((story) => `${story}#${periodName(period)}`)),
        );
        const reduced = decadeOracle(history, asked, period, expected).get(USER) ?? {};
        expect(decade).toEqual(
          Object.fromEntries(
            Object.entries(reduced).map(([story, value]) => [`${story}#${periodName(period)}`, value]),
          ),
        );
      }
    });

    test('the author of the scrobbles published the plays of three artists, every row counted', async () => {
      const plays = (await rowsOf<ScrobbleRow>('lastfm-scrobbles-2005-2015.zip')).map(READERS.lastfm);
      const count = (artist: string) => plays.filter((play) => play.artist === artist).length;
      expect(plays).toHaveLength(104_571);
      expect(imported(plays)).toHaveLength(104_571 - 292);
      expect(['Van Morrison', 'Frank Turner', 'Radiohead'].map(count)).toEqual([5707, 2789, 2743]);
    });
  },
);
