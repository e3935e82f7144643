import { z } from 'zod';
import { heading } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';

const LEAST_NAME = 6;

const PARTS = ['morning', 'midday', 'evening', 'night'] as const;

const genre = z.string().nullable();

/** The genres of each year. */
export default defineStoryView({
  story: 'audio-day',
  shape: z.object({
    by_year: z.array(
      z.object({ year: z.int(), morning: genre, midday: genre, evening: genre, night: genre }),
    ),
  }),
  render: ({ by_year }, page) => {
    const { yellow, dim } = page.colors;
    const { head, rows } = table(
      [
        { texts: by_year.map(({ year }) => String(year)), paint: dim },
        ...PARTS.map((part) => ({
          head: part,
          texts: by_year.map((year) => year[part] ?? ''),
          least: LEAST_NAME,
        })),
      ],
      page.width,
    );
    return [heading(page, yellow), dim(head), ...rows];
  },
});
