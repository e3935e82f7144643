import { z } from 'zod';
import { sharesOfLargest } from '../bar.ts';
import { count, span } from '../format.ts';
import { heading } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';

const LEAST_NAME = 12;

/** A line per year with episodes: its minutes and its first show. */
export default defineStoryView({
  story: 'podcast',
  shape: z.object({
    minutes: z.int().nullable(),
    by_year: z.array(z.object({ year: z.int(), minutes: z.int().nullable(), show: z.string().nullable() })),
  }),
  render: ({ minutes, by_year }, page) => {
    const { magenta, dim } = page.colors;
    const { head, rows } = table(
      [
        { texts: by_year.map(({ year }) => String(year)), paint: dim },
        { texts: by_year.map(({ show }) => show ?? ''), least: LEAST_NAME },
        { bars: sharesOfLargest(by_year.map((year) => year.minutes ?? 0)), paint: magenta },
        {
          head: 'minutes',
          texts: by_year.map((year) => (year.minutes === null ? '' : count(year.minutes))),
          align: 'right',
        },
      ],
      page.width,
      { fill: true },
    );
    return [heading(page, magenta, { detail: minutes ? span(minutes) : '', heads: head }), ...rows];
  },
});
