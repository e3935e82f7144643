import { z } from 'zod';
import { personalityShape, renderPersonality } from '../stories/listening-personality.ts';
import { defineStoryView } from '../story-view.ts';
import { wrap } from '../text.ts';
import { runsOf } from './ranking.ts';

export default defineStoryView({
  story: 'listening-personality',
  shape: personalityShape.and(
    z.object({ by_year: z.array(z.object({ year: z.int(), code: z.string(), name: z.string() })) }),
  ),
  render: ({ by_year, ...value }, page) => [
    ...renderPersonality(value, page),
    ...(by_year.length < 2
      ? []
      : wrap(
          `Over the years: ${runsOf(by_year.map(({ year, code, name }) => ({ year, name: `${name} (${code})` })))}`,
          page.width,
        ).map(page.colors.dim)),
  ],
});
