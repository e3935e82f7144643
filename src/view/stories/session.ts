import { z } from 'zod';
import { dayText, plural, span } from '../format.ts';
import type { Page } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { renderTold } from '../told.ts';

export const sessionShape = z.object({
  sessions: z.int(),
  mean_minutes: z.number(),
  longest: z.object({ minutes: z.int(), plays: z.int(), day: z.string() }),
});

/** Days as `on` writes them. */
export function renderSession(
  { sessions, mean_minutes, longest }: z.infer<typeof sessionShape>,
  page: Page,
  on: (day: string) => string,
): string[] {
  const long = longest.minutes === 0 ? 'less than a minute' : span(longest.minutes);
  return renderTold(
    {
      large: plural(sessions, 'session'),
      details: [
        `${plural(Math.round(mean_minutes), 'minute')} on average`,
        `the longest ${long} with ${plural(longest.plays, 'play')} on ${on(longest.day)}`,
      ],
      accent: page.colors.green,
    },
    page,
  );
}

export default defineStoryView({
  story: 'session',
  shape: sessionShape,
  render: (value, page) => renderSession(value, page, dayText),
});
