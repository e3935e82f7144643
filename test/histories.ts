/**
 * Small made-up histories, built to break things: ties, odd names, nulls, absent tables, and plays around
 * New Year.
 */

import fc from 'fast-check';
import type {
  ArtistGenreRow,
  History,
  Identity,
  OracleOptions,
  Play,
  TrackRow,
  UserRow,
} from '../src/oracle/history.ts';

/** A history and how to read it. */
export interface GeneratedHistory {
  history: History;
  identity: Identity;
  /** The zone of users without one of their own; undefined where none is asked for. */
  timezone: OracleOptions['timezone'];
}

/** No history has more listen rows. */
const MAX_ROWS = 200;

const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 24 * 60 * MS_PER_MINUTE;

const ZONES = [
  'UTC',
  'Etc/GMT+12',
  'Pacific/Kiritimati',
  'Pacific/Apia',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/St_Johns',
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
];

/** North, south, in either case; what is no code. */
const COUNTRIES = ['DE', 'US', 'NZ', 'au', 'Australia', ''];

/**
 * The hours east of UTC at which those zones have their New Year. Apia's were -10 up to 2011 and +14 from
 * 2012.
 */
const NEW_YEAR_OFFSETS = [-12, -10, -5, -3.5, 0, 1, 5.5, 5.75, 11, 14];

/**
 * Case, order in UTF-8 against UTF-16, combining characters, quotes, what CSV and SQL might take for
 * something else.
 */
const NAMES = [
  'A',
  'a',
  'B',
  'Ä',
  'A\u0308',
  '\u{1d11e}',
  '\uff21',
  '',
  ' A',
  'A ',
  'null',
  "O'Neil",
  '"a", b',
  'a\nb',
  '\\',
  '%',
];

const USERS = ['u1', 'u2', 'U1', 'ü', '\u{1f600}'];
const TRACK_IDS = ['t1', 't2', 'T1', 't10', ...Array.from('abcdefghij', (letter) => `t-${letter}`)];
const ARTIST_IDS = ['a1', 'a2', 'A1', 'a10', ...Array.from('abcdefghij', (letter) => `a-${letter}`)];
const ALBUM_IDS = ['al1', 'al2', 'AL1', 'al10'];
const GENRES = ['pop', 'Pop', 'rock', '\u{1d11e}', '\uff21', "r'n'b", ...Array.from('abcdefg')];
const LENGTHS = [0, 1, 29_999, 30_000, 30_001, 59_999, 60_000, 180_000, -30_000, 86_400_000, 86_400_001];
const RELEASE_DATES = [
  '1969',
  '2008-12',
  '2010-01-01',
  '2011-12-31',
  '2012',
  '2018',
  '2019-06-15',
  '2020',
  '2035',
];

/** The columns of `plays` that a lake may lack. */
const OPTIONAL_COLUMNS = [
  'time_is',
  'ms_played',
  'kind',
  'track',
  'artist',
  'album',
  'track_id',
  'artist_id',
  'private',
  'skipped',
  'source',
] as const satisfies (keyof Play)[];

/** Those that it may not, for a track's identity. */
const IDENTITY_COLUMNS: Readonly<Record<Identity, readonly string[]>> = {
  title: ['track', 'artist'],
  track_id: ['track_id'],
};

/** What a run of plays was of: several songs of a history may share an id or a name. */
type Song = Required<Pick<Play, 'track' | 'artist' | 'track_id' | 'artist_id'>>;

const orNull = <T>(value: fc.Arbitrary<T>, nullsIn: number) => fc.option(value, { nil: null, freq: nullsIn });

/** Few things make for ties and for ids that share names; more than ten for lists that are cut. */
const FEW = 4;

/** The first few of a pool most of the time. */
const oneOf = <T>(pool: readonly T[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...pool.slice(0, FEW)) },
    { weight: 4, arbitrary: fc.constantFrom(...pool) },
  );

const songs = (pool: <T>(of: readonly T[]) => fc.Arbitrary<T>, minLength: number, maxLength: number) =>
  fc.array(
    fc.record<Song>({
      track: orNull(pool(NAMES), 12),
      artist: orNull(pool(NAMES), 12),
      track_id: orNull(pool(TRACK_IDS), 10),
      artist_id: orNull(pool(ARTIST_IDS), 3),
    }),
    { minLength, maxLength, size: 'max' },
  );

