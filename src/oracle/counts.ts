import { ratio } from './ratio.ts';
import type { Artist, SettledPlay } from './settle.ts';
import type { AlbumPlay } from './top-album.ts';

type Counts = ReturnType<typeof counts>;

/** The `counts` value of one user's plays in a year; `ofAlbums` are those whose album is known. */
export function counts(
  plays: readonly SettledPlay[],
  ofAlbums: readonly AlbumPlay[],
  genresOf: (artist: Artist) => ReadonlySet<string>,
) {
  const artists = plays.flatMap(({ artist }) => artist ?? []);
  const days = new Set(plays.map(({ day }) => day)).size;
  return {
    plays: plays.length,
    tracks: different(plays.flatMap(({ track }) => track?.key ?? [])),
    artists: different(artists.map(({ key }) => key)),
    albums: different(ofAlbums.map(({ album }) => album.key)),
    genres: different(artists.flatMap((artist) => [...genresOf(artist)])),
    days,
    plays_a_day: ratio(BigInt(plays.length), BigInt(days)),
  };
}

/** How many different ones; null where there is none. */
const different = (keys: readonly string[]): number | null => new Set(keys).size || null;

/** The `counts` value of a decade, from the values of its years in order. */
export function countsOfYears(years: readonly { year: number; value: Counts }[]) {
  const sum = (of: (value: Counts) => number) => years.reduce((all, { value }) => all + of(value), 0);
  const plays = sum((value) => value.plays);
  const days = sum((value) => value.days);
  return {
    plays,
    days,
    plays_a_day: ratio(BigInt(plays), BigInt(days)),
    by_year: years.map(({ year, value: { plays: _, plays_a_day: __, ...rest } }) => ({ year, ...rest })),
  };
}
