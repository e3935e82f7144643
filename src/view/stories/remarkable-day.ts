import { z } from 'zod';
import { dayText, percent, plural, span } from '../format.ts';
import { heading } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { table } from '../table.ts';

const LEAST = 12;

const shape = z.object({
  day: z.string(),
  why: z.string(),
  minutes: z.int().nullable(),
  plays: z.int(),
  new_artists: z.int().optional(),
  artist: z.string().optional(),
  artist_id: z.string().optional(),
  of_artist: z.int().optional(),
  genre: z.string().optional(),
  of_genre: z.int().optional(),
  release_year: z.number().optional(),
  share: z.number().optional(),
});

type Day = z.infer<typeof shape>;

/** What a day stood out for. */
const TEXTS: Readonly<Record<string, (day: Day) => string>> = {
  'most-minutes': ({ minutes, plays }) =>
    minutes === null || minutes === 0
      ? `most music: ${plural(plays, 'play')}`
      : `most music: ${span(minutes)}`,
  'new-artists': ({ new_artists = 0 }) => plural(new_artists, 'new artist'),
  'top-artist': ({ artist, artist_id, of_artist = 0 }) =>
    `${plural(of_artist, 'play')} of ${artist ?? artist_id ?? '(no name)'}`,
  'top-genre': ({ genre, of_genre = 0 }) => `${plural(of_genre, 'play')} of ${genre ?? '(no name)'}`,
  nostalgic: ({ release_year = 0 }) => `music of ${Math.floor(release_year)} on average`,
  unlike: ({ share = 0 }) => `unlike you: ${percent(share)} by artists of no other day`,
  'new-year': ({ plays }) => `New Year's Day: ${plural(plays, 'play')}`,
};

/** A line per day, the most remarkable first. */
export default defineStoryView({
  story: 'remarkable-day',
  shape: z.object({ days: z.array(shape) }),
  render: ({ days }, page) => {
    const { green, dim } = page.colors;
    const { rows } = table(
      [
        { texts: days.map(({ day }) => dayText(day)), paint: dim, least: LEAST },
        { texts: days.map((day) => TEXTS[day.why]?.(day) ?? day.why), least: LEAST },
      ],
      page.width,
    );
    return [heading(page, green), ...rows];
  },
});
