import { groupBy } from './group.ts';
import { rank, TOP } from './rankings.ts';
import { ratio } from './ratio.ts';
import type { SettledPlay } from './settle.ts';

interface NewArtists {
  new: number;
  of: number;
  share: number;
  artists: unknown[];
}

/**
 * The `new-artists` values by year and user.
 * @param years the plays of every year
 * @param firstYearOf the first year of the lake in which there is any music of a user
 */
export function newArtists(
  years: readonly { year: number; plays: readonly SettledPlay[] }[],
  firstYearOf: (user: string) => number,
): { year: number; user: string; value: NewArtists }[] {
  const heard = new Map<string, Set<string>>();
  return [...years]
    .sort((a, b) => a.year - b.year)
    .flatMap(({ year, plays }) => {
      const ofArtists = plays.flatMap(({ user_id, ms, artist }) =>
        artist === null ? [] : [{ user_id, ms, thing: artist }],
      );
      return [...groupBy(ofArtists, ({ user_id }) => user_id)].flatMap(([user, own]) => {
        const before = heard.get(user) ?? new Set();
        const keys = new Set(own.map(({ thing }) => thing.key));
        heard.set(user, new Set([...before, ...keys]));
        if (firstYearOf(user) >= year) return [];
        const ranking = rank(
          own.filter(({ thing }) => !before.has(thing.key)),
          ({ key }) => key,
          ({ artist, artist_id }) => [artist, artist_id],
        );
        const artists = ranking.slice(0, TOP).map(({ thing: { artist, artist_id }, plays, ms }) => ({
          artist,
          ...(artist_id !== null && { artist_id }),
          plays,
          ms,
        }));
        const share = ratio(BigInt(ranking.length), BigInt(keys.size));
        return [{ year, user, value: { new: ranking.length, of: keys.size, share, artists } }];
      });
    });
}

/** A decade's `new-artists` of one user, from the years' values in their order. */
export const newArtistsOfYears = (years: readonly { year: number; value: NewArtists }[]) => ({
  new: years.reduce((sum, { value }) => sum + value.new, 0),
  by_year: years.map(({ year, value }) => ({ year, new: value.new, of: value.of })),
});
