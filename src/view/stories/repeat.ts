import { z } from 'zod';
import { count, dayText } from '../format.ts';
import type { Page } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { renderTold } from '../told.ts';
import { trackShape, trackText } from '../track.ts';

const repeated = trackShape.extend({ plays: z.int(), day: z.string() }).nullable();

export const repeatShape = z.object({ in_a_day: repeated, in_a_row: repeated });

/** Days as `on` writes them. */
export function renderRepeat(
  { in_a_day, in_a_row }: z.infer<typeof repeatShape>,
  page: Page,
  on: (day: string) => string,
): string[] {
  const lines = [
    in_a_day && `${trackText(in_a_day)}, ${count(in_a_day.plays)} times on ${on(in_a_day.day)}`,
    in_a_row && `${trackText(in_a_row)}, ${count(in_a_row.plays)} times in a row on ${on(in_a_row.day)}`,
  ].filter((line) => line !== null);
  const [large = 'Nothing twice', ...details] = lines;
  return renderTold({ large, details, accent: page.colors.cyan }, page);
}

export default defineStoryView({
  story: 'repeat',
  shape: repeatShape,
  render: (value, page) => renderRepeat(value, page, dayText),
});
