import { describe, expect, test } from 'vitest';
import type { History, Identity, OracleOptions, Play } from '../../src/oracle/history.ts';
import { oracle, type Story, yearsOf } from '../../src/oracle/oracle.ts';

const FIXED_CUTS = { familiarity: 0.5, newness: 0.5, variety: 0.5, popularity: 0.5 };

/** A minute of the middle of 2019 by ann; what a test is about comes on top. */
function play(fields: Partial<Play> = {}): Play {
  return { user_id: 'ann', played_at: Date.UTC(2019, 5, 15), ms_played: 60_000, ...fields };
}

function times(count: number, fields: Partial<Play>): Play[] {
  return Array.from({ length: count }, () => play(fields));
}

/** The value of one story of 2019 for one user; undefined where the column is absent. */
function value(
  story: Story,
  history: History | Play[],
  { user = 'ann', ...options }: { user?: string } & Partial<OracleOptions> = {},
): unknown {
  const lake = Array.isArray(history) ? { plays: history } : history;
  const rows = oracle(lake, { identity: 'track_id', fixedCuts: FIXED_CUTS, ...options });
  return rows.get(user)?.[`${story}#2019`];
}

const title: { identity: Identity } = { identity: 'title' };

test('a lake of very many rows', () => {
  const episodes = times(150_000, { kind: 'episode' });
  expect(value('minutes', [...episodes, play()])).toMatchObject({ plays: 1, listens: 1 });
});

describe('years', () => {
  test('a date is taken like its milliseconds', () => {
    expect(yearsOf({ plays: [play({ played_at: new Date('2019-12-31T23:30:00Z') })] }, {})).toEqual([2019]);
  });

  test("the user's zone, else the option's, else UTC", () => {
    const plays = ['ann', 'bob', 'cy'].map((user_id) =>
      play({ user_id, played_at: Date.parse('2019-12-31T23:30:00Z') }),
    );
    const users = [
      { user_id: 'ann', timezone: 'America/New_York' },
      { user_id: 'bob', timezone: null },
    ];
    const yearsByUser = (timezone?: string) =>
      [...oracle({ plays, users }, { identity: 'title', timezone, fixedCuts: FIXED_CUTS })].map(
        ([user, row]) => `${user} ${Object.keys(row).filter((name) => name.startsWith('minutes'))}`,
      );
    expect(yearsByUser()).toEqual(['ann minutes#2019', 'bob minutes#2019', 'cy minutes#2019']);
    expect(yearsByUser('Europe/Berlin').sort()).toEqual([
      'ann minutes#2019',
      'bob minutes#2020',
      'cy minutes#2020',
    ]);
  });

  test('two rows of one user are an error', () => {
    const users = [{ user_id: 'ann' }, { user_id: 'ann', timezone: 'UTC' }];
    expect(() => value('minutes', { plays: [play()], users })).toThrow('"ann"');
  });
});

