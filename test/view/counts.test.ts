import { expect, test } from 'vitest';
import { linesOf } from './rows.ts';

const told = (column: string, value: unknown): string =>
  linesOf({ [column]: value }, { period: column.split('#')[1] as string })
    .split('\n\n')
    .slice(1)
    .join('\n\n');

test('of a year', () => {
  const value = {
    plays: 4000,
    tracks: 1234,
    artists: 321,
    albums: 1,
    genres: 40,
    days: 250,
    plays_a_day: 16,
  };
  expect(told('counts#2019', value)).toMatchInlineSnapshot(`
    "  In numbers
      1,234 tracks, 321 artists, 1 album, 40 genres
      250 days with a play · 16 plays on each of these on average
    "
  `);
  expect(
    told('counts#2019', { ...value, albums: null, genres: null, plays_a_day: 1.2 }),
  ).toMatchInlineSnapshot(`
    "  In numbers
      1,234 tracks, 321 artists
      250 days with a play · 1 play on each of these on average
    "
  `);
  const nameless = { tracks: null, artists: null, albums: null, genres: null };
  expect(told('counts#2019', { ...value, ...nameless, days: 1 })).toMatchInlineSnapshot(`
    "  In numbers
      1 day with a play
      16 plays on each of these on average
    "
  `);
});

test('of a decade: a line per year', () => {
  const by_year = [
    { year: 2018, tracks: 900, artists: 300, albums: null, genres: null, days: 200 },
    { year: 2019, tracks: 1234, artists: 321, albums: 500, genres: 40, days: 250 },
  ];
  expect(
    told('counts#2010-2019', { plays: 7000, days: 450, plays_a_day: 15.5556, by_year }),
  ).toMatchInlineSnapshot(`
    "  In numbers · 16 plays a day with any
            tracks  artists  albums  genres  days
      2018     900      300                   200
      2019   1,234      321     500      40   250
    "
  `);
});
