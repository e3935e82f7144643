import { describe, expect, test } from 'vitest';
import { linesOf } from './rows.ts';

const PERIOD = '2017-2019';
const YEARS = [2017, 2018, 2019];

const minutes = {
  minutes: 60_000,
  plays: 20_000,
  years: YEARS.map((year, index) => ({ year, minutes: 10_000 * (index + 1), plays: 4000 * (index + 1) })),
  biggest: 2019,
  first: 2017,
};

const artists = {
  artists: [
    { artist: 'Volbeat', plays: 512, ms: 108_000_000 },
    { artist: '坂本龍一', plays: 300, ms: null },
  ],
  distinct: 2041,
  by_year: YEARS.map((year) => ({ year, artist: year === 2018 ? '坂本龍一' : 'Volbeat', plays: 200 })),
  faithful: { artist: 'Volbeat', years: 3, plays: 500 },
  exact: true,
};

const tracks = {
  tracks: [{ track: 'Still Counting', artist: 'Volbeat', plays: 90, ms: 21_000_000 }],
  distinct: 9000,
  by_year: [{ year: 2019, track: 'Still Counting', artist: 'Volbeat', plays: 50 }],
  exact: true,
};

const genres = {
  genres: [{ genre: 'metal', plays: 512, ms: null }],
  distinct: 40,
  by_year: [
    { year: 2017, genre: 'metal', plays: 9 },
    { year: 2018, genre: 'metal', plays: 9 },
    { year: 2019, genre: 'pop', plays: 9 },
  ],
  exact: true,
};

const personality = {
  code: 'FNVC',
  name: 'Fan Clubber',
  axes: { familiarity: 0.02, newness: 0.4, variety: 0.9995, popularity: 0.95 },
  plays: 20_000,
  by_year: [
    { year: 2017, code: 'ENVU', name: 'Adventurer' },
    { year: 2019, code: 'FNVC', name: 'Fan Clubber' },
  ],
};

const row = {
  [`minutes#${PERIOD}`]: minutes,
  [`top-artist#${PERIOD}`]: artists,
  [`top-track#${PERIOD}`]: tracks,
  [`top-genre#${PERIOD}`]: genres,
  [`listening-personality#${PERIOD}`]: personality,
};

const shown = (columns: Readonly<Record<string, unknown>>, note?: unknown) =>
  linesOf(columns, { period: PERIOD, ...(note === undefined ? {} : { note: () => note }) });

describe('a decade', () => {
  test('shows the sum, the number one of each year, and its lists', () => {
    expect(shown(row)).toMatchInlineSnapshot(`
      "
        ▀▀█ █▀█ ▀█  ▀▀█     ▀▀█ █▀█ ▀█  █▀█   me
        █▀▀ █ █  █    █ ▀▀▀ █▀▀ █ █  █  ▀▀█   Wrapped 2017-2019
        ▀▀▀ ▀▀▀ ▀▀▀   ▀     ▀▀▀ ▀▀▀ ▀▀▀ ▀▀▀

        60,000 minutes, that is 41 days and 16 hours
        20,000 plays · most of them in 2019

        Year by year                             minutes  top artist  top track
        2017  ███████████                         10,000  Volbeat
        2018  ██████████████████████              20,000  坂本龍一
        2019  █████████████████████████████████   30,000  Volbeat     Still Counting

        Top artists · 2,041 in all                                    plays     time
        1  Volbeat   ███████████████████████████████████████████████    512  30h 00m
        2  坂本龍一  ███████████████████████████▌                       300
        Most faithful: Volbeat, in the top ten of 3 years

        Top tracks · 9,000 in all                                      plays    time
        1  Still Counting · Volbeat  ████████████████████████████████     90  5h 50m

        Top genres · 40 in all                                                 plays
        1  metal  ███████████████████████████████████████████████████████████    512
        Number one: metal 2017–2018, pop 2019

        Listening personality · FNVC
        Fan Clubber
        True to favourite artists, quick to new songs, seldom the same song twice,
        with the crowd

         Exploration  ─────────┼─●───────  Familiarity  same artist again 1 in 50
        Timelessness  ─────────┼────●────  Newness      40% new
             Loyalty  ─────────┼───●─────  Variety      same track again 1 in 2,000
          Uniqueness  ─────────┼───●─────  Commonality  above 95% of artists
                               └ a typical listener
        Over the years: Adventurer (ENVU) 2017, Fan Clubber (FNVC) 2019
      "
    `);
  });

  test('says what it goes without, and which lists are bounds', () => {
    const bounds = {
      ...artists,
      artists: [{ artist: 'Volbeat', ms: null, plays_min: 480, plays_max: 530 }],
      distinct: undefined,
      exact: false,
    };
    const told = shown(
      { [`top-artist#${PERIOD}`]: bounds },
      { years: [2017, 2019], without: [2018], exact: false },
    );
    expect(told).toContain('Partial, without 2018: Top artists');
    expect(told).toContain('Not exact, from the lists of each year alone: Top artists');
    expect(told).toMatch(/at least\s+at most/);
    expect(told).toMatch(/Volbeat .* 480 +530/);
  });

  test('without any known length shows plays', () => {
    const untimed = {
      ...minutes,
      minutes: null,
      years: minutes.years.map((year) => ({ ...year, minutes: null })),
    };
    const told = shown({ [`minutes#${PERIOD}`]: untimed });
    expect(told).toContain('20,000 plays, lengths unknown');
    expect(told).toMatch(/2019 .* 12,000/);
  });

  test.each([
    [59, '59 minutes'],
    [0, '0 minutes'],
    [1, '1 minute'],
  ])('of %i minutes leaves hours and days out, as a year does', (value, told) => {
    const short = {
      minutes: value,
      plays: 1,
      years: [{ year: 2019, minutes: value, plays: 1 }],
      biggest: 2019,
      first: 2019,
    };
    expect(shown({ [`minutes#${PERIOD}`]: short })).toContain(`  ${told}\n  1 play\n`);
  });

  test('of a single year without lengths has no empty line where nothing is to be said', () => {
    const bare = {
      minutes: null,
      plays: 2,
      years: [{ year: 2019, minutes: null, plays: 2 }],
      biggest: 2019,
      first: 2019,
    };
    expect(shown({ [`minutes#${PERIOD}`]: bare })).toContain('2 plays, lengths unknown\n\n  Year by year');
  });

  test('of a single year says nothing of years', () => {
    const told = shown({
      [`top-artist#${PERIOD}`]: { ...artists, by_year: artists.by_year.slice(2) },
      [`top-genre#${PERIOD}`]: { ...genres, by_year: genres.by_year.slice(2) },
    });
    expect(told).not.toContain('faithful');
    expect(told).not.toContain('Number one');
  });
});
