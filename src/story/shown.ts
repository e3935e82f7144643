import { type Sql, sql } from '../sql/sql.ts';
import { nullable, optional, text } from './types.ts';

/** What is shown of a track, as fields of an object. */
export const trackFields = {
  track: nullable(text()),
  artist: nullable(text()),
  track_id: optional(text()),
  artist_id: optional(text()),
};

/** The same as values, out of a row of `track`. */
export const shownTrack: Readonly<Record<keyof typeof trackFields, Sql>> = {
  track: sql`title`,
  artist: sql`artist_name`,
  track_id: sql`track_id`,
  artist_id: sql`artist_id`,
};

/** What is shown of an artist, as fields of an object. */
export const artistFields = { artist: nullable(text()), artist_id: optional(text()) };

/** The same as values, out of a row of `artist`. */
export const shownArtist: Readonly<Record<keyof typeof artistFields, Sql>> = {
  artist: sql`name`,
  artist_id: sql`artist_id`,
};
