import { expect, test } from 'vitest';
import { bar } from '../../src/view/bar.ts';
import { chance, count, duration, percent, plural, span, topShare } from '../../src/view/format.ts';

test.each([
  [0, ''],
  [1, '1 minute'],
  [60, '1 hour'],
  [200, '3 hours and 20 minutes'],
  [1440, '1 day'],
  [12_345, '8 days and 13 hours'],
  [1_000_000, '694 days and 10 hours'],
])('%d minutes are %s', (minutes, text) => {
  expect(span(minutes)).toBe(text);
});

test.each([
  [0, '0s'],
  [59_999, '59s'],
  [60_000, '1m'],
  [3_600_000, '1h 00m'],
  [59_289_699, '16h 28m'],
  [7_200_000_000, '2,000h 00m'],
])('%d ms are %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('numbers are written in English, whatever the machine speaks', () => {
  expect(count(1_234_567)).toBe('1,234,567');
  expect([0, 1, 999, 1000, 12_345, -1234].map(count)).toEqual(['0', '1', '999', '1,000', '12,345', '-1,234']);
  expect(count(0.23456)).toBe('0.2346');
  expect(plural(1, 'play')).toBe('1 play');
  expect(plural(0, 'play')).toBe('0 plays');
  expect([0, 0.034, 0.21, 1].map(percent)).toEqual(['0%', '3.4%', '21%', '100%']);
  expect([0.0001, 0.0029, 0.01, 0.0211, 0.07, 0.3334, 0.5, 1].map(topShare)).toEqual([
    '0.01%',
    '0.29%',
    '1%',
    '2.2%',
    '7%',
    '34%',
    '50%',
    '100%',
  ]);
  expect([0, 0.0001, 0.0213, 0.61, 1].map(chance)).toEqual([
    'almost never',
    '1 in 10,000',
    '1 in 47',
    '61%',
    '100%',
  ]);
});

test('bars are drawn in eighths, and never hide what is there', () => {
  expect([0, 0.0001, 0.125, 0.5, 0.99, 1].map((share) => bar(share, 2))).toEqual([
    '',
    '▏',
    '▎',
    '█',
    '██',
    '██',
  ]);
});
