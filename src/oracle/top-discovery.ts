import { groupBy } from './group.ts';
import { rank } from './rankings.ts';
import type { SettledPlay, Track } from './settle.ts';

const LENGTH = 50;
const MORE_THAN = 3;
const OF_ONE_ARTIST = 2;

type Shown = ReturnType<typeof shown>;

interface TopDiscovery {
  tracks: (Shown & { plays: number; ms: number | null })[];
  distinct: number;
}

/** The `top-discovery` values by year and user; see `newArtists`. */
export function topDiscoveries(
  years: readonly { year: number; plays: readonly SettledPlay[] }[],
  firstYearOf: (user: string) => number,
): { year: number; user: string; value: TopDiscovery }[] {
  const heard = new Map<string, Set<string>>();
  return [...years]
    .sort((a, b) => a.year - b.year)
    .flatMap(({ year, plays }) => {
      const artistOf = new Map(plays.flatMap(({ track, artist }) => (track ? [[track.key, artist]] : [])));
      const ofTracks = plays.flatMap(({ user_id, ms, track }) =>
        track === null ? [] : [{ user_id, ms, thing: track }],
      );
      return [...groupBy(ofTracks, ({ user_id }) => user_id)].flatMap(([user, own]) => {
        const before = heard.get(user) ?? new Set();
        heard.set(user, new Set([...before, ...own.map(({ thing }) => thing.key)]));
        if (firstYearOf(user) >= year) return [];
        const found = rank(
          own.filter(({ thing }) => !before.has(thing.key)),
          ({ key }) => key,
          ({ track, artist, track_id, artist_id }) => [track, artist, track_id, artist_id],
        ).filter(({ plays: count }) => count > MORE_THAN);
        if (found.length === 0) return [];
        const taken = new Map<string, number>();
        const tracks = found
          .filter(({ thing }) => {
            const artist = artistOf.get(thing.key)?.key;
            if (artist === undefined) return true;
            taken.set(artist, (taken.get(artist) ?? 0) + 1);
            return taken.get(artist)! <= OF_ONE_ARTIST;
          })
          .slice(0, LENGTH)
          .map(({ thing, plays: count, ms }) => ({ ...shown(thing), plays: count, ms }));
        return [{ year, user, value: { tracks, distinct: found.length } }];
      });
    });
}

/** A decade's `top-discovery` of one user, from the years' values in their order. */
export const topDiscoveryOfYears = (years: readonly { year: number; value: TopDiscovery }[]) => ({
  distinct: years.reduce((sum, { value }) => sum + value.distinct, 0),
  by_year: years.map(({ year, value }) => {
    const { ms: _, ...first } = value.tracks[0]!;
    return { year, ...first };
  }),
});

const shown = ({ track, artist, track_id, artist_id }: Track) => ({
  track,
  artist,
  ...(track_id !== null && { track_id }),
  ...(artist_id !== null && { artist_id }),
});
