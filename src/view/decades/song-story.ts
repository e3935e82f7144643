import { z } from 'zod';
import { plural } from '../format.ts';
import { heading } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';
import { trackShape, trackText } from '../track.ts';

const LEAST_NAME = 20;

/** The song of each year. */
export default defineStoryView({
  story: 'song-story',
  shape: z.object({ by_year: z.array(trackShape.extend({ year: z.int(), plays: z.int() })) }),
  render: ({ by_year }, page) => {
    const { cyan, dim } = page.colors;
    const { rows } = table(
      [
        { texts: by_year.map(({ year }) => String(year)), paint: dim },
        { texts: by_year.map(trackText), least: LEAST_NAME },
        { texts: by_year.map(({ plays }) => plural(plays, 'play')), align: 'right' },
      ],
      page.width,
      { fill: true },
    );
    return [heading(page, cyan), ...rows];
  },
});
