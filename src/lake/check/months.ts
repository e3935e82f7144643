import type { Finding } from './checks.ts';

/** Less than this share of either month beside it is thin. */
const THIN = 0.1;
/** In a month of fewer rows it is chance that decides how many there are. */
const FEWEST_ROWS = 1000;

type Found = Pick<Finding, 'found' | 'of' | 'examples'>;

/**
 * The months without rows between the first month that has any and the last, and those with far fewer than the
 * months beside them. The first and the last are not judged: a lake may begin and end in them.
 * @param rows by month, as `2019-05`
 * @param options which years are looked at, if not all, and when a month is still to come
 */
export function judgeMonths(
  rows: ReadonlyMap<string, number>,
  { years, now }: { years?: readonly number[] | undefined; now: Date },
): { gap: Found; thin: Found } {
  const known = [...rows.keys()].filter((month) => month <= monthOf(now)).sort();
  const months = (known.length === 0 ? [] : monthsBetween(known[0]!, known.at(-1)!)).filter(
    (month) => years === undefined || years.includes(parts(month)[0]),
  );
  const at = (index: number) => rows.get(months[index]!) ?? 0;
  const gaps = months.filter((_, index) => at(index) === 0);
  const thin = months.filter((_, index) => {
    if (index === 0 || index === months.length - 1) return false;
    const beside = Math.min(at(index - 1), at(index + 1));
    return beside >= FEWEST_ROWS && at(index) > 0 && at(index) < beside * THIN;
  });
  return {
    gap: { found: gaps.length, of: months.length, examples: spans(gaps, months) },
    thin: { found: thin.length, of: months.length, examples: thin },
  };
}

const monthOf = (instant: Date): string => instant.toISOString().slice(0, 7);

function monthsBetween(first: string, last: string): string[] {
  const months: string[] = [];
  for (let [year, month] = parts(first); ; month++) {
    if (month > 12) [year, month] = [year + 1, 1];
    const name = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`;
    months.push(name);
    if (name >= last) return months;
  }
}

const parts = (month: string): [number, number] => {
  const [year, number] = month.split('-').map(Number);
  return [year!, number!];
};

/** `2013-05`, `2014-02 to 2014-04` */
function spans(some: readonly string[], months: readonly string[]): string[] {
  const runs: string[][] = [];
  let before = -2;
  for (const month of some) {
    const index = months.indexOf(month);
    if (index === before + 1) runs.at(-1)!.push(month);
    else runs.push([month]);
    before = index;
  }
  return runs.map((run) => (run.length === 1 ? run[0]! : `${run[0]} to ${run.at(-1)}`));
}
