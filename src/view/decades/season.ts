import { z } from 'zod';
import { heading } from '../page.ts';
import { artistText, SEASONS, seasonShape } from '../stories/season.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';

const LEAST_NAME = 6;

const season = seasonShape.nullable();

/** The artists of each year. */
export default defineStoryView({
  story: 'season',
  shape: z.object({
    by_year: z.array(
      z.object({ year: z.int(), winter: season, spring: season, summer: season, autumn: season }),
    ),
  }),
  render: ({ by_year }, page) => {
    const { green, dim } = page.colors;
    const { head, rows } = table(
      [
        { texts: by_year.map(({ year }) => String(year)), paint: dim },
        ...SEASONS.map((name) => ({
          head: name,
          texts: by_year.map((year) => artistText(year[name]?.artist ?? null)),
          least: LEAST_NAME,
        })),
      ],
      page.width,
    );
    return [heading(page, green), dim(head), ...rows];
  },
});
