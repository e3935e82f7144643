import { expect, test } from 'vitest';
import { linesOf } from './rows.ts';

const told = (column: string, value: unknown): string =>
  linesOf({ [column]: value }, { period: column.split('#')[1] as string })
    .split('\n\n')
    .slice(1)
    .join('\n\n');

test('of a year: shows by minutes', () => {
  const shows = [
    { show: 'The Show', minutes: 1500, listens: 40, episodes: 31 },
    { show: 'Another Show', minutes: 12, listens: 1, episodes: 1 },
    { show: 'Of No Length', minutes: null, listens: 1, episodes: 1 },
  ];
  expect(
    told('podcast#2019', { minutes: 1512, ms: 1, listens: 42, episodes: 33, shows, distinct: 3 }),
  ).toMatchInlineSnapshot(`
    "  Podcasts · 1 day and 1 hour, 33 episodes                   minutes  episodes
      1  The Show      ████████████████████████████████████████    1,500        31
      2  Another Show  ▍                                              12         1
      3  Of No Length                                                  0         1
    "
  `);
  expect(
    told('podcast#2019', { minutes: null, ms: null, listens: 1, episodes: 1, shows: [], distinct: 0 }),
  ).toMatchInlineSnapshot(`
    "  Podcasts
      none
    "
  `);
});

test('of a decade: the minutes and the first show of each year', () => {
  const by_year = [
    { year: 2018, minutes: 12, show: 'Another Show' },
    { year: 2019, minutes: 1512, show: 'The Show' },
    { year: 2020, minutes: null, show: null },
  ];
  expect(told('podcast#2011-2020', { minutes: 1524, listens: 43, by_year })).toMatchInlineSnapshot(`
    "  Podcasts · 1 day and 1 hour                                          minutes
      2018  Another Show  ▍                                                     12
      2019  The Show      ███████████████████████████████████████████████    1,512
      2020
    "
  `);
});
