import { describe, expect, test } from 'vitest';
import { renderRow } from '../../src/view/render-row.ts';
import { axesOnly, busiestDay, linesOf, minutes, topArtist, topTrack, year } from './rows.ts';

const MISSING = 'listening-personality#2019';

describe('a row', () => {
  test('of several years: the newest in full, then all', () => {
    const columns = { ...year('2017', 40_111, 1), ...year('2018', 92_311, 2), ...year('2019') };
    expect(linesOf(columns)).toMatchInlineSnapshot(`
      "
        ▀▀█ █▀█ ▀█  █▀█   me
        █▀▀ █ █  █  ▀▀█   Wrapped 2019
        ▀▀▀ ▀▀▀ ▀▀▀ ▀▀▀

        12,345 minutes, that is 8 days and 13 hours
        4,924 plays · 5,100 listens

        Top artists · 507 in all                                      plays     time
        1  Volbeat                 █████████████████████████████████    265  16h 28m
        2  Metallica               █████████████████████████            201  12h 29m
        3  坂本龍一                ███████████████                      120   7h 27m
        4  Florence + The Machine  ████████████▋                        101   6h 16m
        5  ‎שלמה ארצי‎               ██████▉                               55
        6  🎸 The Emoji Band       █▌                                    12      44m

        Top tracks · 1,900 in all                                      plays    time
        1  Still Counting · Volbeat                          ████████     31  2h 11m
        2  Merry Christmas Mr. Lawrence · 坂本龍一           ███████▎     28  1h 58m
        3  Dog Days Are Over · Florence + The Machine        █████▏       20  1h 24m
        4  Storm: Lift Yr. Skinny… · Godspeed You! Black E…  ▎             1      4m

        Top genres · 40 in all                                          plays  share
        1  metal             █████████████████████████████████████████    411    21%
        2  alternative rock  █████████████████████████████▉               300    15%
        3  post-rock         █████                                         50   2.6%

        Listening personality · FNVC
        Fan Clubber
        True to favourite artists, quick to new songs, seldom the same song twice,
        with the crowd

         Exploration  ──────────┼──●───────  Familiarity  same artist again 1 in 38
        Timelessness  ──────────┼────●─────  Newness      40% new
             Loyalty  ──────────┼●─────────  Variety      same track again 1 in 370
          Uniqueness  ──────────┼─●────────  Commonality  above 93% of artists
                                └ a typical listener

        All years                  minutes  top artist  top track
        2017  ████████▎             40,111  Metallica   Merry Christmas Mr. Lawrence
        2018  ███████████████████   92,311  坂本龍一    Dog Days Are Over
        2019  ██▌                   12,345  Volbeat     Still Counting
      "
    `);
  });

  test('at 60 columns', () => {
    const columns = { ...year('2017', 40_111, 1), ...year('2018', 92_311, 2), ...year('2019') };
    expect(linesOf(columns, { width: 60 })).toMatchInlineSnapshot(`
      "
        ▀▀█ █▀█ ▀█  █▀█   me
        █▀▀ █ █  █  ▀▀█   Wrapped 2019
        ▀▀▀ ▀▀▀ ▀▀▀ ▀▀▀

        12,345 minutes, that is 8 days and 13 hours
        4,924 plays · 5,100 listens

        Top artists · 507 in all                  plays     time
        1  Volbeat                 █████████████    265  16h 28m
        2  Metallica               █████████▉       201  12h 29m
        3  坂本龍一                █████▉           120   7h 27m
        4  Florence + The Machine  █████            101   6h 16m
        5  ‎שלמה ארצי‎               ██▊               55
        6  🎸 The Emoji Band       ▋                 12      44m

        Top tracks · 1,900 in all                  plays    time
        1  Still Counting · Volbeat                   31  2h 11m
        2  Merry Christmas Mr. Lawren… · 坂本龍一     28  1h 58m
        3  Dog Days Are Over · Florence + The Ma…     20  1h 24m
        4  Storm: Lift Yr. Sk… · Godspeed You! B…      1      4m

        Top genres · 40 in all                      plays  share
        1  metal             █████████████████████    411    21%
        2  alternative rock  ███████████████▍         300    15%
        3  post-rock         ██▌                       50   2.6%

        Listening personality · FNVC
        Fan Clubber
        True to favourite artists, quick to new songs, seldom
        the same song twice, with the crowd

         Exploration  ──────────┼──●───────  Familiarity  0.0261
        Timelessness  ──────────┼────●─────  Newness      0.4
             Loyalty  ──────────┼●─────────  Variety      0.9973
          Uniqueness  ──────────┼─●────────  Commonality  0.93
                                └ a typical listener

        All years       minutes  top artist  top track
        2017  ███▌       40,111  Metallica   Merry Christmas Mr…
        2018  ████████   92,311  坂本龍一    Dog Days Are Over
        2019  █▏         12,345  Volbeat     Still Counting
      "
    `);
  });

  test('of a year asked for shows that year alone', () => {
    const shown = linesOf({ ...year('2018', 92_311), ...year('2019') }, { period: '2018' });
    expect(shown).toContain('Wrapped 2018');
    expect(shown).toContain('92,311 minutes, that is 64 days and 2 hours');
    expect(shown).not.toContain('2019');
    expect(shown).not.toContain('All years');
  });

  test('of one year has no overview', () => {
    expect(linesOf(year('2019'))).not.toContain('All years');
  });

  test('with minutes alone', () => {
    expect(linesOf({ 'minutes#2018': minutes(0, 1), 'minutes#2019': minutes(61, 1) })).toMatchInlineSnapshot(`
      "
        ▀▀█ █▀█ ▀█  █▀█   me
        █▀▀ █ █  █  ▀▀█   Wrapped 2019
        ▀▀▀ ▀▀▀ ▀▀▀ ▀▀▀

        61 minutes, that is 1 hour and 1 minute
        1 play

        All years                                                            minutes
        2018                                                                       0
        2019  █████████████████████████████████████████████████████████████       61
      "
    `);
  });

  test('of scrobbles, whose lengths are unknown, charts plays', () => {
    const columns = {
      'minutes#2018': minutes(null, 2000),
      'top-artist#2018': topArtist(['Metallica', 80, null]),
      'minutes#2019': minutes(null),
      'top-artist#2019': topArtist(['Volbeat', 265, null], ['Metallica', 201, null]),
    };
    expect(linesOf(columns)).toMatchInlineSnapshot(`
      "
        ▀▀█ █▀█ ▀█  █▀█   me
        █▀▀ █ █  █  ▀▀█   Wrapped 2019
        ▀▀▀ ▀▀▀ ▀▀▀ ▀▀▀

        4,924 plays, lengths unknown

        Top artists · 507 in all                                               plays
        1  Volbeat    ███████████████████████████████████████████████████████    265
        2  Metallica  █████████████████████████████████████████▊                 201

        All years                                                  plays  top artist
        2018  ████████████████████▊                                2,000  Metallica
        2019  ███████████████████████████████████████████████████  4,924  Volbeat
      "
    `);
  });

  test('of years with and without lengths charts minutes, and says plays where there are none', () => {
    const shown = linesOf({ 'minutes#2018': minutes(null, 2000), 'minutes#2019': minutes(5000) });
    expect(shown).toMatch(/^ {2}2018 +2,000 plays$/m);
    expect(shown).toMatch(/^ {2}2019 {2}█+ +5,000$/m);
  });

  test('with some lengths unknown says how many', () => {
    const shown = linesOf({ 'minutes#2019': { ...minutes(100), unknown_length: 1 } });
    expect(shown).toContain('4,924 plays · 1 length unknown');
  });

  test('without the year asked for says so', () => {
    expect(linesOf(year('2019'), { period: '2010' })).toContain('Nothing to tell of 2010.');
  });

  test('without any year says so', () => {
    expect(linesOf({})).toMatchInlineSnapshot(`
      "
        me

        No year to show.
      "
    `);
  });

  test('a decade is no year, but can be asked for', () => {
    const columns = { ...year('2019'), 'minutes#2010-2019': { minutes: 600_000, biggest: 2016 } };
    expect(linesOf(columns)).not.toContain('600,000');
    expect(linesOf(columns, { period: '2010-2019' })).toMatchInlineSnapshot(`
      "
        ▀▀█ █▀█ ▀█  █▀█     ▀▀█ █▀█ ▀█  █▀█   me
        █▀▀ █ █  █  █ █ ▀▀▀ █▀▀ █ █  █  ▀▀█   Wrapped 2010-2019
        ▀▀▀ ▀▀▀ ▀▀▀ ▀▀▀     ▀▀▀ ▀▀▀ ▀▀▀ ▀▀▀

        Minutes listened
        minutes  600,000
        biggest  2,016
      "
    `);
  });
});

