import { z } from 'zod';
import { plural, span } from '../format.ts';
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

/** The year's sum, large; it needs no title. */
export default defineStoryView({
  story: 'minutes',
  shape: minutesShape,
  render: (value, { width, colors }) => {
    const [sum, aside] = summary(value);
    const [first, ...rest] = wrap(sum + aside, width) as [string, ...string[]];
    return [
      colors.bold(colors.yellow(sum)) + first.slice(sum.length),
      ...rest,
      ...details(value)
        .flatMap((line) => wrap(line, width))
        .map(colors.dim),
    ];
  },
});

function summary({ minutes, plays }: Minutes): [sum: string, aside: string] {
  if (minutes === null) return [plural(plays, 'play'), ', lengths unknown'];
  return [plural(minutes, 'minute'), minutes < AN_HOUR ? '' : `, that is ${span(minutes)}`];
}

/** What else there is to say: a line, or none. */
function details({ minutes, plays, listens, unknown_length }: Minutes): string[] {
  const isTimed = minutes !== null;
  const parts = [
    ...(isTimed ? [plural(plays, 'play')] : []),
    ...(listens === plays ? [] : [plural(listens, 'listen')]),
    ...(isTimed && unknown_length > 0 ? [`${plural(unknown_length, 'length')} unknown`] : []),
  ];
  return parts.length === 0 ? [] : [parts.join(' · ')];
}
