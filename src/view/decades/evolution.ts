import { z } from 'zod';
import { monthsText } from '../format.ts';
import { heading } from '../page.ts';
import { nameOf } from '../stories/loyalty.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';

const LEAST_NAMES = 12;

/** The phases of each year, each by its first artist. */
export default defineStoryView({
  story: 'evolution',
  shape: z.object({
    by_year: z.array(
      z.object({
        year: z.int(),
        phases: z.array(
          z.object({
            from: z.int(),
            to: z.int(),
            artist: z.string().nullable(),
            artist_id: z.string().optional(),
          }),
        ),
      }),
    ),
  }),
  render: ({ by_year }, page) => {
    const { yellow, dim } = page.colors;
    const { rows } = table(
      [
        { texts: by_year.map(({ year }) => String(year)), paint: dim },
        {
          texts: by_year.map(({ phases }) =>
            phases.map(({ from, to, ...artist }) => `${nameOf(artist)} (${monthsText(from, to)})`).join(', '),
          ),
          least: LEAST_NAMES,
        },
      ],
      page.width,
    );
    return [heading(page, yellow), ...rows];
  },
});
