import { z } from 'zod';
import { count, percent } from '../format.ts';
import { renderRanking } from '../ranking.ts';
import { defineStoryView } from '../story-view.ts';

export default defineStoryView({
  story: 'top-genre',
  shape: z.object({
    genres: z.array(z.object({ genre: z.string(), plays: z.int(), share: z.number().min(0).max(1) })),
    distinct: z.int(),
  }),
  render: ({ genres, distinct }, page) =>
    renderRanking(
      {
        detail: `${count(distinct)} in all`,
        items: genres.map(({ genre, plays }) => ({ name: genre, plays })),
        figures: [{ head: 'share', texts: genres.map(({ share }) => percent(share)) }],
        accent: page.colors.green,
      },
      page,
    ),
});