describe('a listener whose personality is not told', () => {
  const columns = { 'minutes#2019': minutes(12_345), ...axesOnly };

  test('sees the axes that are known, and why', () => {
    const reason = (name: string) => (name === MISSING ? 'no release dates in this lake' : undefined);
    expect(linesOf(columns, { missing: reason })).toMatchInlineSnapshot(`
      "
        ▀▀█ █▀█ ▀█  █▀█   me
        █▀▀ █ █  █  ▀▀█   Wrapped 2019
        ▀▀▀ ▀▀▀ ▀▀▀ ▀▀▀

        12,345 minutes, that is 8 days and 13 hours
        4,924 plays

        How you listen
         Exploration  ─────────●┼──────────  Familiarity  same artist again 1 in 76
        Timelessness  ──────────┼──────────  Newness      not known
             Loyalty  ────────●─┼──────────  Variety      same track again 1 in 769
          Uniqueness  ──────────┼──────────  Commonality  not known
                                └ a typical listener

        Listening personality: not told (no release dates in this lake)
      "
    `);
  });

  test('sees no reason where none is known', () => {
    expect(linesOf(columns)).not.toContain('not told');
  });

  test('is told once where the axes are missing too', () => {
    const shown = linesOf({ 'minutes#2019': minutes(3, 1) }, { missing: () => 'fewer than 30 plays' });
    expect(shown).toContain('Listening personality: not told (fewer than 30 plays)');
    expect(shown).not.toContain('How you listen');
  });
});

