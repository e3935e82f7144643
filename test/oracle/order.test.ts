import { expect, test } from 'vitest';
import { compareText, compareTexts } from '../../src/oracle/order.ts';

test('texts are in order of their UTF-8 bytes', () => {
  const ordered = ['', ' A', 'A', 'A ', 'A\u0308', 'B', 'a', 'Ä', '\uff21', '\u{1d11e}'];
  expect([...ordered].reverse().sort(compareText)).toEqual(ordered);
  expect([...ordered].sort()).not.toEqual(ordered);
});

test('lists of texts are compared one after the other, a null as an empty text', () => {
  expect(compareTexts(['a', 'z'], ['b', 'a'])).toBeLessThan(0);
  expect(compareTexts(['a', 'z'], ['a', 'b'])).toBeGreaterThan(0);
  expect(compareTexts([null, 'b'], ['', 'a'])).toBeGreaterThan(0);
  expect(compareTexts([null, 'a'], ['', 'a'])).toBeLessThan(0);
  expect(compareTexts([null, 'a'], [null, 'a'])).toBe(0);
});
