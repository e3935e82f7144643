import { z } from 'zod';
import { dayText, plural } from '../format.ts';
import type { Page } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { renderTold } from '../told.ts';

const run = { days: z.int(), from: z.string(), to: z.string() };

export const streakShape = z.object({
  longest: z.object(run),
  of_artist: z.object({ artist: z.string().nullable(), artist_id: z.string().optional(), ...run }).nullable(),
});

/** Days as `on` writes them. */
export function renderStreak(
  { longest, of_artist }: z.infer<typeof streakShape>,
  page: Page,
  on: (day: string) => string,
): string[] {
  const span = ({ from, to }: { from: string; to: string }) =>
    from === to ? `on ${on(from)}` : `${on(from)} to ${on(to)}`;
  const name = of_artist?.artist ?? of_artist?.artist_id ?? '(no name)';
  return renderTold(
    {
      large: `Music on ${plural(longest.days, 'day')}${longest.days === 1 ? '' : ' on end'}`,
      details: [
        span(longest),
        ...(of_artist === null ? [] : [`${plural(of_artist.days, 'day')} of ${name}, ${span(of_artist)}`]),
      ],
      accent: page.colors.green,
    },
    page,
  );
}

export default defineStoryView({
  story: 'streak',
  shape: streakShape,
  render: (value, page) => renderStreak(value, page, dayText),
});
