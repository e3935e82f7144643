import { describe, expect, test } from 'vitest';
import { linesOf } from './rows.ts';

/** What is shown below the banner: the lines of one story. */
const told = (column: string, value: unknown): string => {
  const period = column.split('#')[1] as string;
  return linesOf({ [column]: value }, { period })
    .split('\n\n')
    .slice(1)
    .join('\n\n');
};

describe('top-fan', () => {
  const fan = {
    artist: 'ABBA',
    plays: 265,
    ms: 59_289_699,
    by: 'ms',
    place: 12,
    listeners: 4321,
    top: 0.0028,
  };

  test('of a year', () => {
    expect(told('top-fan#2019', fan)).toMatchInlineSnapshot(`
      "  Top fan
        You are number 12 of 4,321 listeners of ABBA
        in the top 0.28% · by time listened
      "
    `);
    expect(
      told('top-fan#2019', { ...fan, artist: null, artist_id: 'a1', by: 'plays' }),
    ).toMatchInlineSnapshot(`
      "  Top fan
        You are number 12 of 4,321 listeners of a1
        in the top 0.28% · by plays: not all lengths are known
      "
    `);
  });

  test('of a decade', () => {
    const years = [2018, 2019].map((year) => ({ ...fan, year }));
    expect(told('top-fan#2010-2019', { best: years[1], by_year: years })).toMatchInlineSnapshot(`
      "  Top fan
        In 2019 you were number 12 of 4,321 listeners of ABBA, in the top 0.28%
        Over the years: ABBA (top 0.28%) 2018–2019
      "
    `);
  });
});

describe('era', () => {
  const oldest = { year: 1969, track: 'Come Together', artist: 'The Beatles' };
  const newest = { year: 2019, track: null, artist: null, track_id: 't1' };
  const decades = [
    { decade: 1960, plays: 12, share: 0.0253, ms: null },
    { decade: 2010, plays: 462, share: 0.9747, ms: 1 },
  ];

  test('of a year', () => {
    expect(
      told('era#2019', { decades, median_year: 2016, oldest, newest, plays_with_date: 474 }),
    ).toMatchInlineSnapshot(`
      "  Eras · 2016 in the middle                                       plays  share
        1960s  █▍                                                          12   2.5%
        2010s  ███████████████████████████████████████████████████████    462    97%
        Oldest: Come Together by The Beatles (1969)
        Newest: t1 (2019)
      "
    `);
  });

  test('of a decade', () => {
    expect(told('era#2010-2019', { decades, oldest, newest, by_year: [] })).toMatchInlineSnapshot(`
      "  Eras                                                            plays  share
        1960s  █▍                                                          12   2.5%
        2010s  ███████████████████████████████████████████████████████    462    97%
        Oldest: Come Together by The Beatles (1969)
        Newest: t1 (2019)
      "
    `);
  });
});

describe('listening-age', () => {
  test('of a year', () => {
    const value = { age: 41, from: 1994, to: 1998, share: 0.23, share_of_all: 0.0912, plays: 1000 };
    expect(told('listening-age#2019', value)).toMatchInlineSnapshot(`
      "  Listening age
        Your listening age is 41
        music of 1994–1998 is 23% of your plays, 9.1% of everyone's
      "
    `);
  });

  test('of a decade', () => {
    const by_year = [2017, 2018, 2019].map((year) => ({ year, age: year - 1978, from: 1994, to: 1998 }));
    expect(told('listening-age#2010-2019', { by_year })).toMatchInlineSnapshot(`
      "  Listening age
        Your listening age was 41 in 2019
        Most yours: music of 1994–1998 in 2017–2019
      "
    `);
  });
});

describe('new-artists', () => {
  test('of a year', () => {
    const artists = [
      { artist: 'ABBA', plays: 12, ms: 3_600_000 },
      { artist: null, artist_id: 'a1', plays: 3, ms: null },
    ];
    expect(told('new-artists#2019', { new: 2, of: 31, share: 0.0645, artists })).toMatchInlineSnapshot(`
      "  New artists · 2 of 31, 6.5%                                    plays    time
        1  ABBA  ████████████████████████████████████████████████████     12  1h 00m
        2  a1    █████████████                                             3
      "
    `);
    expect(told('new-artists#2019', { new: 0, of: 31, share: 0, artists: [] })).toMatchInlineSnapshot(`
      "  New artists
        none
      "
    `);
  });

  test('of a decade', () => {
    const by_year = [
      { year: 2018, new: 12, of: 40 },
      { year: 2019, new: 2, of: 31 },
    ];
    expect(told('new-artists#2010-2019', { new: 14, by_year })).toMatchInlineSnapshot(`
      "  New artists · 14 artists                                             new  of
        2018  █████████████████████████████████████████████████████████████   12  40
        2019  ██████████▏                                                      2  31
      "
    `);
  });
});

