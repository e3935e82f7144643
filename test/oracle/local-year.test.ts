import { expect, test } from 'vitest';
import { localYear } from '../../src/oracle/local-year.ts';

test.each([
  ['UTC', '2019-12-31T23:59:59.999Z', 2019],
  ['UTC', '2020-01-01T00:00:00.000Z', 2020],
  ['Etc/GMT+12', '2020-01-01T11:59:59.999Z', 2019],
  ['Etc/GMT+12', '2020-01-01T12:00:00.000Z', 2020],
  ['Pacific/Kiritimati', '2019-12-31T09:59:59.999Z', 2019],
  ['Pacific/Kiritimati', '2019-12-31T10:00:00.000Z', 2020],
  ['Asia/Kolkata', '2019-12-31T18:29:59.999Z', 2019],
  ['Asia/Kolkata', '2019-12-31T18:30:00.000Z', 2020],
  ['America/St_Johns', '2020-01-01T03:29:59.999Z', 2019],
  ['America/St_Johns', '2020-01-01T03:30:00.000Z', 2020],
  // New York has no summer time in January, Lord Howe Island has half an hour of it.
  ['America/New_York', '2020-01-01T04:59:59.999Z', 2019],
  ['Australia/Lord_Howe', '2019-12-31T13:00:00.000Z', 2020],
  // Samoa crossed the date line on 2011-12-30: ten hours behind UTC one New Year, fourteen ahead the next.
  ['Pacific/Apia', '2011-01-01T09:59:59.999Z', 2010],
  ['Pacific/Apia', '2011-12-31T09:59:59.999Z', 2011],
  ['Pacific/Apia', '2011-12-31T10:00:00.000Z', 2012],
])('in %s, %s is of %i', (timezone, instant, year) => {
  expect(localYear(Date.parse(instant), timezone)).toBe(year);
});

test('an unknown zone is an error', () => {
  expect(() => localYear(0, 'Mars/Olympus')).toThrow(RangeError);
});
