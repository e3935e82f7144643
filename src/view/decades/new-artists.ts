import { z } from 'zod';
import { sharesOfLargest } from '../bar.ts';
import { count, plural } from '../format.ts';
import { heading } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';

export default defineStoryView({
  story: 'new-artists',
  shape: z.object({
    new: z.int(),
    by_year: z.array(z.object({ year: z.int(), new: z.int(), of: z.int() })),
  }),
  render: ({ new: found, by_year }, page) => {
    const { dim, magenta } = page.colors;
    const { head, rows } = table(
      [
        { texts: by_year.map(({ year }) => String(year)) },
        { bars: sharesOfLargest(by_year.map((one) => one.new)), paint: magenta },
        { head: 'new', texts: by_year.map((one) => count(one.new)), align: 'right' },
        { head: 'of', texts: by_year.map(({ of }) => count(of)), align: 'right', paint: dim },
      ],
      page.width,
    );
    return [heading(page, magenta, { detail: plural(found, 'artist'), heads: head }), ...rows];
  },
});