describe('top-discovery', () => {
  test('of a year: ten of them', () => {
    const tracks = Array.from({ length: 12 }, (_, index) => ({
      track: index === 1 ? null : `Song ${index}`,
      artist: index === 1 ? null : 'ABBA',
      track_id: `t${index}`,
      plays: 20 - index,
      ms: index === 0 ? null : 3_600_000,
    }));
    const shown = told('top-discovery#2019', { tracks, distinct: 31 });
    expect(shown.trimEnd().split('\n')).toHaveLength(11);
    expect(shown.split('\n').slice(0, 3).join('\n')).toMatchInlineSnapshot(`
      "  Top discoveries · 31 tracks in all                             plays    time
         1  Song 0 · ABBA  ██████████████████████████████████████████     20
         2  t1             ███████████████████████████████████████▉       19  1h 00m"
    `);
  });

  test('of a decade', () => {
    const by_year = [
      { year: 2018, track: 'Waterloo', artist: 'ABBA', plays: 12 },
      { year: 2019, track: null, artist: null, track_id: 't1', plays: 9 },
    ];
    expect(told('top-discovery#2010-2019', { distinct: 14, by_year })).toMatchInlineSnapshot(`
      "  Top discoveries · 14 tracks, the first of each year                    plays
        2018  Waterloo · ABBA                                                     12
        2019  t1                                                                   9
      "
    `);
  });
});

describe('loyalty', () => {
  const most_months = { artist: 'ABBA', months: 11, plays: 40, ms: null };

  test('of a year', () => {
    const artists = [
      { artist: 'ABBA', place: 1, last_place: 3 },
      { artist: null, artist_id: 'a1', place: 4, last_place: 1 },
    ];
    expect(told('loyalty#2019', { kept: { still: 2, of: 10, artists }, most_months })).toMatchInlineSnapshot(`
      "  Loyalty
        2 of the 10 top artists of the year before
        still ABBA, a1 · ABBA in 11 months
      "
    `);
    expect(
      told('loyalty#2019', { kept: { still: 0, of: 1, artists: [] }, most_months: null }),
    ).toMatchInlineSnapshot(`
      "  Loyalty
        0 of the 1 top artist of the year before
      "
    `);
    expect(told('loyalty#2019', { kept: null, most_months })).toMatchInlineSnapshot(`
      "  Loyalty
        ABBA in 11 months
      "
    `);
  });

  test('of a decade', () => {
    const by_year = [
      { year: 2018, still: null, of: null, most_months },
      { year: 2019, still: 2, of: 10, most_months: null },
    ];
    expect(told('loyalty#2010-2019', { by_year })).toMatchInlineSnapshot(`
      "  Loyalty
                 kept  in most months  months
        2018           ABBA                11
        2019  2 of 10
      "
    `);
  });
});

describe('comeback', () => {
  const abba = { artist: 'ABBA', plays: 40, ms: null, last: '2016-02-01', again: '2019-03-05', days: 1128 };
  const other = { ...abba, artist: null, artist_id: 'a1', plays: 3, last: '2018-03-05', days: 365 };

  test('of a year', () => {
    expect(told('comeback#2019', { back: 12, artists: [abba, other], longest: abba })).toMatchInlineSnapshot(`
      "  Comebacks · 12 artists after a year or longer                          plays
        1  ABBA  ████████████████████████████████████████████████████████████     40
        2  a1    ████▌                                                             3
        Longest: ABBA after 1,128 days, on March 5, 2019
      "
    `);
  });

  test('of a decade', () => {
    const by_year = [
      { year: 2018, back: 30 },
      { year: 2019, back: 12 },
    ];
    expect(told('comeback#2010-2019', { back: 42, longest: abba, by_year })).toMatchInlineSnapshot(`
      "  Comebacks · 42 in all                                                artists
        2018  █████████████████████████████████████████████████████████████       30
        2019  ████████████████████████▍                                           12
        Longest: ABBA after 1,128 days, on March 5, 2019
      "
    `);
  });
});

