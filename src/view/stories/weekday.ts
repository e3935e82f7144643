import { z } from 'zod';
import { sharesOfLargest } from '../bar.ts';
import { count, percent } from '../format.ts';
import { heading } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

export default defineStoryView({
  story: 'weekday',
  shape: z.object({
    weekdays: z.array(z.int()).length(WEEKDAYS.length),
    peak: z.object({ weekday: z.string(), share: z.number() }),
  }),
  render: ({ weekdays, peak }, page) => {
    const { bold, green } = page.colors;
    const emphasis = (text: string, row: number) => (WEEKDAYS[row] === peak.weekday ? bold(text) : text);
    const { head, rows } = table(
      [
        { texts: WEEKDAYS, paint: emphasis },
        { bars: sharesOfLargest(weekdays), paint: green },
        { head: 'plays', texts: weekdays.map(count), align: 'right', paint: emphasis },
      ],
      page.width,
      { fill: true },
    );
    return [heading(page, green, { detail: `${peak.weekday} ${percent(peak.share)}`, heads: head }), ...rows];
  },
});
