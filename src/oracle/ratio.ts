/** Steps per unit: ratios have four decimals. */
export const SCALE = 10_000;

/**
 * `num / den` in whole ten-thousandths, half up. Both are whole numbers, `num` not negative, `den`
 * positive.
 */
export function tenThousandths(num: bigint, den: bigint): number {
  return Number((2n * num * BigInt(SCALE) + den) / (2n * den));
}

/** `num / den` to four decimals, half up. Both are whole numbers, `num` not negative, `den` positive. */
export function ratio(num: bigint, den: bigint): number {
  return tenThousandths(num, den) / SCALE;
}
