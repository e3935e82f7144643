import { z } from 'zod';
import { count } from '../format.ts';
import { renderRanking, timeFigure } from '../ranking.ts';
import { defineStoryView } from '../story-view.ts';

/** A year's artists, most played first. */
export const topArtistShape = z.object({
  artists: z.array(
    z.object({
      artist: z.string().nullable(),
      artist_id: z.string().optional(),
      plays: z.int(),
      ms: z.int().nullable(),
    }),
  ),
  distinct: z.int(),
});

export default defineStoryView({
  story: 'top-artist',
  shape: topArtistShape,
  render: ({ artists, distinct }, page) =>
    renderRanking(
      {
        detail: `${count(distinct)} in all`,
        items: artists.map(({ artist, artist_id, plays }) => ({ name: artist ?? artist_id ?? null, plays })),
        figures: [timeFigure(artists)],
        accent: page.colors.magenta,
      },
      page,
    ),
});
