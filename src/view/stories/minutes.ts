import { z } from 'zod';
import { plural, span } from '../format.ts';
import type { Page } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { wrap } from '../text.ts';

/** A year's minutes; null where no length is known. */
export const minutesShape = z.object({
  minutes: z.int().nullable(),
  plays: z.int(),
  listens: z.int(),
  unknown_length: z.int(),
});

type Minutes = z.infer<typeof minutesShape>;

/** From here on minutes are told in hours and days too. */
const AN_HOUR = 60;

/** A sum, large, and below it what else there is to say. */
export function renderMinutes(
  sum: Pick<Minutes, 'minutes' | 'plays'>,
  details: readonly string[],
  { width, colors }: Page,
): string[] {
  const [large, aside] = summary(sum);
  const [first, ...rest] = wrap(large + aside, width) as [string, ...string[]];
  const more = details.length === 0 ? [] : wrap(details.join(' · '), width);
  return [colors.bold(colors.yellow(large)) + first.slice(large.length), ...rest, ...more.map(colors.dim)];
}

/** The year's sum; it needs no title. */
export default defineStoryView({
  story: 'minutes',
  shape: minutesShape,
  render: (value, page) => renderMinutes(value, details(value), page),
});

function summary({ minutes, plays }: Pick<Minutes, 'minutes' | 'plays'>): [sum: string, aside: string] {
  if (minutes === null) return [plural(plays, 'play'), ', lengths unknown'];
  return [plural(minutes, 'minute'), minutes < AN_HOUR ? '' : `, that is ${span(minutes)}`];
}

/** What else there is to say of a year. */
function details({ minutes, plays, listens, unknown_length }: Minutes): string[] {
  const isTimed = minutes !== null;
  return [
    ...(isTimed ? [plural(plays, 'play')] : []),
    ...(listens === plays ? [] : [plural(listens, 'listen')]),
    ...(isTimed && unknown_length > 0 ? [`${plural(unknown_length, 'length')} unknown`] : []),
  ];
}