/**
 * Milliseconds from a New Year in UTC to one in some zone, to the millisecond; or to some time in the year
 * before it.
 */
const fromNewYear = fc
  .record({
    offset: fc.constantFrom(...NEW_YEAR_OFFSETS),
    distance: fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom(0, -1, 1, -MS_PER_MINUTE, 30 * MS_PER_MINUTE) },
      { weight: 5, arbitrary: fc.integer({ min: -300, max: -50 }).map((days) => days * MS_PER_DAY) },
    ),
  })
  .map(({ offset, distance }) => distance - offset * 60 * MS_PER_MINUTE);

/**
 * Plays by one user, one after the other: of one song, or song after song. Long runs reach the plays that a
 * personality asks for.
 */
const run = fc.record({
  user: fc.nat(),
  song: fc.nat(),
  nextSong: fc.constantFrom(0, 0, 1),
  newYear: fc.nat(),
  fromNewYear,
  step: fc.constantFrom(0, 1, 30_000, 630_000, 50 * MS_PER_MINUTE, MS_PER_DAY),
  count: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 1, max: 3 }) },
    { weight: 3, arbitrary: fc.integer({ min: 10, max: 40 }) },
  ),
  /** Taken in turn. */
  lengths: fc.array(orNull(fc.constantFrom(...LENGTHS), 10), { minLength: 1, maxLength: 3 }),
  /** The columns that are the same in all rows. */
  same: fc.record({
    time_is: orNull(fc.constantFrom('start', 'end'), 4),
    kind: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom('track', null) },
      { weight: 1, arbitrary: fc.constantFrom('episode', 'audiobook') },
    ),
    album: orNull(oneOf(NAMES), 4),
    private: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(false, null) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    skipped: orNull(fc.boolean(), 3),
    source: orNull(fc.constant('made up'), 4),
  }),
});

type Run = typeof run extends fc.Arbitrary<infer T> ? T : never;

const userRow = (user_id: string): fc.Arbitrary<UserRow> =>
  fc.record({
    user_id: fc.constant(user_id),
    timezone: orNull(fc.constantFrom(...ZONES), 4),
    country: orNull(fc.constantFrom(...COUNTRIES), 2),
  });

const users: fc.Arbitrary<UserRow[]> = fc
  .tuple(...[...USERS, 'nobody'].map((user_id) => orNull(userRow(user_id), 5)))
  .map((rows) => rows.filter((row) => row !== null));

const trackRow = (track_id: string): fc.Arbitrary<TrackRow> =>
  fc.record({
    track_id: fc.constant(track_id),
    track: orNull(oneOf(NAMES), 6),
    artist: orNull(oneOf(NAMES), 6),
    artist_id: orNull(oneOf(ARTIST_IDS), 3),
    album: orNull(oneOf(NAMES), 4),
    album_id: orNull(fc.constantFrom(...ALBUM_IDS), 4),
    release_date: orNull(fc.constantFrom(...RELEASE_DATES), 8),
  });

const tracks: fc.Arbitrary<TrackRow[]> = fc
  .tuple(...[...TRACK_IDS, 'unplayed'].map((track_id) => orNull(trackRow(track_id), 6)))
  .map((rows) => rows.filter((row) => row !== null));

const artistGenres: fc.Arbitrary<ArtistGenreRow[]> = fc.array(
  fc.record({
    artist: orNull(oneOf(NAMES), 4),
    artist_id: orNull(oneOf(ARTIST_IDS), 2),
    genre: orNull(fc.constantFrom(...GENRES), 12),
  }),
  { maxLength: 24, size: 'max' },
);

/**
 * Histories of up to 200 listen rows of one to four users. About one in three has a personality.
 * `fixed` holds what all histories are to share, so that they can be combined.
 */
