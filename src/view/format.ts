import { withCommas } from '../with-commas.ts';

/** Numbers as a person reads them, in English whatever the machine's language. */

/** Made on first use: all of them together would be a tenth of the time that a command takes to start. */
const decimals = once(() => new Intl.NumberFormat('en', { maximumFractionDigits: 4 }));
const percents = once(() => new Intl.NumberFormat('en', { style: 'percent' }));
const finePercents = once(() => new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 }));
const days = once(() => new Intl.DateTimeFormat('en', { month: 'long', day: 'numeric', timeZone: 'UTC' }));
const monthNames = once(() => new Intl.DateTimeFormat('en', { month: 'short', timeZone: 'UTC' }));

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}

/** Chances and shares below this are given more exactly than in whole percent. */
const SMALL = 0.1;

/** Rounds to 0 at four decimals. */
const HARDLY_EVER = 0.00005;

const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR;

/** `12,345`; a fraction to four decimals. Nearly every number is whole. */
export const count = (value: number): string =>
  Number.isSafeInteger(value) ? withCommas(value) : decimals().format(value);

/** `1 play`, `4,924 plays` */
export const plural = (value: number, noun: string): string =>
  `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

/** `21%`, `3.4%`: a share from 0 to 1. */
export const percent = (share: number): string =>
  share < SMALL ? finePercents().format(share) : percents().format(share);

/** `1%`, `3.4%`, `0.05%`, `34%`: how small a share of all one is among, from 0 to 1. Rounded up, so that it is so. */
export function topShare(share: number): string {
  const digits = share < 0.01 ? 2 : share < SMALL ? 1 : 0;
  // Four decimals are whole ten-thousandths, which a float may miss by a hair.
  const hundredths = Math.round(share * 10_000);
  return `${decimals().format(Math.ceil(hundredths / 10 ** (2 - digits)) / 10 ** digits)}%`;
}

/** `61%`, `1 in 47`: a chance from 0 to 1. */
export function chance(probability: number): string {
  if (probability < HARDLY_EVER) return 'almost never';
  return probability < SMALL ? `1 in ${count(Math.round(1 / probability))}` : percents().format(probability);
}

/** Minutes in the two largest units: `8 days and 13 hours`, `3 hours and 20 minutes`. Rounded down. */
export function span(minutes: number): string {
  const days = Math.floor(minutes / MINUTES_PER_DAY);
  const hours = Math.floor((minutes % MINUTES_PER_DAY) / MINUTES_PER_HOUR);
  const parts =
    days > 0
      ? [[days, 'day'] as const, [hours, 'hour'] as const]
      : [[hours, 'hour'] as const, [minutes % MINUTES_PER_HOUR, 'minute'] as const];
  return parts
    .filter(([value]) => value > 0)
    .map(([value, unit]) => plural(value, unit))
    .join(' and ');
}

/** Milliseconds in short: `16h 28m`, `28m`, `42s`. Rounded down. */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds}s`;
  const hours = Math.floor(minutes / MINUTES_PER_HOUR);
  if (hours === 0) return `${minutes}m`;
  return `${count(hours)}h ${String(minutes % MINUTES_PER_HOUR).padStart(2, '0')}m`;
}

/** `March 5`, of `2019-03-05`; anything else as it is. */
export function dayText(day: string): string {
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) ? day : days().format(time);
}

/** `March 5, 2019` */
export const dateText = (day: string): string => `${dayText(day)}, ${day.slice(0, 4)}`;

const monthText = (month: number): string => monthNames().format(Date.UTC(2000, month - 1));

/** `Jan–Apr`, `Jun`: of months from 1 to 12. */
export const monthsText = (from: number, to: number): string =>
  from === to ? monthText(from) : `${monthText(from)}–${monthText(to)}`;
