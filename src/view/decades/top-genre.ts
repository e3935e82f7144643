import { z } from 'zod';
import { defineStoryView } from '../story-view.ts';
import { decadeRankingShape, renderDecadeRanking, runsOf } from './ranking.ts';

export default defineStoryView({
  story: 'top-genre',
  shape: decadeRankingShape('genres', { genre: z.string() }),
  render: ({ genres, distinct, by_year }, page) =>
    renderDecadeRanking(
      {
        entries: genres,
        names: genres.map(({ genre }) => ({ name: genre })),
        distinct,
        accent: page.colors.green,
        more:
          by_year.length < 2
            ? undefined
            : `Number one: ${runsOf(by_year.map(({ year, genre }) => ({ year, name: genre })))}`,
      },
      page,
    ),
});
