import { z } from 'zod';
import { sharesOfLargest } from '../bar.ts';
import { count } from '../format.ts';
import { heading } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';
import { trackShape, trackText } from '../track.ts';

const LEAST_NAME = 14;

/** In the order of a northern year. */
export const SEASONS = ['winter', 'spring', 'summer', 'autumn'] as const;

const artist = z.object({ artist: z.string().nullable(), artist_id: z.string().optional() }).nullable();

/** What a season shows, of a year and of a decade's years. */
export const seasonShape = z.object({ artist, track: trackShape.nullable() });

export const artistText = (of: z.infer<typeof artist>): string =>
  of === null ? '' : (of.artist ?? of.artist_id ?? '(no name)');

const season = seasonShape.extend({ plays: z.int() }).nullable();

/** A line per season that has a play. */
export default defineStoryView({
  story: 'season',
  shape: z.object({
    hemisphere: z.string().nullable(),
    winter: season,
    spring: season,
    summer: season,
    autumn: season,
  }),
  render: (value, page) => {
    const { green, dim } = page.colors;
    const told = SEASONS.flatMap((name) => (value[name] === null ? [] : { name, ...value[name] }));
    const plays = told.map((one) => one.plays);
    const { head, rows } = table(
      [
        { texts: told.map(({ name }) => name), paint: dim },
        { texts: told.map((one) => artistText(one.artist)), least: LEAST_NAME },
        { texts: told.map(({ track }) => (track === null ? '' : trackText(track))), least: LEAST_NAME },
        { bars: sharesOfLargest(plays), paint: green },
        { head: 'plays', texts: plays.map(count), align: 'right' },
      ],
      page.width,
      { fill: true },
    );
    const detail = value.hemisphere === null ? 'of the north: no country is known' : '';
    return [heading(page, green, { detail, heads: head }), ...rows];
  },
});
