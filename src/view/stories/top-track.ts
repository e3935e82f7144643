import { z } from 'zod';
import { count } from '../format.ts';
import { renderRanking, timeFigure } from '../ranking.ts';
import { defineStoryView } from '../story-view.ts';

/** A year's tracks, most played first. */
export const topTrackShape = z.object({
  tracks: z.array(
    z.object({
      track: z.string().nullable(),
      artist: z.string().nullable(),
      track_id: z.string().optional(),
      plays: z.int(),
      ms: z.int().nullable(),
    }),
  ),
  distinct: z.int(),
});

export default defineStoryView({
  story: 'top-track',
  shape: topTrackShape,
  render: ({ tracks, distinct }, page) =>
    renderRanking(
      {
        detail: `${count(distinct)} in all`,
        items: tracks.map(({ track, artist, track_id, plays }) => ({
          name: track ?? track_id ?? null,
          aside: artist,
          plays,
        })),
        figures: [timeFigure(tracks)],
        accent: page.colors.cyan,
      },
      page,
    ),
});