describe('a slider', () => {
  const slider = (popularity: number, code: string, note?: unknown) =>
    linesOf(
      {
        [MISSING]: {
          code,
          name: 'x',
          axes: { familiarity: 0.02, newness: 0, variety: 1, popularity },
        },
      },
      { note: () => note },
    );

  test('has its mark on the side that the code says, the extremes at the ends', () => {
    expect(slider(0.9, 'FTVC')).toMatchInlineSnapshot(`
      "
        ▀▀█ █▀█ ▀█  █▀█   me
        █▀▀ █ █  █  ▀▀█   Wrapped 2019
        ▀▀▀ ▀▀▀ ▀▀▀ ▀▀▀

        Listening personality · FTVC
        x
        True to favourite artists, at home in songs of any age, seldom the same song
        twice, with the crowd

         Exploration  ────────┼─●──────  Familiarity  same artist again 1 in 50
        Timelessness  ●───────┼────────  Newness      0% new
             Loyalty  ────────┼───────●  Variety      same track again almost never
          Uniqueness  ────────┼●───────  Commonality  above 90% of artists
                              └ a typical listener
      "
    `);
    expect(slider(0.9, 'FTVU')).toMatch(/Uniqueness {2}─+●┼─+ {2}Commonality/);
  });

  test('is drawn about the cuts that the column was made with', () => {
    const note = {
      cuts: 'population',
      users: 12_345,
      familiarity: 0.02,
      newness: 0.25,
      variety: 0.99,
      popularity: 0.5,
    };
    const shown = slider(0.9, 'FTVC', note);
    expect(shown).toContain('the median of 12,345 listeners');
    expect(shown).toMatch(/Uniqueness {2}─+┼─{6}●─ {2}Commonality/);
  });
});

