import { groupBy } from './group.ts';
import { compareText } from './order.ts';
import { rank, TOP } from './rankings.ts';
import type { Artist, SettledPlay } from './settle.ts';

const DAY_MS = 24 * 60 * 60_000;

/** So many days make a year. */
const YEAR = 365;

type Comeback = NonNullable<ReturnType<typeof comeback>>;

/**
 * The `comeback` value of one user's plays in a year; null where no artist came back.
 * @param before the user's plays of all years before
 */
export function comeback(plays: readonly SettledPlay[], before: readonly SettledPlay[]) {
  const daysBefore = daysOf(before);
  const daysNow = daysOf(plays);
  const entries = rank(
    plays.flatMap(({ ms, artist }) => (artist === null ? [] : { ms, thing: artist })),
    ({ key }) => key,
    ({ artist, artist_id }: Artist) => [artist, artist_id],
  ).flatMap(({ thing: { key, artist, artist_id }, plays: count, ms }) => {
    const last = daysBefore.get(key)?.at(-1);
    const again = daysNow.get(key)![0]!;
    if (last === undefined) return [];
    const days = (Date.parse(again) - Date.parse(last)) / DAY_MS;
    if (days < YEAR) return [];
    return [{ artist, ...(artist_id !== null && { artist_id }), plays: count, ms, last, again, days }];
  });
  if (entries.length === 0) return null;
  return { back: entries.length, artists: entries.slice(0, TOP), longest: longestOf(entries) };
}

/** A decade's `comeback` of one user, from the years' values in their order. */
export const comebackOfYears = (years: readonly { year: number; value: Comeback }[]) => ({
  back: years.reduce((sum, { value }) => sum + value.back, 0),
  longest: longestOf(years.map(({ value }) => value.longest)),
  by_year: years.map(({ year, value: { back } }) => ({ year, back })),
});

/** The first of the longest. */
function longestOf<Entry extends { days: number }>(entries: readonly Entry[]): Entry {
  return entries.reduce((longest, entry) => (entry.days > longest.days ? entry : longest));
}

/** The days on which each artist was played, in order. */
const daysOf = (plays: readonly SettledPlay[]) =>
  new Map(
    [
      ...groupBy(
        plays.filter(({ artist }) => artist !== null),
        ({ artist }) => artist!.key,
      ),
    ].map(([key, own]) => [key, own.map(({ day }) => day).sort(compareText)]),
  );
