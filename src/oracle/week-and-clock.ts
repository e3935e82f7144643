import { ratio } from './ratio.ts';
import type { SettledPlay } from './settle.ts';

const NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** The `weekday` value of one user's plays, in a year or a decade. */
export function weekday(plays: readonly SettledPlay[]) {
  const weekdays = NAMES.map((_, place) => plays.filter(({ day }) => weekdayOf(day) === place).length);
  const { place, ...most } = peak(weekdays);
  return { weekdays, peak: { weekday: NAMES[place], ...most } };
}

/** 0 for Monday to 6, where JavaScript has 0 for Sunday. */
const weekdayOf = (day: string): number => (new Date(day).getUTCDay() + 6) % 7;

/** The `clock` value of one user's plays, in a year or a decade. */
export function clock(plays: readonly SettledPlay[]) {
  const hours = Array.from({ length: 24 }, (_, hour) => plays.filter((play) => play.hour === hour).length);
  const { place, ...most } = peak(hours);
  return { hours, peak: { hour: place, ...most } };
}

/** The first of the highest, and its share of all. */
function peak(counts: readonly number[]) {
  const plays = Math.max(...counts);
  const all = counts.reduce((sum, count) => sum + count, 0);
  return { place: counts.indexOf(plays), plays, share: ratio(BigInt(plays), BigInt(all)) };
}
