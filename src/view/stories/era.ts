import { z } from 'zod';
import { sharesOfLargest } from '../bar.ts';
import { count, percent } from '../format.ts';
import { heading, type Page } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';
import { wrap } from '../text.ts';

const trackShape = z.object({
  year: z.int(),
  track: z.string().nullable(),
  artist: z.string().nullable(),
  track_id: z.string().optional(),
});

/** What a year's eras and a decade's have in common. */
export const erasShape = z.object({
  decades: z.array(z.object({ decade: z.int(), plays: z.int(), share: z.number() })),
  oldest: trackShape,
  newest: trackShape,
});

const named = ({ track, artist, track_id, year }: z.infer<typeof trackShape>): string =>
  `${track ?? track_id ?? '(no name)'}${artist === null ? '' : ` by ${artist}`} (${year})`;

/** Decades with bars, the oldest first; below them the oldest track and the newest. */
export function renderEras(
  { decades, oldest, newest }: z.infer<typeof erasShape>,
  detail: string,
  page: Page,
): string[] {
  const { dim, green } = page.colors;
  const { head, rows } = table(
    [
      { texts: decades.map(({ decade }) => `${decade}s`) },
      { bars: sharesOfLargest(decades.map(({ plays }) => plays)), paint: green },
      { head: 'plays', texts: decades.map(({ plays }) => count(plays)), align: 'right' },
      { head: 'share', texts: decades.map(({ share }) => percent(share)), align: 'right', paint: dim },
    ],
    page.width,
  );
  return [
    heading(page, green, { detail, heads: head }),
    ...rows,
    ...wrap(`Oldest: ${named(oldest)}`, page.width).map(dim),
    ...wrap(`Newest: ${named(newest)}`, page.width).map(dim),
  ];
}

export default defineStoryView({
  story: 'era',
  shape: erasShape.and(z.object({ median_year: z.int() })),
  render: ({ median_year, ...eras }, page) => renderEras(eras, `${median_year} in the middle`, page),
});
