import { z } from 'zod';
import { count, plural } from '../format.ts';
import { heading } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';

export default defineStoryView({
  story: 'top-discovery',
  shape: z.object({
    distinct: z.int(),
    by_year: z.array(
      z.object({
        year: z.int(),
        track: z.string().nullable(),
        artist: z.string().nullable(),
        track_id: z.string().optional(),
        plays: z.int(),
      }),
    ),
  }),
  render: ({ distinct, by_year }, page) => {
    const { cyan, dim } = page.colors;
    const { head, rows } = table(
      [
        { texts: by_year.map(({ year }) => String(year)), paint: cyan },
        {
          texts: by_year.map(({ track, track_id }) => track ?? track_id ?? '(no name)'),
          asides: by_year.map(({ artist }) => artist ?? ''),
          least: 20,
          paintAside: dim,
        },
        { head: 'plays', texts: by_year.map(({ plays }) => count(plays)), align: 'right' },
      ],
      page.width,
      { fill: true },
    );
    return [
      heading(page, cyan, { detail: `${plural(distinct, 'track')}, the first of each year`, heads: head }),
      ...rows,
    ];
  },
});
