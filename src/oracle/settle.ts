import { groupBy } from './group.ts';
import type { Identity } from './history.ts';
import type { ListenRow, Names, Times } from './listen-rows.ts';
import { compareTexts } from './order.ts';

/** A track as a year shows it: its most played variant. `key` is its identity. */
export interface Track extends Names {
  key: string;
}

/** An artist as a year shows it: its most played variant. `key` is its identity. */
export interface Artist {
  key: string;
  artist: string | null;
  artist_id: string | null;
}

/** A play of what it was settled to be; null where the row does not identify it. */
export interface SettledPlay extends Times {
  user_id: string;
  /** Milliseconds; null where unknown. */
  ms: number | null;
  track: Track | null;
  artist: Artist | null;
}

/**
 * Settles what each play of one year was a play of, from all plays of the lake in that year. A track's
 * artist is the artist of its most played variant; a play without a track's identity is of no artist either.
 */
export function settle(
  plays: readonly ListenRow[],
  identity: Identity,
  { trackOf, artistOf }: SettledNames = settledNames(plays, identity),
): SettledPlay[] {
  return plays.map((play) => {
    const track = trackOf(play);
    const artist = track && artistOf(track);
    const { user_id, ms, day, hour, started, ended } = play;
    return { user_id, ms, day, hour, started, ended, track, artist };
  });
}

/** The track, or the artist, that names are of; null where no play is. */
export interface SettledNames {
  trackOf(names: Names): Track | null;
  artistOf(names: Pick<Names, 'artist' | 'artist_id'>): Artist | null;
}

/** What the plays of one year settle. */
export function settledNames(plays: readonly ListenRow[], identity: Identity): SettledNames {
  const identified = plays.filter((play) => trackKey(play, identity) !== null);
  const tracks = mostPlayed(identified, (names) => trackKey(names, identity), trackVariant, 'track_id');
  const artists = artistsOf(identified, identity);
  return {
    trackOf: (names) => lookUp(tracks, trackKey(names, identity)),
    artistOf: (names) => lookUp(artists, artistKey(names, identity)),
  };
}

/** The artists that rows name, each as most of them do, by key. */
export function artistsOf(rows: readonly ListenRow[], identity: Identity): Map<string, Artist> {
  return mostPlayed(rows, (names) => artistKey(names, identity), artistVariant, 'artist_id');
}

/** What makes a track the same track; null where nothing does. A row without an id falls back on its names. */
export function trackKey({ track, artist, track_id }: Names, identity: Identity): string | null {
  if (identity === 'track_id' && track_id !== null) return JSON.stringify({ track_id });
  return track === null && artist === null ? null : JSON.stringify([artist, track]);
}

/** What makes an artist the same artist; null where nothing does. An id is never the same as a name. */
export function artistKey(
  { artist, artist_id }: Pick<Names, 'artist' | 'artist_id'>,
  identity: Identity,
): string | null {
  if (identity === 'track_id' && artist_id !== null) return JSON.stringify({ artist_id });
  return artist === null ? null : JSON.stringify({ artist });
}

function trackVariant({ track, artist, track_id, artist_id }: Names): Names {
  return { track, artist, track_id, artist_id };
}

function artistVariant({ artist, artist_id }: Names): Pick<Names, 'artist' | 'artist_id'> {
  return { artist, artist_id };
}

/**
 * For each key its most played variant. A variant without an id gives way to any with one; ties go to the
 * lowest in binary order, the variant's fields compared in the order in which `variantOf` lists them.
 */
function mostPlayed<Variant extends object, Id extends keyof Variant>(
  plays: readonly ListenRow[],
  keyOf: (names: Names) => string | null,
  variantOf: (names: Names) => Variant,
  id: Id,
): Map<string, Variant & { key: string }> {
  const winners = new Map<string, Variant & { key: string }>();
  for (const [key, playsOfKey] of groupBy(plays, keyOf)) {
    if (key === null) continue;
    const variants = groupBy(playsOfKey.map(variantOf), (variant) => JSON.stringify(variant));
    const [winner] = [...variants.values()]
      .map((same) => ({ variant: same[0]!, plays: same.length }))
      .sort(
        (a, b) =>
          Number(a.variant[id] === null) - Number(b.variant[id] === null) ||
          b.plays - a.plays ||
          compareTexts(Object.values(a.variant), Object.values(b.variant)),
      );
    winners.set(key, { key, ...winner!.variant });
  }
  return winners;
}

function lookUp<T>(map: ReadonlyMap<string, T>, key: string | null): T | null {
  return (key === null ? undefined : map.get(key)) ?? null;
}
