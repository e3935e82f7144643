import { z } from 'zod';
import { count, dayText, plural, span } from '../format.ts';
import type { Page } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { renderTold } from '../told.ts';
import { trackShape, trackText } from '../track.ts';

export const biggestDayShape = z.object({
  day: z.string(),
  minutes: z.int().nullable(),
  plays: z.int(),
  track: trackShape.extend({ plays: z.int() }).nullable(),
  artist: z
    .object({ artist: z.string().nullable(), artist_id: z.string().optional(), plays: z.int() })
    .nullable(),
  new_artists: z.object({ day: z.string(), artists: z.int() }).nullable(),
});

/** Days as `on` writes them. */
export function renderBiggestDay(
  { day, minutes, plays, track, artist, new_artists }: z.infer<typeof biggestDayShape>,
  page: Page,
  on: (day: string) => string,
): string[] {
  const long =
    minutes === null ? plural(plays, 'play') : minutes === 0 ? 'less than a minute' : span(minutes);
  const times = (played: number) => (played > 1 ? ` (${plural(played, 'play')})` : '');
  return renderTold(
    {
      large: `${long} on ${on(day)}`,
      details: [
        ...(minutes === null ? [] : [plural(plays, 'play')]),
        ...(artist === null
          ? []
          : [`top artist ${artist.artist ?? artist.artist_id ?? '(no name)'}${times(artist.plays)}`]),
        ...(track === null ? [] : [`top track ${trackText(track)}${times(track.plays)}`]),
        ...(new_artists === null
          ? []
          : [`most new artists (${count(new_artists.artists)}) on ${on(new_artists.day)}`]),
      ],
      accent: page.colors.green,
    },
    page,
  );
}

export default defineStoryView({
  story: 'biggest-day',
  shape: biggestDayShape,
  render: (value, page) => renderBiggestDay(value, page, dayText),
});
