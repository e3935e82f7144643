import { z } from 'zod';
import { heading } from '../page.ts';
import { mostMonthsShape, nameOf } from '../stories/loyalty.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';

/** How many artists each year kept of the one before, and the artist of most months. */
export default defineStoryView({
  story: 'loyalty',
  shape: z.object({
    by_year: z.array(
      z.object({
        year: z.int(),
        still: z.int().nullable(),
        of: z.int().nullable(),
        most_months: mostMonthsShape,
      }),
    ),
  }),
  render: ({ by_year }, page) => {
    const { dim, magenta } = page.colors;
    const { head, rows } = table(
      [
        { texts: by_year.map(({ year }) => String(year)), paint: magenta },
        {
          head: 'kept',
          texts: by_year.map(({ still, of }) => (still === null ? '' : `${still} of ${of}`)),
          align: 'right',
        },
        {
          head: 'in most months',
          texts: by_year.map(({ most_months }) => (most_months === null ? '' : nameOf(most_months))),
          least: 12,
        },
        {
          head: 'months',
          texts: by_year.map(({ most_months }) => (most_months === null ? '' : String(most_months.months))),
          align: 'right',
        },
      ],
      page.width,
    );
    return [heading(page, magenta), dim(head), ...rows];
  },
});
