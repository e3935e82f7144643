import { heading, type Page, type Paint } from './page.ts';
import { wrap } from './text.ts';

/** A story told in a sentence: its heading, the sentence, and below it what else there is to say. */
export function renderTold(
  { large, details, accent }: { large: string; details: readonly string[]; accent: Paint },
  page: Page,
): string[] {
  const more = details.length === 0 ? [] : wrap(details.join(' · '), page.width);
  return [
    heading(page, accent),
    ...wrap(large, page.width).map(page.colors.bold),
    ...more.map(page.colors.dim),
  ];
}