export function historyArbitrary(
  fixed: Partial<Pick<GeneratedHistory, 'identity' | 'timezone'>> = {},
): fc.Arbitrary<GeneratedHistory> {
  return fc
    .record({
      identity:
        fixed.identity === undefined ? fc.constantFrom('title', 'track_id') : fc.constant(fixed.identity),
      timezone:
        'timezone' in fixed
          ? fc.constant(fixed.timezone)
          : fc.option(fc.constantFrom(...ZONES), { nil: undefined }),
      songs: fc.oneof(
        { weight: 1, arbitrary: songs(oneOf, 1, 2) },
        { weight: 4, arbitrary: songs(oneOf, 3, 8) },
        { weight: 3, arbitrary: songs((pool) => fc.constantFrom(...pool), 12, 24) },
      ),
      listeners: fc.oneof(
        { weight: 5, arbitrary: fc.subarray(USERS, { minLength: 2, maxLength: 4 }) },
        { weight: 1, arbitrary: fc.subarray(USERS, { minLength: 1, maxLength: 1 }) },
      ),
      newYears: fc.constantFrom([2020], [2020], [2012], [2011, 2012]),
      runs: fc.array(run, { minLength: 1, maxLength: 30, size: 'max' }),
      missing: fc.oneof(
        { weight: 3, arbitrary: fc.constant<(keyof Play)[]>([]) },
        { weight: 1, arbitrary: fc.subarray([...OPTIONAL_COLUMNS]) },
      ),
      users: fc.option(users, { nil: undefined, freq: 3 }),
      tracks: fc.option(tracks, { nil: undefined, freq: 8 }),
      artistGenres: fc.option(artistGenres, { nil: undefined, freq: 5 }),
    })
    .map(({ timezone, songs, listeners, newYears, runs, missing, identity, ...tables }) => {
      const absent = missing.filter((column) => !IDENTITY_COLUMNS[identity].includes(column));
      const plays = runs
        .flatMap((of) => playsOf(of, pick(listeners, of.user), songs, pick(newYears, of.newYear)))
        .slice(0, MAX_ROWS)
        .map((play) => without(play, absent));
      return { history: withoutAbsentTables({ plays, ...tables }), identity, timezone };
    });
}

/**
 * One lake of the listeners of several histories of one identity and time zone, so that a run of the engine
 * can check them all. Users become the history's number and their id, such as `3/u1`; the catalogue is
 * shared, a track's first row counting.
 */
export function combineHistories(generated: readonly GeneratedHistory[]): GeneratedHistory {
  const [first] = generated;
  if (first === undefined) throw new Error('no history to combine');
  const numbered = <T extends { user_id: string }>(rows: readonly T[], index: number): T[] =>
    rows.map((row) => ({ ...row, user_id: `${index}/${row.user_id}` }));
  const tracks = generated.flatMap(({ history }) => history.tracks ?? []);
  return {
    history: {
      plays: generated.flatMap(({ history }, index) => numbered(history.plays, index)),
      users: generated.flatMap(({ history }, index) => numbered(history.users ?? [], index)),
      tracks: [...new Map(tracks.toReversed().map((row) => [row.track_id, row])).values()],
      artistGenres: generated.flatMap(({ history }) => history.artistGenres ?? []),
    },
    identity: first.identity,
    timezone: first.timezone,
  };
}

function playsOf(of: Run, user_id: string, songs: readonly Song[], newYear: number): Play[] {
  const start = Date.UTC(newYear, 0, 1) + of.fromNewYear;
  return Array.from({ length: of.count }, (_, index) => ({
    user_id,
    played_at: start + index * of.step,
    ms_played: pick(of.lengths, index),
    ...pick(songs, of.song + index * of.nextSong),
    ...of.same,
  }));
}

/** The item at an index that runs on past the end. */
function pick<T>(items: readonly T[], index: number): T {
  return items[index % items.length]!;
}

function without(play: Play, columns: readonly string[]): Play {
  return Object.fromEntries(
    Object.entries(play).filter(([column]) => !columns.includes(column)),
  ) as unknown as Play;
}

function withoutAbsentTables(tables: { [Table in keyof History]: History[Table] | undefined }): History {
  return Object.fromEntries(
    Object.entries(tables).filter(([, rows]) => rows !== undefined),
  ) as unknown as History;
}