describe('tastemaker', () => {
  test('of a year', () => {
    const tracks = [
      { track: 'Waterloo', artist: 'ABBA', first: '2019-03-05', days: 101 },
      { track: null, artist: null, track_id: 't1', first: '2019-10-05', days: 0 },
    ];
    expect(told('tastemaker#2019', { early: 2, of: 37, tracks })).toMatchInlineSnapshot(`
      "  Tastemaker
        early to 2 of 37 most played tracks
                         since                                            days early
        Waterloo · ABBA  March 5                                                 101
        t1               October 5                                                 0
      "
    `);
    expect(told('tastemaker#2019', { early: 0, of: 37, tracks: [] })).toMatchInlineSnapshot(`
      "  Tastemaker
        early to 0 of 37 most played tracks
      "
    `);
  });

  test('of a decade', () => {
    const by_year = [
      { year: 2018, early: 12, of: 40 },
      { year: 2019, early: 2, of: 37 },
    ];
    expect(told('tastemaker#2010-2019', { early: 14, of: 77, by_year })).toMatchInlineSnapshot(`
      "  Tastemaker · 14 of 77                                              early  of
        2018  ███████████████████████████████████████████████████████████     12  40
        2019  █████████▉                                                       2  37
      "
    `);
  });
});

describe('evolution', () => {
  test('of a year', () => {
    const phases = [
      {
        from: 1,
        to: 4,
        artists: [
          { artist: 'ABBA', plays: 12 },
          { artist: null, artist_id: 'a1', plays: 3 },
        ],
        genre: { genre: 'pop', plays: 30 },
      },
      { from: 6, to: 6, artists: [{ artist: 'Volbeat', plays: 12 }], genre: null },
    ];
    expect(told('evolution#2019', { phases })).toMatchInlineSnapshot(`
      "  Music evolution
        Jan–Apr  ABBA, a1 · pop
        Jun      Volbeat
      "
    `);
  });

  test('of a decade', () => {
    const by_year = [
      { year: 2018, phases: [{ from: 2, to: 12, artist: 'ABBA' }] },
      {
        year: 2019,
        phases: [
          { from: 1, to: 4, artist: null, artist_id: 'a1' },
          { from: 5, to: 12, artist: 'Volbeat' },
        ],
      },
    ];
    expect(told('evolution#2010-2019', { by_year })).toMatchInlineSnapshot(`
      "  Music evolution
        2018  ABBA (Feb–Dec)
        2019  a1 (Jan–Apr), Volbeat (May–Dec)
      "
    `);
  });
});

describe('remarkable-day', () => {
  const of = (day: string, why: string, rest = {}) => ({ day, why, minutes: 303, plays: 12, ...rest });

  test('of a year', () => {
    const days = [
      of('2019-03-05', 'most-minutes'),
      of('2019-03-06', 'new-artists', { new_artists: 7 }),
      of('2019-03-07', 'top-artist', { artist: 'ABBA', of_artist: 1 }),
      of('2019-03-08', 'top-genre', { genre: 'pop', of_genre: 11 }),
      of('2019-03-09', 'nostalgic', { release_year: 1973.6364 }),
      of('2019-03-10', 'unlike', { share: 0.9091 }),
      of('2019-01-01', 'new-year'),
      of('2019-03-11', 'most-minutes', { minutes: null }),
    ];
    expect(told('remarkable-day#2019', { days })).toMatchInlineSnapshot(`
      "  Remarkable days
        March 5    most music: 5 hours and 3 minutes
        March 6    7 new artists
        March 7    1 play of ABBA
        March 8    11 plays of pop
        March 9    music of 1973 on average
        March 10   unlike you: 91% by artists of no other day
        January 1  New Year's Day: 12 plays
        March 11   most music: 12 plays
      "
    `);
  });

  test('of a decade', () => {
    const by_year = [
      { year: 2018, days: [{ day: '2018-03-05', why: 'most-minutes' }] },
      {
        year: 2019,
        days: [
          { day: '2019-12-24', why: 'most-minutes' },
          { day: '2019-01-01', why: 'new-year' },
        ],
      },
    ];
    expect(told('remarkable-day#2010-2019', { by_year })).toMatchInlineSnapshot(`
      "  Remarkable days
        2018  March 5
        2019  December 24, January 1
      "
    `);
  });
});
