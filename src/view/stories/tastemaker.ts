import { z } from 'zod';
import { count, dayText } from '../format.ts';
import { heading } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';
import { wrap } from '../text.ts';
import { trackShape } from '../track.ts';

export default defineStoryView({
  story: 'tastemaker',
  shape: z.object({
    early: z.int(),
    of: z.int(),
    tracks: z.array(trackShape.extend({ first: z.string(), days: z.int() })),
  }),
  render: ({ early, of, tracks }, page) => {
    const { cyan, dim } = page.colors;
    const { head, rows } = table(
      [
        {
          texts: tracks.map(({ track, track_id }) => track ?? track_id ?? '(no name)'),
          asides: tracks.map(({ artist }) => artist ?? ''),
          least: 20,
          paintAside: dim,
        },
        { head: 'since', texts: tracks.map(({ first }) => dayText(first)), paint: dim, least: 6 },
        { head: 'days early', texts: tracks.map(({ days }) => count(days)), align: 'right' },
      ],
      page.width,
      { fill: true },
    );
    return [
      heading(page, cyan),
      ...wrap(`early to ${count(early)} of ${count(of)} most played tracks`, page.width).map(dim),
      ...(tracks.length === 0 ? [] : [dim(head), ...rows]),
    ];
  },
});
