import { z } from 'zod';
import { plural } from '../format.ts';
import { defineStoryView } from '../story-view.ts';
import { renderTold } from '../told.ts';

const known = z.int().nullable();

const NOUNS = ['track', 'artist', 'album', 'genre'] as const;

export default defineStoryView({
  story: 'counts',
  shape: z.object({
    tracks: known,
    artists: known,
    albums: known,
    genres: known,
    days: z.int(),
    plays_a_day: z.number(),
  }),
  render: (value, page) => {
    const told = NOUNS.flatMap((noun) => {
      const of = value[`${noun}s`];
      return of === null ? [] : plural(of, noun);
    });
    const day = `${plural(value.days, 'day')} with a play`;
    const mean = `${plural(Math.round(value.plays_a_day), 'play')} on each of these on average`;
    return renderTold(
      {
        large: told.length === 0 ? day : told.join(', '),
        details: told.length === 0 ? [mean] : [day, mean],
        accent: page.colors.cyan,
      },
      page,
    );
  },
});
