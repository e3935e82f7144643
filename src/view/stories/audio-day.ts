import { z } from 'zod';
import { percent } from '../format.ts';
import { heading } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';

const LEAST_NAME = 12;

const PARTS = ['morning', 'midday', 'evening', 'night'] as const;

const top = z.object({ genre: z.string(), share: z.number() }).nullable();

/** A line per part of the day that has a genre. */
export default defineStoryView({
  story: 'audio-day',
  shape: z.object({ morning: top, midday: top, evening: top, night: top }),
  render: (value, page) => {
    const { yellow, dim } = page.colors;
    const told = PARTS.flatMap((part) => (value[part] === null ? [] : { part, ...value[part] }));
    const { head, rows } = table(
      [
        { texts: told.map(({ part }) => part), paint: dim },
        { texts: told.map(({ genre }) => genre), least: LEAST_NAME },
        { bars: told.map(({ share }) => share), paint: yellow },
        { head: 'share', texts: told.map(({ share }) => percent(share)), align: 'right' },
      ],
      page.width,
      { fill: true },
    );
    return [heading(page, yellow, { heads: head }), ...rows];
  },
});
