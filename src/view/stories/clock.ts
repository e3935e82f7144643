import { z } from 'zod';
import { levels } from '../bar.ts';
import { percent } from '../format.ts';
import { heading } from '../page.ts';
import { defineStoryView } from '../story-view.ts';

const HOURS = 24;
/** The hours that stand below the columns. */
const LABELLED = 6;
const WIDEST = 3;

/** `18:00` */
const hourOf = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/** A column per hour, as high as its plays. */
export default defineStoryView({
  story: 'clock',
  shape: z.object({
    hours: z.array(z.int()).length(HOURS),
    peak: z.object({ hour: z.int(), share: z.number() }),
  }),
  render: ({ hours, peak }, page) => {
    const { green, dim } = page.colors;
    const wide = Math.max(1, Math.min(WIDEST, Math.floor(page.width / HOURS)));
    const labels = Array.from({ length: HOURS / LABELLED }, (_, index) =>
      hourOf(index * LABELLED).padEnd(LABELLED * wide),
    );
    return [
      heading(page, green, { detail: `${hourOf(peak.hour)} ${percent(peak.share)}` }),
      green(levels(hours, wide)),
      dim(labels.join('').trimEnd()),
    ];
  },
});
