import { z } from 'zod';
import { plural } from '../format.ts';
import { defineStoryView } from '../story-view.ts';
import { renderTold } from '../told.ts';

const named = z.object({ artist: z.string().nullable(), artist_id: z.string().optional() });

export const mostMonthsShape = named.extend({ months: z.int() }).nullable();

export const nameOf = ({ artist, artist_id }: z.infer<typeof named>): string =>
  artist ?? artist_id ?? '(no name)';

export default defineStoryView({
  story: 'loyalty',
  shape: z.object({
    kept: z.object({ still: z.int(), of: z.int(), artists: z.array(named) }).nullable(),
    most_months: mostMonthsShape,
  }),
  render: ({ kept, most_months }, page) => {
    const months =
      most_months === null ? [] : [`${nameOf(most_months)} in ${plural(most_months.months, 'month')}`];
    const details = kept === null || kept.still === 0 ? [] : [`still ${kept.artists.map(nameOf).join(', ')}`];
    const large =
      kept === null
        ? (months.shift() ?? '')
        : `${kept.still} of the ${plural(kept.of, 'top artist')} of the year before`;
    return renderTold({ large, details: [...details, ...months], accent: page.colors.magenta }, page);
  },
});
