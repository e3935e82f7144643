const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** A bar `share` of `width` columns long, in eighths of a column; what is more than nothing shows. `share` is from 0 to 1. */
export function bar(share: number, width: number): string {
  const eighths = share > 0 ? Math.max(1, Math.round(share * width * 8)) : 0;
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}

/** Each value's share of the largest, from 0 to 1. */
export function sharesOfLargest(values: readonly number[]): number[] {
  const largest = Math.max(...values);
  return values.map((value) => (value > 0 ? value / largest : 0));
}

const LEVELS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A line of columns, each `wide` characters, as high as its value beside the largest; what is more than nothing shows. */
export const levels = (values: readonly number[], wide: number): string =>
  sharesOfLargest(values)
    .map((share) =>
      (share === 0 ? ' ' : (LEVELS[Math.ceil(share * LEVELS.length) - 1] as string)).repeat(wide),
    )
    .join('');
