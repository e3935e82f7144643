import { groupBy } from './group.ts';
import { topArtist } from './rankings.ts';
import { SCALE } from './ratio.ts';
import type { SettledPlay } from './settle.ts';

type Fan = NonNullable<ReturnType<typeof topArtist>>['artists'][number] & {
  by: 'ms' | 'plays';
  place: number;
  listeners: number;
  top: number;
};

/** The `top-fan` values of a year, by user, from all users' plays. */
export function topFans(plays: readonly SettledPlay[]): Map<string, Fan> {
  const byArtist = groupBy(plays, ({ artist }) => artist?.key);
  const fans = new Map<string, Fan>();
  for (const [user, own] of groupBy(plays, ({ user_id }) => user_id)) {
    const favourite = topArtist(own)?.artists[0];
    if (favourite === undefined) continue;
    const key = own.find(
      ({ artist }) =>
        artist !== null &&
        artist.artist === favourite.artist &&
        artist.artist_id === (favourite.artist_id ?? null),
    )!.artist!.key;
    const ofArtist = byArtist.get(key)!;
    const by = ofArtist.every(({ ms }) => ms !== null) ? 'ms' : 'plays';
    const amounts = new Map(
      [...groupBy(ofArtist, ({ user_id }) => user_id)].map(([listener, theirs]) => [
        listener,
        by === 'plays' ? theirs.length : theirs.reduce((sum, { ms }) => sum + ms!, 0),
      ]),
    );
    if (amounts.size === 1) continue;
    const ahead = [...amounts.values()].filter((amount) => amount > amounts.get(user)!).length;
    const place = ahead + 1;
    const top = Math.ceil((place * SCALE) / amounts.size) / SCALE;
    fans.set(user, { ...favourite, by, place, listeners: amounts.size, top });
  }
  return fans;
}

/** A decade's `top-fan` of one user, from the years' values in their order. */
export function topFanOfYears(years: readonly { year: number; value: Fan }[]) {
  const by_year = years.map(({ year, value: { artist, artist_id, place, listeners, top } }) => ({
    year,
    artist,
    ...(artist_id !== undefined && { artist_id }),
    place,
    listeners,
    top,
  }));
  const [best] = [...by_year].sort((a, b) => a.top - b.top || b.listeners - a.listeners || a.year - b.year);
  return { best: best!, by_year };
}
