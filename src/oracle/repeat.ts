import { groupBy } from './group.ts';
import { compareTracks, inOrder, shownTrack } from './in-order.ts';
import { compareText } from './order.ts';
import type { SettledPlay } from './settle.ts';

/** The `repeat` value of one user's plays in a year; null where nothing was played twice. */
export function repeat(plays: readonly SettledPlay[]) {
  const known = plays.filter(({ track }) => track !== null);
  const days = groupBy(known, ({ track, day }) => `${day} ${track!.key}`);

  const rows: SettledPlay[][] = [];
  for (const play of inOrder(plays)) {
    const row = rows.at(-1);
    if (row !== undefined && play.track !== null && row[0]!.track?.key === play.track.key) row.push(play);
    else rows.push([play]);
  }

  const value = { in_a_day: best([...days.values()]), in_a_row: best(rows) };
  return value.in_a_day === null && value.in_a_row === null ? null : value;
}

/** The `repeat` value of a decade, from the values of its years in order. */
export function repeatOfYears(years: readonly { value: NonNullable<ReturnType<typeof repeat>> }[]) {
  const most = (records: (ReturnType<typeof best> | null)[]) =>
    records.reduce((found, one) => (one !== null && one.plays > (found?.plays ?? 0) ? one : found), null);
  return {
    in_a_day: most(years.map(({ value }) => value.in_a_day)),
    in_a_row: most(years.map(({ value }) => value.in_a_row)),
  };
}

/** The largest group of plays of one track, of several the earliest, then the first by name. */
function best(groups: readonly SettledPlay[][]) {
  const [largest] = groups
    .filter((group) => group.length > 1)
    .sort(
      ([a, ...restOfA], [b, ...restOfB]) =>
        restOfB.length - restOfA.length || compareText(a!.day, b!.day) || compareTracks(a!.track, b!.track),
    );
  if (largest === undefined) return null;
  const [{ track, day }] = largest as [SettledPlay];
  return { ...shownTrack(track!), plays: largest.length, day };
}
