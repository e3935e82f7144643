import { z } from 'zod';
import { defineStoryView } from '../story-view.ts';
import { decadeRankingShape, renderDecadeRanking } from './ranking.ts';

export default defineStoryView({
  story: 'top-album',
  shape: decadeRankingShape('albums', {
    album: z.string().nullable(),
    artist: z.string().nullable(),
    album_id: z.string().optional(),
  }),
  render: ({ albums, distinct }, page) =>
    renderDecadeRanking(
      {
        entries: albums,
        names: albums.map(({ album, artist, album_id }) => ({
          name: album ?? album_id ?? null,
          aside: artist,
        })),
        distinct,
        accent: page.colors.cyan,
      },
      page,
    ),
});
