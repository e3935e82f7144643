import { expect, test } from 'vitest';
import { ratio } from '../../src/oracle/ratio.ts';

test.each([
  [0n, 7n, 0],
  [1n, 1n, 1],
  [1n, 3n, 0.3333],
  [2n, 3n, 0.6667],
  [1n, 20_000n, 0.0001],
  [3n, 20_000n, 0.0002],
  [999_999n, 20_000_000_000n, 0],
  [10n ** 20n + 1n, 2n * 10n ** 20n, 0.5],
])('%s / %s is %d', (num, den, expected) => {
  expect(ratio(num, den)).toBe(expected);
});
