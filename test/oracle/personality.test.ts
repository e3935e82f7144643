import { describe, expect, test } from 'vitest';
import type { ListenerAxes } from '../../src/oracle/axes.ts';
import { AXES } from '../../src/oracle/history.ts';
import { personalities } from '../../src/oracle/personality.ts';

const HALVES = { familiarity: 0.5, newness: 0.5, variety: 0.5, popularity: 0.5 };

/** The codes of listeners with these axes, in ten-thousandths, in the order of the letters. */
function codesOf(listeners: readonly (number | null)[][], cuts = HALVES): string[] {
  const axes = listeners.map(
    (values, index) =>
      [`u${index}`, Object.fromEntries(AXES.map((axis, i) => [axis, values[i]])) as ListenerAxes] as const,
  );
  return [...personalities(new Map(axes), cuts).values()].map(({ code }) => code);
}

test('at or above a cut are F, N, V, C and below it E, T, L, U', () => {
  expect(codesOf([[5000, 5000, 5000, 5000]])).toEqual(['FNVC']);
  expect(codesOf([[4999, 4999, 4999, 4999]])).toEqual(['ETLU']);
  expect(codesOf([[0, 5000, 0, 5000]])).toEqual(['ENLC']);
  expect(codesOf([[0, 610, 0, 0]], { ...HALVES, newness: 0.061 })).toEqual(['ENLU']);
});

test('a listener with an unknown axis has none', () => {
  expect(codesOf([[5000, null, 5000, 5000]])).toEqual([]);
});

test('each code has its name, beside axes of four decimals', () => {
  const axes = { familiarity: 1, newness: 9999, variety: 10_000, popularity: 0 };
  expect(personalities(new Map([['ann', axes]]), HALVES).get('ann')).toEqual({
    code: 'ENVU',
    name: 'Adventurer',
    axes: { familiarity: 0.0001, newness: 0.9999, variety: 1, popularity: 0 },
  });
});

describe('the cut is the median of 1,000 listeners or more', () => {
  const crowd = (size: number) => Array.from({ length: size }, (_, n) => [n, n, n, n]);
  const countF = (codes: readonly string[]) => codes.filter((code) => code === 'FNVC').length;

  test('999 have the fixed cuts, and one more with an unknown axis does not count', () => {
    expect(countF(codesOf([...crowd(999), [1, 1, 1, null]]))).toBe(0);
  });

  test('of 1,000 the mean of the two middle ones: 499.5', () => {
    expect(countF(codesOf(crowd(1000)))).toBe(500);
  });

  test('of 1,001 the middle one: 500, and who is at it is above', () => {
    expect(countF(codesOf(crowd(1001)))).toBe(501);
  });

  test('where all are the same all are above', () => {
    expect(countF(codesOf(crowd(1000).map(() => [7, 7, 7, 7])))).toBe(1000);
  });
});
