import { z } from 'zod';
import { count, percent } from '../format.ts';
import { renderRanking, timeFigure } from '../ranking.ts';
import { defineStoryView } from '../story-view.ts';

export default defineStoryView({
  story: 'new-artists',
  shape: z.object({
    new: z.int(),
    of: z.int(),
    share: z.number(),
    artists: z.array(
      z.object({
        artist: z.string().nullable(),
        artist_id: z.string().optional(),
        plays: z.int(),
        ms: z.int().nullable(),
      }),
    ),
  }),
  render: ({ new: found, of, share, artists }, page) =>
    renderRanking(
      {
        detail: `${count(found)} of ${count(of)}, ${percent(share)}`,
        items: artists.map(({ artist, artist_id, plays }) => ({ name: artist ?? artist_id ?? null, plays })),
        figures: [timeFigure(artists)],
        accent: page.colors.magenta,
      },
      page,
    ),
});
