/** The lowest of numbers; Infinity of none. However many: spread into a call of `Math.min`, a hundred thousand overflow the stack. */
export const lowest = (numbers: readonly number[]): number =>
  numbers.reduce((low, number) => Math.min(low, number), Number.POSITIVE_INFINITY);

/** The highest of numbers; -Infinity of none. */
export const highest = (numbers: readonly number[]): number =>
  numbers.reduce((high, number) => Math.max(high, number), Number.NEGATIVE_INFINITY);
