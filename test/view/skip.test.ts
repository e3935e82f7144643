import { expect, test } from 'vitest';
import { linesOf } from './rows.ts';

const told = (column: string, value: unknown): string =>
  linesOf({ [column]: value }, { period: column.split('#')[1] as string })
    .split('\n\n')
    .slice(1)
    .join('\n\n');

const value = {
  listens: 4000,
  skipped: 1234,
  share: 0.3085,
  short: 800,
  marked: 1000,
  most: { artist: 'Fast Band', listens: 120, skipped: 96, share: 0.8 },
  least: { artist: null, artist_id: 'a1', listens: 300, skipped: 6, share: 0.02 },
};

test('of a year', () => {
  expect(told('skip#2019', value)).toMatchInlineSnapshot(`
    "  Skipped
      31% of what you put on, 1,234 of 4,000
      most often Fast Band, 80% of 120 · least often a1, 2% of 300
    "
  `);
  expect(told('skip#2019', { ...value, marked: null, most: null, least: null })).toMatchInlineSnapshot(`
    "  Skipped
      31% of what you put on, 1,234 of 4,000
      those under 30 seconds alone: no others are marked
    "
  `);
});

test('of a decade: a line per year', () => {
  const { most, least } = value;
  const by_year = [
    { year: 2018, listens: 900, share: 0.05, marked: null, most: null, least: null },
    { year: 2019, listens: 4000, share: 0.3085, marked: 1000, most, least },
  ];
  expect(
    told('skip#2010-2019', { listens: 4000, skipped: 1234, share: 0.3085, marked: 1000, by_year }),
  ).toMatchInlineSnapshot(`
    "  Skipped · 31% of 4,000
            skipped  most       least
      2018       5%                    short alone
      2019      31%  Fast Band  a1
    "
  `);
});
