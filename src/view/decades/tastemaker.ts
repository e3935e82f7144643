import { z } from 'zod';
import { sharesOfLargest } from '../bar.ts';
import { count } from '../format.ts';
import { heading } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';

export default defineStoryView({
  story: 'tastemaker',
  shape: z.object({
    early: z.int(),
    of: z.int(),
    by_year: z.array(z.object({ year: z.int(), early: z.int(), of: z.int() })),
  }),
  render: ({ early, of, by_year }, page) => {
    const { cyan, dim } = page.colors;
    const { head, rows } = table(
      [
        { texts: by_year.map(({ year }) => String(year)) },
        { bars: sharesOfLargest(by_year.map((one) => one.early)), paint: cyan },
        { head: 'early', texts: by_year.map((one) => count(one.early)), align: 'right' },
        { head: 'of', texts: by_year.map((one) => count(one.of)), align: 'right', paint: dim },
      ],
      page.width,
    );
    return [heading(page, cyan, { detail: `${count(early)} of ${count(of)}`, heads: head }), ...rows];
  },
});
