import { z } from 'zod';

/** What a value shows of a track. */
export const trackShape = z.object({
  track: z.string().nullable(),
  artist: z.string().nullable(),
  track_id: z.string().optional(),
});

/** `Waterloo by ABBA` */
export const trackText = ({ track, artist, track_id }: z.infer<typeof trackShape>): string =>
  `${track ?? track_id ?? '(no name)'}${artist === null ? '' : ` by ${artist}`}`;
