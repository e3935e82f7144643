import { groupBy } from './group.ts';
import type { ArtistGenreRow } from './history.ts';
import { compareTexts } from './order.ts';
import { ratio } from './ratio.ts';
import type { Artist, SettledPlay, Track } from './settle.ts';

/** Lists hold this many entries. */
export const TOP = 10;

/** One thing's plays and their milliseconds, null where any of their lengths is unknown. */
export interface Tally<Thing> {
  thing: Thing;
  plays: number;
  ms: number | null;
  /** The milliseconds that are known. */
  knownMs: number;
}

/** The `top-artist` value of one user's plays in a year; null where no play has a known artist. */
export function topArtist(plays: readonly SettledPlay[]) {
  const ranking = rank(
    plays.flatMap(({ ms, artist }) => (artist === null ? [] : { ms, thing: artist })),
    (artist) => artist.key,
    ({ artist, artist_id }: Artist) => [artist, artist_id],
  );
  if (ranking.length === 0) return null;
  const artists = ranking.slice(0, TOP).map(({ thing: { artist, artist_id }, plays, ms }) => ({
    artist,
    ...(artist_id !== null && { artist_id }),
    plays,
    ms,
  }));
  return { artists, distinct: ranking.length };
}

/** The `top-track` value of one user's plays in a year; null where no play has a known track. */
export function topTrack(plays: readonly SettledPlay[]) {
  const ranking = rank(
    plays.flatMap(({ ms, track }) => (track === null ? [] : { ms, thing: track })),
    (track) => track.key,
    ({ track, artist, track_id, artist_id }: Track) => [track, artist, track_id, artist_id],
  );
  if (ranking.length === 0) return null;
  const tracks = ranking
    .slice(0, TOP)
    .map(({ thing: { track, artist, track_id, artist_id }, plays, ms }) => ({
      track,
      artist,
      ...(track_id !== null && { track_id }),
      ...(artist_id !== null && { artist_id }),
      plays,
      ms,
    }));
  return { tracks, distinct: ranking.length };
}

/** The `top-genre` value of one user's plays in a year; null where no play's artist has a genre. */
export function topGenre(plays: readonly SettledPlay[], genresOf: (artist: Artist) => ReadonlySet<string>) {
  const withGenre = plays.flatMap(({ ms, artist }) => {
    const genres = artist === null ? [] : [...genresOf(artist)];
    return genres.length === 0 ? [] : { ms, genres };
  });
  if (withGenre.length === 0) return null;
  const ranking = rank(
    withGenre.flatMap(({ ms, genres }) => genres.map((thing) => ({ ms, thing }))),
    (genre) => genre,
    (genre) => [genre],
  );
  const genres = ranking.slice(0, TOP).map(({ thing: genre, plays, ms }) => ({
    genre,
    plays,
    ms,
    share: ratio(BigInt(plays), BigInt(withGenre.length)),
  }));
  return { genres, distinct: ranking.length, plays_with_genre: withGenre.length };
}

/** Looks up an artist's distinct genres: by artist id where both sides have one, else by name. */
export function genreLookup(rows: readonly ArtistGenreRow[]): (artist: Artist) => ReadonlySet<string> {
  const byId = groupBy(rows, (row) => row.artist_id ?? null);
  const byName = groupBy(rows, (row) => row.artist ?? null);

  const known = new Map<string, ReadonlySet<string>>();
  return ({ artist, artist_id }) => {
    const key = JSON.stringify([artist, artist_id]);
    const found = known.get(key);
    if (found !== undefined) return found;
    const sameId = artist_id === null ? [] : (byId.get(artist_id) ?? []);
    const sameName = artist === null ? [] : (byName.get(artist) ?? []);
    const matches = [...sameId, ...sameName.filter((row) => artist_id === null || row.artist_id == null)];
    const genres = new Set(matches.flatMap((row) => row.genre ?? []));
    known.set(key, genres);
    return genres;
  };
}

/** By plays, then known milliseconds, both the most first; then by names in UTF-8 byte order. */
export function rank<Thing>(
  plays: readonly { ms: number | null; thing: Thing }[],
  keyOf: (thing: Thing) => string,
  namesOf: (thing: Thing) => readonly (string | null)[],
): Tally<Thing>[] {
  const groups = groupBy(plays, ({ thing }) => keyOf(thing));
  return [...groups.values()]
    .map((group): Tally<Thing> => {
      const knownMs = group.reduce((sum, { ms }) => sum + (ms ?? 0), 0);
      const isKnown = group.every(({ ms }) => ms !== null);
      return { thing: group[0]!.thing, plays: group.length, ms: isKnown ? knownMs : null, knownMs };
    })
    .sort(
      (a, b) =>
        b.plays - a.plays || b.knownMs - a.knownMs || compareTexts(namesOf(a.thing), namesOf(b.thing)),
    );
}
