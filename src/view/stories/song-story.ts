import { z } from 'zod';
import { levels } from '../bar.ts';
import { count, dayText, plural } from '../format.ts';
import { defineStoryView } from '../story-view.ts';
import { renderTold } from '../told.ts';
import { trackShape, trackText } from '../track.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WIDE = 3;
/** What they take at that width, with the gaps between. */
const ALL = 47;
const GAP = ' ';

/** The song, and below it its plays by month. */
export default defineStoryView({
  story: 'song-story',
  shape: trackShape.extend({
    plays: z.int(),
    first: z.string(),
    months: z.array(z.int()).length(MONTHS.length),
    milestones: z.array(z.object({ plays: z.int(), day: z.string() })),
  }),
  render: (value, page) => {
    const { cyan, dim } = page.colors;
    const wide = page.width < ALL ? 1 : WIDE;
    const columns = [...levels(value.months, 1)].map((level) => level.repeat(wide)).join(GAP);
    return [
      ...renderTold(
        {
          large: trackText(value),
          details: [
            plural(value.plays, 'play'),
            `the first on ${dayText(value.first)}`,
            ...value.milestones.map(({ plays, day }) => `the ${count(plays)}th on ${dayText(day)}`),
          ],
          accent: cyan,
        },
        page,
      ),
      '',
      cyan(columns.trimEnd()),
      dim(MONTHS.map((month) => month.slice(0, wide)).join(GAP)),
    ];
  },
});
