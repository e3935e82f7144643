import { z } from 'zod';
import { topShare } from '../format.ts';
import { standingShape, standingText } from '../stories/top-fan.ts';
import { defineStoryView } from '../story-view.ts';
import { renderTold } from '../told.ts';
import { runsOf } from './ranking.ts';

const ofYear = standingShape.and(z.object({ year: z.int() }));

export default defineStoryView({
  story: 'top-fan',
  shape: z.object({ best: ofYear, by_year: z.array(ofYear) }),
  render: ({ best, by_year }, page) =>
    renderTold(
      {
        large: `In ${best.year} you were ${standingText(best)}, in the top ${topShare(best.top)}`,
        details:
          by_year.length < 2
            ? []
            : [
                `Over the years: ${runsOf(
                  by_year.map(({ year, artist, artist_id, top }) => ({
                    year,
                    name: `${artist ?? artist_id ?? '(no name)'} (top ${topShare(top)})`,
                  })),
                )}`,
              ],
        accent: page.colors.magenta,
      },
      page,
    ),
});
