import { z } from 'zod';
import { sharesOfLargest } from '../bar.ts';
import { count } from '../format.ts';
import { heading } from '../page.ts';
import { longestShape, longestText } from '../stories/comeback.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';
import { wrap } from '../text.ts';

export default defineStoryView({
  story: 'comeback',
  shape: z.object({
    back: z.int(),
    longest: longestShape,
    by_year: z.array(z.object({ year: z.int(), back: z.int() })),
  }),
  render: ({ back, longest, by_year }, page) => {
    const { dim, magenta } = page.colors;
    const { head, rows } = table(
      [
        { texts: by_year.map(({ year }) => String(year)) },
        { bars: sharesOfLargest(by_year.map((one) => one.back)), paint: magenta },
        { head: 'artists', texts: by_year.map((one) => count(one.back)), align: 'right' },
      ],
      page.width,
    );
    return [
      heading(page, magenta, { detail: `${count(back)} in all`, heads: head }),
      ...rows,
      ...wrap(`Longest: ${longestText(longest)}`, page.width).map(dim),
    ];
  },
});
