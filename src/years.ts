/** `2010, 2012–2015`, from sorted years. */
export function listYears(years: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const year of years) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === year - 1) last[1] = year;
    else runs.push([year, year]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}

/** Whether a period is one year, and no decade. */
export const isYear = (period: string): boolean => /^\d{4}$/.test(period);
