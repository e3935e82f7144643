import { groupBy } from './group.ts';
import type { Identity } from './history.ts';
import type { ListenRow } from './listen-rows.ts';
import { compareText } from './order.ts';
import { TOP } from './rankings.ts';
import { trackKey } from './settle.ts';

const MS_PER_MINUTE = 60_000;

/** The `podcast` value of one user's rows in a year; null where none is of an episode. */
export function podcast(rows: readonly ListenRow[], identity: Identity) {
  const own = rows.filter(({ kind }) => kind === 'episode');
  if (own.length === 0) return null;
  const shows = [...groupBy(own, ({ artist }) => artist)]
    .flatMap(([show, heard]) => (show === null ? [] : { show, ...summed(heard, identity) }))
    .sort((a, b) => (b.ms ?? 0) - (a.ms ?? 0) || b.listens - a.listens || compareText(a.show, b.show));
  return {
    ...summed(own, identity),
    shows: shows.slice(0, TOP).map(({ ms: _, ...show }) => show),
    distinct: shows.length,
  };
}

function summed(rows: readonly ListenRow[], identity: Identity) {
  const known = rows.flatMap(({ ms }) => ms ?? []);
  const ms = known.length === 0 ? null : known.reduce((sum, length) => sum + length, 0);
  return {
    minutes: ms === null ? null : Math.floor(ms / MS_PER_MINUTE),
    ms,
    listens: rows.length,
    episodes: new Set(rows.flatMap((row) => trackKey(row, identity) ?? [])).size,
  };
}

/** The `podcast` value of a decade, from the values of its years in order. */
export function podcastOfYears(
  years: readonly { year: number; value: NonNullable<ReturnType<typeof podcast>> }[],
) {
  const known = years.flatMap(({ value }) => value.ms ?? []);
  return {
    minutes: known.length === 0 ? null : Math.floor(known.reduce((sum, ms) => sum + ms, 0) / MS_PER_MINUTE),
    listens: years.reduce((sum, { value }) => sum + value.listens, 0),
    by_year: years.map(({ year, value }) => ({
      year,
      minutes: value.minutes,
      show: value.shows[0]?.show ?? null,
    })),
  };
}
