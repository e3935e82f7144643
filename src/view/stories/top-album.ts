import { z } from 'zod';
import { count } from '../format.ts';
import { renderRanking, timeFigure } from '../ranking.ts';
import { defineStoryView } from '../story-view.ts';

export default defineStoryView({
  story: 'top-album',
  shape: z.object({
    albums: z.array(
      z.object({
        album: z.string().nullable(),
        artist: z.string().nullable(),
        album_id: z.string().optional(),
        plays: z.int(),
        ms: z.int().nullable(),
        tracks: z.int(),
        of: z.int(),
      }),
    ),
    distinct: z.int(),
  }),
  render: ({ albums, distinct }, page) =>
    renderRanking(
      {
        detail: `${count(distinct)} heard most of`,
        items: albums.map(({ album, artist, album_id, plays }) => ({
          name: album ?? album_id ?? null,
          aside: artist,
          plays,
        })),
        figures: [
          timeFigure(albums),
          { head: 'tracks', texts: albums.map(({ tracks, of }) => `${tracks} of ${of}`) },
        ],
        accent: page.colors.cyan,
      },
      page,
    ),
});
