import { z } from 'zod';
import { percent } from '../format.ts';
import { defineStoryView } from '../story-view.ts';
import { renderTold } from '../told.ts';

export default defineStoryView({
  story: 'listening-age',
  shape: z.object({
    age: z.int(),
    from: z.int(),
    to: z.int(),
    share: z.number(),
    share_of_all: z.number(),
  }),
  render: ({ age, from, to, share, share_of_all }, page) =>
    renderTold(
      {
        large: `Your listening age is ${age}`,
        details: [
          `music of ${from}–${to} is ${percent(share)} of your plays, ${percent(share_of_all)} of everyone's`,
        ],
        accent: page.colors.yellow,
      },
      page,
    ),
});
