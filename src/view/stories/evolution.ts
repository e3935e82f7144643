import { z } from 'zod';
import { monthsText } from '../format.ts';
import { heading } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';
import { nameOf } from './loyalty.ts';

const LEAST_NAME = 12;

/** A line per phase. */
export default defineStoryView({
  story: 'evolution',
  shape: z.object({
    phases: z.array(
      z.object({
        from: z.int(),
        to: z.int(),
        artists: z.array(z.object({ artist: z.string().nullable(), artist_id: z.string().optional() })),
        genre: z.object({ genre: z.string() }).nullable(),
      }),
    ),
  }),
  render: ({ phases }, page) => {
    const { yellow, dim } = page.colors;
    const { rows } = table(
      [
        { texts: phases.map(({ from, to }) => monthsText(from, to)), paint: dim },
        {
          texts: phases.map(({ artists }) => artists.map(nameOf).join(', ')),
          asides: phases.map(({ genre }) => genre?.genre ?? ''),
          least: LEAST_NAME,
          paintAside: yellow,
        },
      ],
      page.width,
    );
    return [heading(page, yellow), ...rows];
  },
});
