import { z } from 'zod';
import { dayText } from '../format.ts';
import { heading } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';

const LEAST = 12;

/** The days of each year, the most remarkable first. */
export default defineStoryView({
  story: 'remarkable-day',
  shape: z.object({
    by_year: z.array(z.object({ year: z.int(), days: z.array(z.object({ day: z.string() })) })),
  }),
  render: ({ by_year }, page) => {
    const { green, dim } = page.colors;
    const { rows } = table(
      [
        { texts: by_year.map(({ year }) => String(year)), paint: dim },
        { texts: by_year.map(({ days }) => days.map(({ day }) => dayText(day)).join(', ')), least: LEAST },
      ],
      page.width,
    );
    return [heading(page, green), ...rows];
  },
});
