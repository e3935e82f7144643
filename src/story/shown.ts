import { ident, type Sql, sql } from '../sql/sql.ts';
import { struct } from './helpers.ts';
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

/** Of an object, a value, those of its fields that `fields` names; null where it is null. */
export const pickFields = (from: Sql, fields: object): Sql =>
  sql`CASE WHEN ${from} IS NOT NULL THEN ${struct(
    Object.fromEntries(Object.keys(fields).map((name) => [name, sql`${from}.${ident(name)}`])),
  )} END`;
