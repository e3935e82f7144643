import { highest } from './extremes.ts';
import { groupBy } from './group.ts';
import { compareTracks, shownTrack } from './in-order.ts';
import { compareText } from './order.ts';
import { rank, TOP } from './rankings.ts';
import type { SettledPlay, Track } from './settle.ts';

const POPULAR = 1000;
const MIN_LISTENERS = 10;
const DAY_MS = 24 * 60 * 60_000;

interface Tastemaker {
  early: number;
  of: number;
  tracks: object[];
}

/** The `tastemaker` values of a year, by user, from all users' plays. */
export function tastemakers(plays: readonly SettledPlay[]): Map<string, Tastemaker> {
  const known = plays.filter(({ track }) => track !== null);
  const byTrack = groupBy(known, ({ track }) => track!.key);
  const popular = rank(
    known.map(({ ms, track }) => ({ ms, thing: track! })),
    ({ key }) => key,
    ({ track, artist, track_id, artist_id }: Track) => [track, artist, track_id, artist_id],
  )
    .slice(0, POPULAR)
    .map(({ thing }) => ({ track: thing, all: byTrack.get(thing.key)! }))
    .filter(({ all }) => new Set(all.map(({ user_id }) => user_id)).size >= MIN_LISTENERS)
    .map(({ track, all }) => {
      const starts = all.map(({ started }) => started).sort((a, b) => a - b);
      return { track, all, half: starts[Math.ceil(starts.length / 2) - 1]! };
    });

  const entries = popular.flatMap(({ track, all, half }) =>
    [...groupBy(all, ({ user_id }) => user_id)].map(([user, own]) => {
      const early = own.filter(({ started }) => started < half);
      const ms = highest(early.map(({ started }) => half - started));
      const [first] = early.map(({ day }) => day).sort(compareText);
      return { user, track, ms, first };
    }),
  );
  return new Map(
    [...groupBy(entries, ({ user }) => user)].map(([user, own]) => {
      const early = own
        .filter(({ first }) => first !== undefined)
        .sort((a, b) => b.ms - a.ms || compareTracks(a.track, b.track));
      const tracks = early
        .slice(0, TOP)
        .map(({ track, first, ms }) => ({ ...shownTrack(track), first, days: Math.floor(ms / DAY_MS) }));
      return [user, { early: early.length, of: own.length, tracks }];
    }),
  );
}

/** A decade's `tastemaker` of one user, from the years' values in their order. */
export const tastemakerOfYears = (years: readonly { year: number; value: Tastemaker }[]) => ({
  early: years.reduce((sum, { value }) => sum + value.early, 0),
  of: years.reduce((sum, { value }) => sum + value.of, 0),
  by_year: years.map(({ year, value: { early, of } }) => ({ year, early, of })),
});
