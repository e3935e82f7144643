import { z } from 'zod';
import { count, plural, span } from '../format.ts';
import { renderRanking } from '../ranking.ts';
import { defineStoryView } from '../story-view.ts';

export default defineStoryView({
  story: 'podcast',
  shape: z.object({
    minutes: z.int().nullable(),
    episodes: z.int(),
    shows: z.array(z.object({ show: z.string(), minutes: z.int().nullable(), episodes: z.int() })),
  }),
  render: ({ minutes, episodes, shows }, page) =>
    renderRanking(
      {
        detail: [minutes ? span(minutes) : '', plural(episodes, 'episode')].filter(Boolean).join(', '),
        head: 'minutes',
        items: shows.map(({ show, minutes: of }) => ({ name: show, plays: of ?? 0 })),
        figures: [{ head: 'episodes', texts: shows.map((show) => count(show.episodes)) }],
        accent: page.colors.magenta,
      },
      page,
    ),
});
