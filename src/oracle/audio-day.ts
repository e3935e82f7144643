import { rank } from './rankings.ts';
import { ratio } from './ratio.ts';
import type { Artist, SettledPlay } from './settle.ts';

/** The hours of each part of the day. */
const PARTS = {
  morning: [5, 6, 7, 8, 9, 10],
  midday: [11, 12, 13, 14, 15, 16],
  evening: [17, 18, 19, 20, 21, 22],
  night: [23, 0, 1, 2, 3, 4],
};

/** The `audio-day` value of one user's plays in a year; null where no play's artist has a genre. */
export function audioDay(plays: readonly SettledPlay[], genresOf: (artist: Artist) => ReadonlySet<string>) {
  const value = Object.fromEntries(
    Object.entries(PARTS).map(([part, hours]) => [
      part,
      topGenre(
        plays.filter(({ hour }) => hours.includes(hour)),
        genresOf,
      ),
    ]),
  );
  return Object.values(value).every((top) => top === null) ? null : value;
}

function topGenre(plays: readonly SettledPlay[], genresOf: (artist: Artist) => ReadonlySet<string>) {
  const withGenre = plays.flatMap(({ ms, artist }) => {
    const genres = artist === null ? [] : [...genresOf(artist)];
    return genres.length === 0 ? [] : { ms, genres };
  });
  const [top] = rank(
    withGenre.flatMap(({ ms, genres }) => genres.map((thing) => ({ ms, thing }))),
    (genre) => genre,
    (genre) => [genre],
  );
  if (top === undefined) return null;
  return { genre: top.thing, plays: top.plays, share: ratio(BigInt(top.plays), BigInt(withGenre.length)) };
}

/** The `audio-day` value of a decade, from the values of its years in order. */
export function audioDayOfYears(
  years: readonly { year: number; value: Record<string, { genre: string } | null> }[],
) {
  const by_year = years.map(({ year, value }) => ({
    year,
    ...Object.fromEntries(Object.entries(value).map(([part, top]) => [part, top?.genre ?? null])),
  }));
  return { by_year };
}
