/** Consecutive years that a column is of together, `2010-2019`. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** The years in a decade that is not asked for by its years. */
const DECADE = 10;

/** `2010-2019` */
export const periodName = ({ from, to }: Period): string => `${from}-${to}`;

export const lengthOf = ({ from, to }: Period): number => to - from + 1;

/** A century is the longest period. */
const MOST_YEARS = 100;

/** Undefined for text that is no period of two years to a hundred, such as `2019`. */
export function parsePeriod(text: string): Period | undefined {
  const [, from, to] = /^(\d{4})[-–](\d{4})$/.exec(text) ?? [];
  const period = { from: Number(from), to: Number(to) };
  return lengthOf(period) > 1 && lengthOf(period) <= MOST_YEARS ? period : undefined;
}

/** The ten years that end with this one. */
export const decadeUpTo = (year: number): Period => ({ from: year - DECADE + 1, to: year });
