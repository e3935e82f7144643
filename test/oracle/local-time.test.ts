import { expect, test } from 'vitest';
import { localTime } from '../../src/oracle/local-time.ts';

test.each([
  ['UTC', '2019-02-28T23:59:59.999Z', '2019-02-28', 23],
  ['Asia/Kolkata', '2019-02-28T18:30:00.000Z', '2019-03-01', 0],
  // Clocks go from 02:00 to 03:00 and back from 03:00 to 02:00.
  ['Europe/Berlin', '2019-03-31T00:59:59.999Z', '2019-03-31', 1],
  ['Europe/Berlin', '2019-03-31T01:00:00.000Z', '2019-03-31', 3],
  ['Europe/Berlin', '2019-10-27T00:30:00.000Z', '2019-10-27', 2],
  ['Europe/Berlin', '2019-10-27T01:30:00.000Z', '2019-10-27', 2],
  // Half an hour of summer time, and a Ramadan without it.
  ['Australia/Lord_Howe', '2019-04-06T14:59:59.999Z', '2019-04-07', 1],
  ['Australia/Lord_Howe', '2019-04-06T15:00:00.000Z', '2019-04-07', 1],
  ['Africa/Casablanca', '2019-05-20T12:00:00.000Z', '2019-05-20', 12],
  ['Africa/Casablanca', '2019-07-20T12:00:00.000Z', '2019-07-20', 13],
])('in %s, %s is %s, hour %i', (timezone, instant, day, hour) => {
  expect(localTime(Date.parse(instant), timezone)).toEqual({ day, hour });
});
