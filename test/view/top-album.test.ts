import { expect, test } from 'vitest';
import { linesOf } from './rows.ts';

const told = (column: string, value: unknown): string =>
  linesOf({ [column]: value }, { period: column.split('#')[1] as string })
    .split('\n\n')
    .slice(1)
    .join('\n\n');

const arrival = { album: 'Arrival', artist: 'ABBA', album_id: 'al1', plays: 120, ms: 25_200_000 };
const hits = { album: 'Hits', artist: null, plays: 20, ms: null };
const nameless = { album: null, artist: null, album_id: 'al2', plays: 1, ms: 60_000 };

test('of a year, with how many of its tracks', () => {
  const albums = [
    { ...arrival, tracks: 10, of: 12 },
    { ...hits, tracks: 8, of: 15 },
    { ...nameless, tracks: 2, of: 2 },
  ];
  expect(told('top-album#2019', { albums, distinct: 31 })).toMatchInlineSnapshot(`
    "  Top albums · 31 heard most of                        plays    time    tracks
      1  Arrival · ABBA  ████████████████████████████████    120  7h 00m  10 of 12
      2  Hits            █████▍                               20           8 of 15
      3  al2             ▎                                     1      1m    2 of 2
    "
  `);
});

test('of a decade', () => {
  const by_year = [{ year: 2019, album: 'Arrival', artist: 'ABBA', plays: 120 }];
  expect(
    told('top-album#2010-2019', { albums: [arrival, hits], distinct: 2, by_year, exact: true }),
  ).toMatchInlineSnapshot(`
    "  Top albums · 2 in all                                          plays    time
      1  Arrival · ABBA  ██████████████████████████████████████████    120  7h 00m
      2  Hits            ███████                                        20
    "
  `);
});