describe('identity', () => {
  test('without any name or id a play has minutes and no rank', () => {
    expect(value('minutes', [play()])).toEqual({
      minutes: 1,
      plays: 1,
      listens: 1,
      unknown_length: 0,
      ms: 60_000,
    });
    expect(value('top-artist', [play()])).toBeUndefined();
    expect(value('top-track', [play()])).toBeUndefined();
    expect(value('top-track', [play()], title)).toBeUndefined();
  });

  test('in a service a play without a track id is known by its names', () => {
    const plays = [play({ track: 'Song', artist: 'Band' })];
    expect(value('top-track', plays)).toEqual({
      tracks: [{ track: 'Song', artist: 'Band', plays: 1, ms: 60_000 }],
      distinct: 1,
    });
    expect(value('top-artist', plays)).toEqual({
      artists: [{ artist: 'Band', plays: 1, ms: 60_000 }],
      distinct: 1,
    });
  });

  test('in an import either an artist or a title is enough, and null is not the empty text', () => {
    const plays = [
      play({ track: 'Song' }),
      play({ track: 'Song', artist: '' }),
      play({ artist: 'Band' }),
      play({ track: '', artist: 'Band' }),
    ];
    expect(value('top-track', plays, title)).toEqual({
      tracks: [
        { track: null, artist: 'Band', plays: 1, ms: 60_000 },
        { track: '', artist: 'Band', plays: 1, ms: 60_000 },
        { track: 'Song', artist: null, plays: 1, ms: 60_000 },
        { track: 'Song', artist: '', plays: 1, ms: 60_000 },
      ],
      distinct: 4,
    });
    expect(value('top-artist', plays, title)).toEqual({
      artists: [
        { artist: 'Band', plays: 2, ms: 120_000 },
        { artist: '', plays: 1, ms: 60_000 },
      ],
      distinct: 2,
    });
  });

  test('in a service artists of one name are told apart by id, none coming first', () => {
    const plays = [
      play({ track_id: 't1', artist: 'Band', artist_id: 'a2' }),
      play({ track_id: 't2', artist: 'Band', artist_id: 'a1' }),
      play({ track_id: 't3', artist: 'Band' }),
    ];
    expect(value('top-artist', plays)).toEqual({
      artists: [
        { artist: 'Band', plays: 1, ms: 60_000 },
        { artist: 'Band', artist_id: 'a1', plays: 1, ms: 60_000 },
        { artist: 'Band', artist_id: 'a2', plays: 1, ms: 60_000 },
      ],
      distinct: 3,
    });
    expect(value('top-artist', plays, title)).toMatchObject({
      artists: [{ artist: 'Band', artist_id: 'a1', plays: 3 }],
      distinct: 1,
    });
  });

  test('names that the row lacks come from tracks, each by itself', () => {
    const plays = [play({ track_id: 't1', artist: 'Own' })];
    const tracks = [{ track_id: 't1', track: 'Song', artist: 'Other', artist_id: 'a1' }];
    expect(value('top-track', { plays, tracks })).toMatchObject({
      tracks: [{ track: 'Song', artist: 'Own', track_id: 't1', artist_id: 'a1' }],
    });
  });
});

describe('what is shown', () => {
  test('the most played variant of the whole lake in that year, a tie to the lowest', () => {
    const plays = [
      ...times(2, { track_id: 't1', track: 'b' }),
      ...times(2, { user_id: 'bob', track_id: 't1', track: 'B' }),
      ...times(9, { track_id: 't1', track: 'a', played_at: Date.UTC(2018, 5, 15) }),
      ...times(9, { track_id: 't1', track: 'a', ms_played: 29_999 }),
    ];
    expect(value('top-track', plays)).toMatchObject({ tracks: [{ track: 'B', plays: 2 }] });
  });

  test('an id is preferred to none, however seldom', () => {
    const plays = [
      ...times(3, { track: 'Song', artist: 'Band' }),
      play({ track: 'Song', artist: 'Band', track_id: 't1' }),
      play({ track: 'Other', artist: 'Band', artist_id: 'a1' }),
    ];
    expect(value('top-track', plays, title)).toMatchObject({ tracks: [{ track_id: 't1', plays: 4 }, {}] });
    expect(value('top-artist', plays, title)).toMatchObject({ artists: [{ artist_id: 'a1', plays: 5 }] });
  });

  test("a track's plays are its variant's artist's", () => {
    const plays = [
      ...times(2, { track_id: 't1', artist: 'Luna', artist_id: 'a2' }),
      play({ track_id: 't1', artist: 'Moon', artist_id: 'a1' }),
    ];
    expect(value('top-artist', plays)).toEqual({
      artists: [{ artist: 'Luna', artist_id: 'a2', plays: 3, ms: 180_000 }],
      distinct: 1,
    });
  });
});

