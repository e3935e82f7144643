import { describe, expect, test } from 'vitest';
import { linesOf } from './rows.ts';

/** What is shown below the banner: the lines of one story. */
const told = (column: string, value: unknown): string => {
  const period = column.split('#')[1] as string;
  return linesOf({ [column]: value }, { period })
    .split('\n\n')
    .slice(1)
    .join('\n\n');
};

describe('top-fan', () => {
  const fan = {
    artist: 'ABBA',
    plays: 265,
    ms: 59_289_699,
    by: 'ms',
    place: 12,
    listeners: 4321,
    top: 0.0028,
  };

  test('of a year', () => {
    expect(told('top-fan#2019', fan)).toMatchInlineSnapshot(`
      "  Top fan
        You are number 12 of 4,321 listeners of ABBA
        in the top 0.28% · by time listened
      "
    `);
    expect(
      told('top-fan#2019', { ...fan, artist: null, artist_id: 'a1', by: 'plays' }),
    ).toMatchInlineSnapshot(`
      "  Top fan
        You are number 12 of 4,321 listeners of a1
        in the top 0.28% · by plays: not all lengths are known
      "
    `);
  });

  test('of a decade', () => {
    const years = [2018, 2019].map((year) => ({ ...fan, year }));
    expect(told('top-fan#2010-2019', { best: years[1], by_year: years })).toMatchInlineSnapshot(`
      "  Top fan
        In 2019 you were number 12 of 4,321 listeners of ABBA, in the top 0.28%
        Over the years: ABBA (top 0.28%) 2018–2019
      "
    `);
  });
});
