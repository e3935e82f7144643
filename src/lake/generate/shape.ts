/**
 * What makes a generated lake look like real listening. Shares are of 1, lengths are in milliseconds
 * unless the name says otherwise. Figures are chosen to look like the exports we know; none is anybody's statistic.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Plays per user are log-normal. */
export const ACTIVITY = {
  /** Of the logarithm, and how many spreads from the middle a user may be. */
  spread: 0.9,
  limit: 2.5,
  /** Weights are whole numbers of this part, so that their sum is the same in any order. */
  units: 1_000_000,
} as const;

export const USERS = {
  withoutZone: 0.02,
  /** Share of users that join on some day between the first year and the last. */
  joiningLater: 0.15,
  /** Share of a year's users that play nothing that year. */
  absent: 0.05,
  /** Hours by which a user's day is later than the average one, at most. */
  hourShift: 4,
  listeningToPodcasts: 0.3,
  usingPrivateSessions: 0.1,
} as const;

export const CATALOGUE = {
  /** Artists per square root of all plays: more listening reaches further into the tail. */
  artistsPerRootPlay: 6,
  fewestArtists: 240,
  /** Albums of the most popular artists, about; falls with the logarithm of the rank. */
  mostAlbums: 30,
  /** Share of albums that are singles, of so many tracks at most; the others have `albumTracks`, or up to `albumSpread` more. */
  singles: 0.35,
  singleTracks: 2,
  albumTracks: 7,
  albumSpread: 8,
  /** Months between two albums of an artist: at least, and how many more at most. */
  rhythmMonths: 5,
  rhythmSpread: 32,
  /** Months before the first year between which artists that are no newcomers gave their first album. */
  oldestDebutMonths: 45 * 12,
  latestDebutMonths: 3 * 12,
  /** How much more often recent debuts occur: the power of a roll, 1 for all months alike. */
  debutPower: 0.2,
  /** Months before the first year in which the first newcomers appear; the last do in the last month. */
  newcomerMonths: 3 * 12,
  withoutDate: 0.03,
  /** Releases before this year are dated by the year alone. */
  firstYearWithDays: 1985,
  shortestTrack: 95 * SECOND,
  /** A track's length is the shortest plus two rolls of up to this. */
  trackSpread: 150 * SECOND,
  /** Every so many artists, one has the name of the one before. */
  namesakeEvery: 120,
  artistsWithoutGenre: 0.06,
  /** Share of artists that are of each further genre of their family, and of those that are of another family too. */
  furtherGenres: 0.35,
  secondFamily: 0.2,
} as const;

/** How unequal choices are: Zipf-Mandelbrot's shift, the number of first ranks that are about equally likely. */
export const FLATNESS = {
  artists: 20,
  homeGenres: 4,
  favouriteArtists: 4,
  favouriteTracks: 8,
  tracksOfAlbum: 2,
  shows: 5,
} as const;

export const TASTE = {
  favouriteArtists: 45,
  favouriteTracks: 120,
  /** A favourite track is replaced after so many months, a favourite artist after so many. */
  trackMonths: 15,
  artistMonths: 30,
  /** Shares of plays: a favourite track, else any track of a favourite artist, else anything. */
  toFavouriteTracks: 0.76,
  toFavouriteArtists: 0.15,
  /** Share of favourite artists, and of artists chosen out of anything, that are of the home genre. */
  favouritesOfHomeGenre: 0.65,
  othersOfHomeGenre: 0.2,
  /** Share of choices that are of an artist's newest album. */
  newest: 0.45,
} as const;

export const SESSIONS = {
  /** Mean plays of a session beyond the first, and the most plays. */
  furtherPlays: 9,
  mostPlays: 50,
  /** Most sessions of a user's day. */
  mostOfDay: 20,
  /** Share of a podcast listener's sessions that are podcasts: one episode, or two. */
  episodes: 0.12,
  mostEpisodes: 2,
  /** Share of the sessions that are private, of users who do that. */
  private: 0.15,
} as const;

export const PLAYS = {
  /** Share of plays that repeat the choice of the play before. */
  repeated: 0.04,
  short: 0.13,
  shortest: 1 * SECOND,
  /** A short play ends before this. */
  shortLimit: 30 * SECOND,
  /** Share of plays that are neither short nor heard to the end. */
  partial: 0.12,
  withoutLength: 0.006,
  withoutSkipped: 0.02,
  /** Between two plays, at most; now and then there is a longer pause. */
  gap: 2 * SECOND,
  paused: 0.05,
  longestPause: 4 * MINUTE,
} as const;

export const EPISODES = {
  shows: 160,
  shortest: 18 * MINUTE,
  spread: 55 * MINUTE,
  /** Shows that a listener follows, and episodes of a show in a month. */
  followed: 3,
  ofMonth: 4,
} as const;

/** No session is longer: the most plays, each of the longest track after the longest pause, or the same of episodes. */
export const LONGEST_SESSION = Math.max(
  SESSIONS.mostPlays * (CATALOGUE.shortestTrack + 2 * CATALOGUE.trackSpread + PLAYS.longestPause),
  SESSIONS.mostEpisodes * (EPISODES.shortest + EPISODES.spread + PLAYS.longestPause),
);

/** Plays begun by hour of the local day, in proportion. */
export const HOURS_OF_WEEKDAY = [
  3, 2, 1, 1, 1, 2, 5, 9, 10, 8, 8, 8, 9, 9, 9, 10, 12, 13, 12, 11, 11, 11, 9, 6,
] as const;
export const HOURS_OF_WEEKEND = [
  6, 5, 3, 2, 1, 1, 2, 4, 7, 9, 11, 12, 12, 12, 12, 12, 12, 12, 12, 12, 11, 11, 10, 8,
] as const;

/** How much more or less is played on a weekday, from Sunday. The mean is 1. */
export const WEEKDAY_LOAD = [0.88, 0.98, 0.99, 1.0, 1.03, 1.12, 1.0] as const;

/** How much more or less is played in a month, from January. The mean is 1. */
export const MONTH_LOAD = [0.96, 0.97, 1.0, 0.98, 1.0, 1.0, 0.95, 0.94, 1.0, 1.04, 1.05, 1.11] as const;
