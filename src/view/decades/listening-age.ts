import { z } from 'zod';
import { defineStoryView } from '../story-view.ts';
import { renderTold } from '../told.ts';
import { runsOf } from './ranking.ts';

export default defineStoryView({
  story: 'listening-age',
  shape: z.object({
    by_year: z.array(z.object({ year: z.int(), age: z.int(), from: z.int(), to: z.int() })).min(1),
  }),
  render: ({ by_year }, page) => {
    const { year, age } = by_year.at(-1)!;
    return renderTold(
      {
        large: `Your listening age was ${age} in ${year}`,
        details: [
          `Most yours: ${runsOf(by_year.map(({ year, from, to }) => ({ year, name: `music of ${from}–${to} in` })))}`,
        ],
        accent: page.colors.yellow,
      },
      page,
    );
  },
});
