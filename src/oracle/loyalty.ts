import { groupBy } from './group.ts';
import { rank, TOP } from './rankings.ts';
import type { Artist, SettledPlay } from './settle.ts';

type Loyalty = NonNullable<ReturnType<typeof loyalty>>;

/**
 * The `loyalty` value of one user's plays in a year; null where there is nothing to tell.
 * @param before the user's plays in the year before; none where the lake begins after it
 */
export function loyalty(plays: readonly SettledPlay[], before: readonly SettledPlay[]) {
  const ranking = artistsOf(plays);
  const last = artistsOf(before).slice(0, TOP);
  const lastPlace = new Map(last.map(({ thing }, index) => [thing.key, index + 1]));
  const still = ranking.slice(0, TOP).flatMap(({ thing }, index) => {
    const last_place = lastPlace.get(thing.key);
    return last_place === undefined ? [] : { ...shown(thing), place: index + 1, last_place };
  });
  const kept = last.length === 0 ? null : { still: still.length, of: last.length, artists: still };

  const months = new Map(
    [...groupBy(plays, ({ artist }) => artist?.key)].map(([key, own]) => [
      key,
      new Set(own.map(({ day }) => day.slice(0, 'YYYY-MM'.length))).size,
    ]),
  );
  const inMost = Math.max(0, ...ranking.map(({ thing }) => months.get(thing.key)!));
  // Of those in as many months the first of the ranking.
  const first = ranking.find(({ thing }) => months.get(thing.key) === inMost);
  const most_months =
    first === undefined || inMost < 2
      ? null
      : { ...shown(first.thing), months: inMost, plays: first.plays, ms: first.ms };

  return ranking.length === 0 || (kept === null && most_months === null) ? null : { kept, most_months };
}

/** A decade's `loyalty` of one user, from the years' values in their order. */
export const loyaltyOfYears = (years: readonly { year: number; value: Loyalty }[]) => ({
  by_year: years.map(({ year, value: { kept, most_months } }) => ({
    year,
    still: kept?.still ?? null,
    of: kept?.of ?? null,
    most_months,
  })),
});

const artistsOf = (plays: readonly SettledPlay[]) =>
  rank(
    plays.flatMap(({ ms, artist }) => (artist === null ? [] : { ms, thing: artist })),
    ({ key }) => key,
    ({ artist, artist_id }: Artist) => [artist, artist_id],
  );

const shown = ({ artist, artist_id }: Artist) => ({
  artist,
  ...(artist_id !== null && { artist_id }),
});
