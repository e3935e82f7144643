import { z } from 'zod';
import { count, plural } from '../format.ts';
import { heading } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';

const COUNTED = ['tracks', 'artists', 'albums', 'genres', 'days'] as const;

const known = z.int().nullable();

/** A line per year. */
export default defineStoryView({
  story: 'counts',
  shape: z.object({
    plays_a_day: z.number(),
    by_year: z.array(
      z.object({ year: z.int(), tracks: known, artists: known, albums: known, genres: known, days: z.int() }),
    ),
  }),
  render: ({ plays_a_day, by_year }, page) => {
    const { cyan, dim } = page.colors;
    const { head, rows } = table(
      [
        { texts: by_year.map(({ year }) => String(year)), paint: dim },
        ...COUNTED.map((name) => ({
          head: name,
          texts: by_year.map((year) => (year[name] === null ? '' : count(year[name]))),
          align: 'right' as const,
        })),
      ],
      page.width,
    );
    const detail = `${plural(Math.round(plays_a_day), 'play')} a day with any`;
    return [heading(page, cyan, { detail }), dim(head), ...rows];
  },
});