describe('top-genre', () => {
  const of = (genre: object, artist: Partial<Play>) =>
    value('top-genre', {
      plays: [play({ track_id: 't1', ...artist })],
      artistGenres: [{ genre: 'pop', ...genre }],
    });

  test.each([
    ['same ids, other names', { artist: 'A', artist_id: 'a1' }, { artist: 'B', artist_id: 'a1' }, true],
    ['other ids, same names', { artist: 'A', artist_id: 'a1' }, { artist: 'A', artist_id: 'a2' }, false],
    ['same names, the genre without id', { artist: 'A' }, { artist: 'A', artist_id: 'a2' }, true],
    ['same names, the play without id', { artist: 'A', artist_id: 'a1' }, { artist: 'A' }, true],
    ['no names, no id on one side', { artist_id: 'a1' }, { artist: 'A' }, false],
  ])('%s', (_, genre, artist, isFound) => {
    expect(of(genre, artist) !== undefined).toBe(isFound);
  });

  test('ten of eleven, the tie broken by name', () => {
    const genres = [...'kjihgfedcba'];
    const artistGenres = genres.map((genre) => ({ artist: 'A', genre }));
    const result = value('top-genre', { plays: [play({ track_id: 't1', artist: 'A' })], artistGenres });
    expect(result).toMatchObject({ distinct: 11, plays_with_genre: 1 });
    expect(
      (result as { genres: { genre: string; share: number }[] }).genres.map((g) => g.genre + g.share),
    ).toEqual([...'abcdefghij'].map((genre) => `${genre}1`));
  });
});

describe('listening-axes', () => {
  const axes = (history: History | Play[]) => value('listening-axes', history);

  test('29 plays have none, 30 have', () => {
    expect(axes(times(29, { track_id: 't1', artist: 'A' }))).toBeUndefined();
    expect(axes(times(30, { track_id: 't1', artist: 'A' }))).toEqual({
      axes: { familiarity: 1, newness: null, variety: 0, popularity: null },
      plays: 30,
    });
  });

  test('plays without identity make up the 30, and no axis', () => {
    const plays = [...times(29, {}), ...times(1, { track_id: 't1' })];
    expect(axes(plays)).toEqual({
      axes: { familiarity: null, newness: null, variety: null, popularity: null },
      plays: 30,
    });
  });

  test('newness is the mean of a third less each year, over plays with a release date', () => {
    const dates = ['2030-01-01', '2019', '2018-12-31', '2017', '2016', null];
    const tracks = dates.map((release_date, index) => ({ track_id: `t${index}`, release_date }));
    const newness = (counts: readonly number[]) =>
      axes({ plays: counts.flatMap((count, index) => times(count, { track_id: `t${index}` })), tracks });
    expect(newness([0, 0, 30])).toMatchObject({ axes: { newness: 0.6667 } });
    // (10×3 + 5×3 + 5×2 + 5×1 + 5×0) / (3 × 30)
    expect(newness([10, 5, 5, 5, 5, 7])).toMatchObject({ axes: { newness: 0.6667 } });
    expect(newness([0, 0, 0, 1, 31])).toMatchObject({ axes: { newness: 0.0104 } });
    expect(newness([0, 0, 0, 0, 0, 30])).toMatchObject({ axes: { newness: null } });
  });

  test('popularity ranks an artist by the artists with strictly fewer listeners', () => {
    // A has three listeners, B and C two, D one: A beats three of three, B and C one, D none.
    const listeners = { ann: 'ABD', bob: 'ABC', cy: 'AC' };
    const others = Object.entries(listeners).flatMap(([user_id, artists]) =>
      [...artists].map((artist) => play({ user_id, artist })),
    );
    // With those three ann has 10 of A, 15 of B and 5 of D: (10×3 + 15×1 + 5×0) / (30 × 3).
    const plays = [
      ...others,
      ...times(9, { artist: 'A' }),
      ...times(14, { artist: 'B' }),
      ...times(4, { artist: 'D' }),
    ];
    expect(axes(plays)).toEqual({
      // (10×9 + 15×14 + 5×4) / (30×29)
      axes: { familiarity: 0.3678, newness: null, variety: 0.6322, popularity: 0.5 },
      plays: 30,
    });
  });

  test('popularity needs two listeners and two artists', () => {
    const two = [...times(29, { artist: 'A' }), play({ artist: 'B' })];
    expect(axes(two)).toMatchObject({ axes: { popularity: null } });
    expect(axes([...two, play({ user_id: 'bob' })])).toMatchObject({ axes: { popularity: null } });
    expect(axes([...two, play({ user_id: 'bob', artist: 'A' })])).toMatchObject({
      axes: { popularity: 0.9667 },
    });
    expect(axes([...times(30, { artist: 'A' }), play({ user_id: 'bob', artist: 'A' })])).toMatchObject({
      axes: { popularity: null },
    });
  });
});
