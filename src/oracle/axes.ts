import { groupBy, indexBy } from './group.ts';
import type { Axis, TrackRow } from './history.ts';
import { tenThousandths } from './ratio.ts';
import type { SettledPlay, Track } from './settle.ts';

/** A listener with fewer plays in the year has no axes. */
const MIN_PLAYS = 30;

/** A song counts as new, less each year, until it is this many years old. */
const NEW_YEARS = 3;

/** One listener's axes in whole ten-thousandths; null where unknown. */
export type ListenerAxes = Record<Axis, number | null>;

/** What the axes of a year's listeners are measured against. */
export interface YearContext {
  year: number;
  releaseYearOf: (track: Track) => number | null;
  /**
   * For each artist, by key, the number of artists with strictly fewer listeners; null where there is
   * nobody or nothing to compare with.
   */
  artistRanks: ReadonlyMap<string, number> | null;
}

/** The axes of one user's plays in a year; null under 30 plays. */
export function listenerAxes(plays: readonly SettledPlay[], context: YearContext): ListenerAxes | null {
  if (plays.length < MIN_PLAYS) return null;
  const tracks = plays.flatMap(({ track }) => track ?? []);
  const artists = plays.flatMap(({ artist }) => artist?.key ?? []);
  return {
    familiarity: familiarity(artists),
    newness: newness(tracks, context),
    variety: variety(tracks.map((track) => track.key)),
    popularity: popularity(artists, context.artistRanks),
  };
}

/** The chance that two plays are of the same artist: Σ n(n−1) / N(N−1). */
function familiarity(artists: readonly string[]): number | null {
  const pairs = pairCount(artists.length);
  return pairs === 0n ? null : tenThousandths(samePairs(artists), pairs);
}

/** The chance that two plays are of different tracks: 1 − Σ n(n−1) / N(N−1). */
function variety(tracks: readonly string[]): number | null {
  const pairs = pairCount(tracks.length);
  return pairs === 0n ? null : tenThousandths(pairs - samePairs(tracks), pairs);
}

/** The mean over plays with a release year of clamp(1 − (year − release year) / 3, 0, 1). */
function newness(tracks: readonly Track[], { year, releaseYearOf }: YearContext): number | null {
  const released = tracks.flatMap((track) => releaseYearOf(track) ?? []);
  if (released.length === 0) return null;
  const thirds = released.map((releaseYear) => clamp(NEW_YEARS - (year - releaseYear), 0, NEW_YEARS));
  return tenThousandths(sum(thirds), BigInt(NEW_YEARS * released.length));
}

/** The mean over plays of the number of artists with fewer listeners ÷ (artists − 1). */
function popularity(artists: readonly string[], ranks: YearContext['artistRanks']): number | null {
  if (artists.length === 0 || ranks === null) return null;
  const fewer = artists.map((artist) => ranks.get(artist)!);
  return tenThousandths(sum(fewer), BigInt(artists.length) * BigInt(ranks.size - 1));
}

/**
 * For each artist of a year, by key, how many artists have strictly fewer listeners; null under two
 * listeners or two artists.
 */
export function artistRanks(plays: readonly SettledPlay[]): Map<string, number> | null {
  const ofArtists = plays.filter((play) => play.artist !== null);
  const listeners = new Map<string, number>();
  for (const [artist, group] of groupBy(ofArtists, (play) => play.artist!.key)) {
    listeners.set(artist, distinctUsers(group));
  }
  if (distinctUsers(ofArtists) < 2 || listeners.size < 2) return null;

  const ascending = [...listeners].sort(([, a], [, b]) => a - b);
  const fewer = new Map<number, number>();
  for (const [index, [, count]] of ascending.entries()) {
    if (!fewer.has(count)) fewer.set(count, index);
  }
  return new Map(ascending.map(([artist, count]) => [artist, fewer.get(count)!]));
}

/** Looks up the release year of a track by the id that it shows. */
export function releaseYearLookup(rows: readonly TrackRow[]): (track: Track) => number | null {
  const byId = indexBy(rows, (row) => row.track_id);
  return ({ track_id }) => {
    const date = track_id === null ? null : byId.get(track_id)?.release_date;
    return date == null ? null : Number(date.slice(0, 'YYYY'.length));
  };
}

function distinctUsers(plays: readonly SettledPlay[]): number {
  return new Set(plays.map((play) => play.user_id)).size;
}

/** The ordered pairs of two plays of the same thing: Σ n(n−1). */
function samePairs(keys: readonly string[]): bigint {
  return sum([...groupBy(keys, (key) => key).values()].map((group) => pairCount(group.length)));
}

/** n(n−1), the ordered pairs of n plays. */
function pairCount(n: number): bigint {
  return BigInt(n) * BigInt(n - 1);
}

function sum(values: readonly (number | bigint)[]): bigint {
  return values.reduce<bigint>((total, value) => total + BigInt(value), 0n);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
