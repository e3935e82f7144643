import { z } from 'zod';
import { dateText, plural } from '../format.ts';
import { renderRanking, timeFigure } from '../ranking.ts';
import { defineStoryView } from '../story-view.ts';
import { wrap } from '../text.ts';
import { nameOf } from './loyalty.ts';

const shape = z.object({
  artist: z.string().nullable(),
  artist_id: z.string().optional(),
  plays: z.int(),
  ms: z.int().nullable(),
  last: z.string(),
  again: z.string(),
  days: z.int(),
});

export const longestShape = shape.omit({ plays: true, ms: true });

/** `ABBA after 1,128 days, on March 5, 2019` */
export const longestText = ({ days, again, ...artist }: z.infer<typeof longestShape>): string =>
  `${nameOf(artist)} after ${plural(days, 'day')}, on ${dateText(again)}`;

export default defineStoryView({
  story: 'comeback',
  shape: z.object({ back: z.int(), artists: z.array(shape), longest: longestShape }),
  render: ({ back, artists, longest }, page) => [
    ...renderRanking(
      {
        detail: `${plural(back, 'artist')} after a year or longer`,
        items: artists.map((entry) => ({ name: nameOf(entry), plays: entry.plays })),
        figures: [timeFigure(artists)],
        accent: page.colors.magenta,
      },
      page,
    ),
    ...wrap(`Longest: ${longestText(longest)}`, page.width).map(page.colors.dim),
  ],
});
