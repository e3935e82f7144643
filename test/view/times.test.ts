import { describe, expect, test } from 'vitest';
import { linesOf } from './rows.ts';

const told = (story: string, value: unknown, width = 80) =>
  linesOf({ [`${story}#2019`]: value }, { width })
    .split('\n')
    .slice(5)
    .join('\n');

const decade = (story: string, value: unknown) =>
  linesOf({ [`${story}#2010-2019`]: value }, { period: '2010-2019' })
    .split('\n')
    .slice(5)
    .join('\n');

describe('days and hours', () => {
  test('weekday', () => {
    const value = {
      weekdays: [120, 98, 0, 143, 1204, 301, 77],
      peak: { weekday: 'Friday', plays: 1204, share: 0.6197 },
    };
    expect(told('weekday', value)).toMatchInlineSnapshot(`
      "  Your week · Friday 62%                                                 plays
        Monday     █████▊                                                        120
        Tuesday    ████▊                                                          98
        Wednesday                                                                  0
        Thursday   ██████▉                                                       143
        Friday     ██████████████████████████████████████████████████████████  1,204
        Saturday   ██████████████▌                                               301
        Sunday     ███▊                                                           77
      "
    `);
  });

  test('clock', () => {
    const hours = [
      12, 3, 0, 0, 0, 1, 20, 60, 80, 50, 40, 40, 55, 45, 40, 50, 70, 120, 160, 140, 90, 70, 40, 20,
    ];
    const value = { hours, peak: { hour: 18, plays: 160, share: 0.1357 } };
    expect(told('clock', value)).toMatchInlineSnapshot(`
      "  Your day · 18:00 14%
        ▁▁▁▁▁▁         ▁▁▁▁▁▁▃▃▃▄▄▄▃▃▃▂▂▂▂▂▂▃▃▃▃▃▃▂▂▂▃▃▃▄▄▄▆▆▆███▇▇▇▅▅▅▄▄▄▂▂▂▁▁▁
        00:00             06:00             12:00             18:00
      "
    `);
    expect(told('clock', value, 48)).toMatchInlineSnapshot(`
      "  Your day · 18:00 14%
        ▁▁   ▁▁▃▄▃▂▂▃▃▂▃▄▆█▇▅▄▂▁
        00:00 06:00 12:00 18:00
      "
    `);
  });

  const longest = { days: 17, from: '2019-03-03', to: '2019-03-19' };

  test('streak', () => {
    const of_artist = { artist: 'ABBA', days: 1, from: '2019-03-03', to: '2019-03-03' };
    expect(told('streak', { longest, of_artist })).toMatchInlineSnapshot(`
      "  Longest streak
        Music on 17 days on end
        March 3 to March 19 · 1 day of ABBA, on March 3
      "
    `);
    expect(
      told('streak', { longest: { ...longest, days: 1, to: longest.from }, of_artist: null }),
    ).toMatchInlineSnapshot(`
      "  Longest streak
        Music on 1 day
        on March 3
      "
    `);
    expect(decade('streak', { longest, of_artist, exact: true })).toMatchInlineSnapshot(`
      "  Longest streak
        Music on 17 days on end
        March 3, 2019 to March 19, 2019 · 1 day of ABBA, on March 3, 2019
      "
    `);
  });

  test('repeat', () => {
    const in_a_day = { track: 'Waterloo', artist: 'ABBA', plays: 12, day: '2019-03-05' };
    const in_a_row = { track: null, track_id: 't1', artist: null, plays: 7, day: '2019-12-31' };
    expect(told('repeat', { in_a_day, in_a_row })).toMatchInlineSnapshot(`
      "  On repeat
        Waterloo by ABBA, 12 times on March 5
        t1, 7 times in a row on December 31
      "
    `);
    expect(told('repeat', { in_a_day: null, in_a_row })).toMatchInlineSnapshot(`
      "  On repeat
        t1, 7 times in a row on December 31
      "
    `);
    expect(decade('repeat', { in_a_day, in_a_row: null })).toMatchInlineSnapshot(`
      "  On repeat
        Waterloo by ABBA, 12 times on March 5, 2019
      "
    `);
  });

  test('session', () => {
    const value = { sessions: 214, ms: 1, mean_minutes: 47.4967 };
    expect(
      told('session', { ...value, longest: { minutes: 312, ms: 1, plays: 88, day: '2019-03-05' } }),
    ).toMatchInlineSnapshot(`
      "  Listening sessions
        214 sessions
        47 minutes on average · the longest 5 hours and 12 minutes with 88 plays on
        March 5
      "
    `);
    expect(
      decade('session', { ...value, longest: { minutes: 0, ms: 1, plays: 1, day: '2019-03-05' } }),
    ).toMatchInlineSnapshot(`
      "  Listening sessions
        214 sessions
        47 minutes on average · the longest less than a minute with 1 play on March
        5, 2019
      "
    `);
  });

  test('song-story', () => {
    const song = { track: 'Waterloo', artist: 'ABBA', plays: 54, first: '2019-01-03' };
    const months = [12, 8, 4, 0, 0, 1, 2, 3, 4, 5, 6, 9];
    const milestones = [
      { plays: 10, day: '2019-01-28' },
      { plays: 50, day: '2019-12-24' },
    ];
    expect(told('song-story', { ...song, months, milestones })).toMatchInlineSnapshot(`
      "  The story of a song
        Waterloo by ABBA
        54 plays · the first on January 3 · the 10th on January 28 · the 50th on
        December 24

        ███ ▆▆▆ ▃▃▃         ▁▁▁ ▂▂▂ ▂▂▂ ▃▃▃ ▄▄▄ ▄▄▄ ▆▆▆
        Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec
      "
    `);
    const by_year = [
      { year: 2018, ...song, plays: 1 },
      { year: 2019, ...song },
    ];
    expect(decade('song-story', { by_year })).toMatchInlineSnapshot(`
      "  The story of a song
        2018  Waterloo by ABBA                                                1 play
        2019  Waterloo by ABBA                                              54 plays
      "
    `);
  });

  test('biggest-day', () => {
    const value = {
      day: '2019-03-05',
      minutes: 312,
      ms: 1,
      plays: 88,
      track: { track: 'Waterloo', artist: 'ABBA', plays: 1 },
      artist: { artist: 'ABBA', plays: 20 },
      new_artists: { day: '2019-07-01', artists: 14 },
    };
    expect(told('biggest-day', value)).toMatchInlineSnapshot(`
      "  Biggest day
        5 hours and 12 minutes on March 5
        88 plays · top artist ABBA (20 plays) · top track Waterloo by ABBA · most
        new artists (14) on July 1
      "
    `);
    expect(decade('biggest-day', value)).toMatchInlineSnapshot(`
      "  Biggest day
        5 hours and 12 minutes on March 5, 2019
        88 plays · top artist ABBA (20 plays) · top track Waterloo by ABBA · most
        new artists (14) on July 1, 2019
      "
    `);
    const quiet = { ...value, minutes: null, ms: null, track: null, artist: null, new_artists: null };
    expect(told('biggest-day', quiet)).toMatchInlineSnapshot(`
      "  Biggest day
        88 plays on March 5
      "
    `);
  });

  test('audio-day', () => {
    const value = {
      morning: { genre: 'ambient', plays: 4, share: 0.4 },
      midday: null,
      evening: { genre: 'alternative rock', plays: 9, share: 0.25 },
      night: { genre: 'jazz', plays: 1, share: 1 },
    };
    expect(told('audio-day', value)).toMatchInlineSnapshot(`
      "  Audio day                                                              share
        morning  ambient           ████████████████▊                             40%
        evening  alternative rock  ██████████▌                                   25%
        night    jazz              ██████████████████████████████████████████   100%
      "
    `);
    const by_year = [
      { year: 2018, morning: 'ambient', midday: null, evening: 'alternative rock', night: 'jazz' },
      { year: 2019, morning: 'pop', midday: 'pop', evening: 'metal', night: null },
    ];
    expect(decade('audio-day', { by_year })).toMatchInlineSnapshot(`
      "  Audio day
              morning  midday  evening           night
        2018  ambient          alternative rock  jazz
        2019  pop      pop     metal
      "
    `);
  });
});
