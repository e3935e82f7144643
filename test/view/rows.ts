import { type RowOptions, renderRow } from '../../src/view/render-row.ts';
import { stories } from '../../stories/index.ts';

/** The lines of a row of the user `me`, without colour, 80 columns wide. */
export const linesOf = (
  columns: Readonly<Record<string, unknown>>,
  options: Partial<RowOptions> = {},
): string => renderRow({ user_id: 'me', columns }, { stories, width: 80, color: false, ...options });

export const minutes = (value: number | null, plays = 4924, short = 0) => ({
  minutes: value,
  plays,
  listens: plays + short,
  unknown_length: value === null ? plays : 0,
});

type Artist = readonly [artist: string | null, plays: number, ms?: number | null];
type Track = readonly [track: string | null, artist: string | null, plays: number];

export const topArtist = (...artists: readonly Artist[]) => ({
  artists: artists.map(([artist, plays, ms = plays * 223_731]) => ({ artist, plays, ms })),
  distinct: 507,
});

export const topTrack = (...tracks: readonly Track[]) => ({
  tracks: tracks.map(([track, artist, plays]) => ({ track, artist, plays, ms: plays * 254_321 })),
  distinct: 1900,
});

const ARTISTS: readonly Artist[] = [
  ['Volbeat', 265],
  ['Metallica', 201],
  ['坂本龍一', 120],
  ['Florence + The Machine', 101],
  ['שלמה ארצי', 55, null],
  ['🎸 The Emoji Band', 12],
];

const TRACKS: readonly Track[] = [
  ['Still Counting', 'Volbeat', 31],
  ['Merry Christmas Mr. Lawrence', '坂本龍一', 28],
  ['Dog Days Are Over', 'Florence + The Machine', 20],
  ['Storm: Lift Yr. Skinny Fists, Like Antennas to Heaven', 'Godspeed You! Black Emperor', 1],
];

/** A whole year: every story that has a look of its own. The first `hidden` artists and tracks are left out. */
export const year = (period: string, value = 12_345, hidden = 0) => ({
  [`minutes#${period}`]: minutes(value, 4924, 176),
  [`top-artist#${period}`]: topArtist(...ARTISTS.slice(hidden)),
  [`top-track#${period}`]: topTrack(...TRACKS.slice(hidden)),
  [`top-genre#${period}`]: {
    genres: [
      { genre: 'metal', plays: 411, share: 0.2108, ms: 1 },
      { genre: 'alternative rock', plays: 300, share: 0.1538, ms: 1 },
      { genre: 'post-rock', plays: 50, share: 0.0256, ms: null },
    ],
    distinct: 40,
    plays_with_genre: 1950,
  },
  [`listening-personality#${period}`]: {
    code: 'FNVC',
    name: 'Fan Clubber',
    axes: { familiarity: 0.0261, newness: 0.4, variety: 0.9973, popularity: 0.93 },
  },
  [`listening-axes#${period}`]: {
    axes: { familiarity: 0.0261, newness: 0.4, variety: 0.9973, popularity: 0.93 },
  },
});

/** A year of someone whose personality can't be told. */
export const axesOnly = {
  'listening-axes#2019': { axes: { familiarity: 0.0131, newness: null, variety: 0.9987, popularity: null } },
};

/** A story of a user's own. */
export const busiestDay = {
  'busiest-day#2019': {
    date: '2019-03-05',
    year: 2019,
    plays: 1204,
    ms: 123_456_789,
    live: true,
    guests: [],
    seasons: ['spring', 'winter'],
    weekdays: [
      { day: 'Monday', artist: 'ABBA', artist_id: '0LcJLqbBmaGUft1e9Mm8HV', plays: 12, share: 0.2341 },
      { day: 'Tuesday', artist: null, plays: 1200, share: 0.5 },
    ],
    best: { artist: 'ABBA', first: { track: 'Waterloo', plays: 3 } },
  },
};