describe("a story of a user's own", () => {
  test('is readable', () => {
    const stories = [{ id: 'busiest-day', title: 'Busiest day' }];
    expect(linesOf(busiestDay, { stories })).toMatchInlineSnapshot(`
      "
        ▀▀█ █▀█ ▀█  █▀█   me
        █▀▀ █ █  █  ▀▀█   Wrapped 2019
        ▀▀▀ ▀▀▀ ▀▀▀ ▀▀▀

        Busiest day
        date    2019-03-05
        year    2019
        plays   1,204
        time    34h 17m
        live    yes
        guests  none
        seasons
          spring, winter
        weekdays
          day      artist   plays   share
          Monday   ABBA        12  0.2341
          Tuesday  unknown  1,200     0.5
        best
          artist  ABBA
          first
            track  Waterloo
            plays  3
      "
    `);
  });

  test('that is not among the stories is shown under its id', () => {
    expect(linesOf(busiestDay)).toContain('\n  busiest-day\n');
  });

  test.each([
    ['a number', 42_000, '42,000'],
    ['a text', 'rainy', 'rainy'],
    ['null', null, 'unknown'],
    ['an empty list', [], 'none'],
    ['lists in a list', [[1, 2], ['a']], '1, 2, a'],
  ])('may be %s', (_, value, shown) => {
    expect(linesOf({ 'mood#2019': value })).toMatch(new RegExp(`\\n  mood\\n  ${shown}\\n$`));
  });

  test('shows the start of a long list', () => {
    const days = Array.from({ length: 365 }, (_, day) => ({ day: `day ${day + 1}`, plays: day }));
    const shown = linesOf({ 'days#2019': { days } });
    expect(shown).toContain('day 31');
    expect(shown).not.toContain('day 32');
    expect(shown).toContain('… and 334 more');
  });

  test('with the id of a known one is shown as what it is', () => {
    expect(linesOf({ 'minutes#2019': { slept: 480 } })).toMatch(/Minutes listened\n {2}slept {2}480\n/);
  });
});

describe('names', () => {
  test('that are missing or blank are said to be', () => {
    const shown = linesOf({ 'top-track#2019': topTrack([null, null, 2], [' ', 'ABBA', 1]) });
    expect(shown).toMatch(/1 {2}\(no name\) /);
    expect(shown).toMatch(/2 {2}\(no name\) · ABBA /);
  });

  test('cannot command the terminal', () => {
    const name = 'a\x1b[31mb\x1b]0;title\x07c\rd\ne\tf\x9b2Jg\u202eh\u2028i\u0000j\ud800';
    const columns = {
      'minutes#2019': minutes(1),
      'top-artist#2019': topArtist([name, 3]),
      'top-track#2019': topTrack([name, name, 2]),
      'top-genre#2019': { genres: [{ genre: name, plays: 1, share: 1, ms: 1 }], distinct: 1 },
      'own#2019': { [name]: name, list: [{ [name]: name }] },
      [`${name}#2019`]: 1,
    };
    const shown = linesOf(columns, { missing: () => name, stories: [{ id: 'none', title: name }] });
    const banner = renderRow(
      { user_id: name, columns: {} },
      { stories: [], width: 80, color: false, period: name },
    );
    for (const text of [shown, banner])
      expect(text).not.toMatch(/[\p{Surrogate}\u202e\u2028]|(?!\n)\p{Control}/u);
    expect(shown).toContain('a�[31mb�]0;title�c d e f�2Jgh i�j�');
  });

  test('written from right to left leave the numbers where they are', () => {
    expect(linesOf({ 'top-artist#2019': topArtist(['שלמה ארצי', 5]) })).toContain(
      '1  \u200eשלמה ארצי\u200e  █',
    );
  });
});

test('colours are there where asked for, and change nothing else', () => {
  const columns = { ...year('2018'), ...year('2019'), ...busiestDay };
  const colored = linesOf(columns, { color: true });
  expect(colored).toContain('\x1b[1m\x1b[33m12,345 minutes\x1b[39m\x1b[22m, that is 8 days and 13 hours');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  expect(colored.replace(/\x1b\[\d+m/g, '')).toBe(linesOf(columns));
});
