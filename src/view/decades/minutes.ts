import { z } from 'zod';
import { plural } from '../format.ts';
import { renderMinutes } from '../stories/minutes.ts';
import { defineStoryView } from '../story-view.ts';

/** A decade's minutes; null where no length is known. */
export const decadeMinutesShape = z.object({
  minutes: z.int().nullable(),
  plays: z.int(),
  years: z.array(z.object({ year: z.int(), minutes: z.int().nullable(), plays: z.int() })),
  biggest: z.int(),
  first: z.int(),
});

/** The decade's sum; the years are in the overview. */
export default defineStoryView({
  story: 'minutes',
  shape: decadeMinutesShape,
  render: (value, page) =>
    renderMinutes(
      value,
      [
        ...(value.minutes === null ? [] : [plural(value.plays, 'play')]),
        ...(value.years.length > 1 ? [`most of them in ${value.biggest}`] : []),
      ],
      page,
    ),
});
