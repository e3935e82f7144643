import { z } from 'zod';
import { count, percent } from '../format.ts';
import { heading } from '../page.ts';
import { nameOf } from '../stories/loyalty.ts';
import { namedShape } from '../stories/skip.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';

const LEAST_NAME = 8;

/** A line per year; of a year whose marks are unknown that it counts the short ones alone. */
export default defineStoryView({
  story: 'skip',
  shape: z.object({
    listens: z.int(),
    share: z.number(),
    by_year: z.array(
      z.object({
        year: z.int(),
        share: z.number(),
        marked: z.int().nullable(),
        most: namedShape,
        least: namedShape,
      }),
    ),
  }),
  render: ({ listens, share, by_year }, page) => {
    const { cyan, dim } = page.colors;
    const names = (which: 'most' | 'least') => ({
      head: which,
      texts: by_year.map(({ [which]: artist }) => (artist === null ? '' : nameOf(artist))),
      least: LEAST_NAME,
    });
    const { head, rows } = table(
      [
        { texts: by_year.map(({ year }) => String(year)), paint: dim },
        { head: 'skipped', texts: by_year.map((year) => percent(year.share)), align: 'right' },
        names('most'),
        names('least'),
        { texts: by_year.map(({ marked }) => (marked === null ? 'short alone' : '')), paint: dim },
      ],
      page.width,
    );
    return [heading(page, cyan, { detail: `${percent(share)} of ${count(listens)}` }), dim(head), ...rows];
  },
});
