import { z } from 'zod';
import { count, percent } from '../format.ts';
import { defineStoryView } from '../story-view.ts';
import { renderTold } from '../told.ts';
import { nameOf } from './loyalty.ts';

const shape = z.object({
  artist: z.string().nullable(),
  artist_id: z.string().optional(),
  listens: z.int(),
  share: z.number(),
});

export const namedShape = shape.pick({ artist: true, artist_id: true }).nullable();

const shareText = ({ share, listens }: z.infer<typeof shape>): string =>
  `${percent(share)} of ${count(listens)}`;

export default defineStoryView({
  story: 'skip',
  shape: z.object({
    listens: z.int(),
    skipped: z.int(),
    share: z.number(),
    marked: z.int().nullable(),
    most: shape.nullable(),
    least: shape.nullable(),
  }),
  render: ({ listens, skipped, share, marked, most, least }, page) =>
    renderTold(
      {
        large: `${percent(share)} of what you put on, ${count(skipped)} of ${count(listens)}`,
        details: [
          ...(most === null ? [] : [`most often ${nameOf(most)}, ${shareText(most)}`]),
          ...(least === null ? [] : [`least often ${nameOf(least)}, ${shareText(least)}`]),
          ...(marked === null ? ['those under 30 seconds alone: no others are marked'] : []),
        ],
        accent: page.colors.cyan,
      },
      page,
    ),
});
