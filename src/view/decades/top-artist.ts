import { z } from 'zod';
import { plural } from '../format.ts';
import { defineStoryView } from '../story-view.ts';
import { decadeRankingShape, renderDecadeRanking } from './ranking.ts';

const shows = { artist: z.string().nullable(), artist_id: z.string().optional() };

export const decadeArtistShape = decadeRankingShape('artists', shows).and(
  z.object({ faithful: z.object({ ...shows, years: z.int(), plays: z.int() }) }),
);

export default defineStoryView({
  story: 'top-artist',
  shape: decadeArtistShape,
  render: ({ artists, distinct, faithful, by_year }, page) =>
    renderDecadeRanking(
      {
        entries: artists,
        names: artists.map(({ artist, artist_id }) => ({ name: artist ?? artist_id ?? null })),
        distinct,
        accent: page.colors.magenta,
        more:
          by_year.length < 2
            ? undefined
            : `Most faithful: ${faithful.artist ?? faithful.artist_id ?? '(no name)'}, in the top ten of ${plural(faithful.years, 'year')}`,
      },
      page,
    ),
});
