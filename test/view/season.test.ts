import { expect, test } from 'vitest';
import { linesOf } from './rows.ts';

const told = (column: string, value: unknown): string =>
  linesOf({ [column]: value }, { period: column.split('#')[1] as string })
    .split('\n\n')
    .slice(1)
    .join('\n\n');

const abba = { artist: 'ABBA', plays: 20 };
const waterloo = { track: 'Waterloo', artist: 'ABBA', plays: 12 };

test('a line per season with a play, the artist and the track', () => {
  const value = {
    hemisphere: null,
    winter: { plays: 60, artist: abba, track: waterloo },
    spring: null,
    summer: {
      plays: 30,
      artist: { artist: null, artist_id: 'a1', plays: 2 },
      track: { ...waterloo, track: null, track_id: 't1' },
    },
    autumn: { plays: 1, artist: null, track: null },
  };
  expect(told('season#2019', value)).toMatchInlineSnapshot(`
    "  Seasons · of the north: no country is known                            plays
      winter  ABBA  Waterloo by ABBA  █████████████████████████████████████     60
      summer  a1    t1 by ABBA        ██████████████████▌                       30
      autumn                          ▋                                          1
    "
  `);
});

test('where the country is known, so are the seasons', () => {
  const value = {
    hemisphere: 'southern',
    winter: null,
    spring: null,
    summer: { plays: 60, artist: abba, track: waterloo },
    autumn: null,
  };
  expect(told('season#2019', value)).not.toContain('of the north');
});

test('of a decade the artists', () => {
  const top = { artist: { artist: 'ABBA' }, track: { track: 'Waterloo', artist: 'ABBA' } };
  const by_year = [
    { year: 2018, winter: top, spring: null, summer: { ...top, artist: null }, autumn: top },
    {
      year: 2019,
      winter: null,
      spring: { ...top, artist: { artist: null, artist_id: 'a1' } },
      summer: top,
      autumn: top,
    },
  ];
  expect(told('season#2010-2019', { by_year })).toMatchInlineSnapshot(`
    "  Seasons
            winter  spring  summer  autumn
      2018  ABBA                    ABBA
      2019          a1      ABBA    ABBA
    "
  `);
});
