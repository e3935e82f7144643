/** The tables beside `plays` that a lake may have, and their columns. */
export const TABLE_COLUMNS = {
  tracks: ['track_id', 'track', 'artist', 'artist_id', 'album', 'album_id', 'release_date', 'duration_ms'],
  artist_genres: ['artist', 'artist_id', 'genre'],
  users: ['user_id', 'timezone', 'country'],
} as const;

export type TableName = keyof typeof TABLE_COLUMNS;
