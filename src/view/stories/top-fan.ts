import { z } from 'zod';
import { count, topShare } from '../format.ts';
import { defineStoryView } from '../story-view.ts';
import { renderTold } from '../told.ts';

/** A place among an artist's listeners. */
export const standingShape = z.object({
  artist: z.string().nullable(),
  artist_id: z.string().optional(),
  place: z.int(),
  listeners: z.int(),
  top: z.number(),
});

type Standing = z.infer<typeof standingShape>;

/** `number 12 of 4,000 listeners of ABBA` */
export const standingText = ({ artist, artist_id, place, listeners }: Standing): string =>
  `number ${count(place)} of ${count(listeners)} listeners of ${artist ?? artist_id ?? '(no name)'}`;

export default defineStoryView({
  story: 'top-fan',
  shape: standingShape.and(z.object({ by: z.string() })),
  render: ({ by, ...value }, page) =>
    renderTold(
      {
        large: `You are ${standingText(value)}`,
        details: [
          `in the top ${topShare(value.top)}`,
          by === 'ms' ? 'by time listened' : 'by plays: not all lengths are known',
        ],
        accent: page.colors.magenta,
      },
      page,
    ),
});
