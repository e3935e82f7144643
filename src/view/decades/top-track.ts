import { z } from 'zod';
import { defineStoryView } from '../story-view.ts';
import { decadeRankingShape, renderDecadeRanking } from './ranking.ts';

export const decadeTrackShape = decadeRankingShape('tracks', {
  track: z.string().nullable(),
  artist: z.string().nullable(),
  track_id: z.string().optional(),
});

export default defineStoryView({
  story: 'top-track',
  shape: decadeTrackShape,
  render: ({ tracks, distinct }, page) =>
    renderDecadeRanking(
      {
        entries: tracks,
        names: tracks.map(({ track, artist, track_id }) => ({
          name: track ?? track_id ?? null,
          aside: artist,
        })),
        distinct,
        accent: page.colors.cyan,
      },
      page,
    ),
});
