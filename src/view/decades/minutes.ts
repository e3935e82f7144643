import { z } from 'zod';
import { plural, span } from '../format.ts';
import { defineStoryView } from '../story-view.ts';
import { wrap } from '../text.ts';

/** A decade's minutes; null where no length is known. */
export const decadeMinutesShape = z.object({
  minutes: z.int().nullable(),
  plays: z.int(),
  years: z.array(z.object({ year: z.int(), minutes: z.int().nullable(), plays: z.int() })),
  biggest: z.int(),
  first: z.int(),
});

/** The decade's sum, large; the years are in the overview. */
export default defineStoryView({
  story: 'minutes',
  shape: decadeMinutesShape,
  render: ({ minutes, plays, years, biggest }, { width, colors }) => {
    const sum = minutes === null ? plural(plays, 'play') : plural(minutes, 'minute');
    const aside = minutes === null ? ', lengths unknown' : `, that is ${span(minutes)}`;
    const more = [
      ...(minutes === null ? [] : [plural(plays, 'play')]),
      ...(years.length > 1 ? [`most of them in ${biggest}`] : []),
    ];
    const [head, ...rest] = wrap(sum + aside, width) as [string, ...string[]];
    return [
      colors.bold(colors.yellow(sum)) + head.slice(sum.length),
      ...rest,
      ...wrap(more.join(' · '), width).map(colors.dim),
    ];
  },
});
