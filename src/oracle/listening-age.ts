import { datedPlays, type ReleaseYearOf } from './era.ts';
import { groupBy } from './group.ts';
import { ratio } from './ratio.ts';
import type { SettledPlay } from './settle.ts';

/** A listener with fewer plays of a known release year has no age. */
const MIN_PLAYS = 30;

/** Someone of 16 to 21 years hears the music of their life. */
const YOUNGEST = 16;
const SPAN_YEARS = 5;

interface ListeningAge {
  age: number;
  from: number;
  to: number;
  share: number;
  share_of_all: number;
  plays: number;
}

/** The `listening-age` values of a year, by user, from all users' plays. */
export function listeningAges(
  plays: readonly SettledPlay[],
  { year, releaseYearOf }: { year: number; releaseYearOf: ReleaseYearOf },
): Map<string, ListeningAge> {
  const dated = datedPlays(plays, releaseYearOf);
  const users = groupBy(dated, ({ user_id }) => user_id);
  const ages = new Map<string, ListeningAge>();
  if (users.size < 2) return ages;
  for (const [user, own] of users) {
    if (own.length < MIN_PLAYS) continue;
    const within = (some: typeof dated, from: number) =>
      BigInt(some.filter(({ released }) => released >= from && released < from + SPAN_YEARS).length);
    const all = [BigInt(own.length), BigInt(dated.length)] as const;
    const spans = [...new Set(own.map(({ released }) => released))]
      .filter((from) => from <= year)
      .sort((a, b) => b - a)
      .map((from) => {
        const [ours, theirs] = [within(own, from), within(dated, from)];
        return { from, ours, theirs, above: ours * all[1] - theirs * all[0] };
      });
    if (spans.length === 0) continue;
    // The first of equals is the latest.
    const best = spans.reduce((a, b) => (b.above > a.above ? b : a));
    if (best.above <= 0n) continue;
    ages.set(user, {
      age: year - best.from + YOUNGEST,
      from: best.from,
      to: best.from + SPAN_YEARS - 1,
      share: ratio(best.ours, all[0]),
      share_of_all: ratio(best.theirs, all[1]),
      plays: own.length,
    });
  }
  return ages;
}

/** A decade's `listening-age` of one user, from the years' values in their order. */
export const listeningAgeOfYears = (years: readonly { year: number; value: ListeningAge }[]) => ({
  by_year: years.map(({ year, value: { age, from, to } }) => ({ year, age, from, to })),
});
