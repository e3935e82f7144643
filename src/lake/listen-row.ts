/** A column of `plays`: its type in the lake, and whether a lake may lack it. */
interface PlaysColumn {
  readonly type: string;
  readonly required?: true;
}

/** Nobody listens to one thing for longer than a day on end: a greater length is a device's error, and one below 0 too. */
export const LONGEST_MS = 24 * 60 * 60 * 1000;

/**
 * The columns of `plays`, one listen row each: something was played, however short.
 * A lake may lack every column that is not required, but a track's identity must be there: `track_id`, or `artist` and `track`.
 */
export const PLAYS_COLUMNS = {
  user_id: { type: 'VARCHAR', required: true },
  /** The instant the source gives. */
  played_at: { type: 'TIMESTAMPTZ', required: true },
  /** What `played_at` is of the listen: 'start' or 'end'. */
  time_is: { type: 'VARCHAR' },
  /** Milliseconds listened; null where the source does not say. Outside of 0 to {@link LONGEST_MS} it is taken for unknown. */
  ms_played: { type: 'BIGINT' },
  /** 'track' (music videos too), 'episode' or 'audiobook'. */
  kind: { type: 'VARCHAR' },
  track: { type: 'VARCHAR' },
  /** The first credited artist; of an episode the show, of an audiobook chapter the book. */
  artist: { type: 'VARCHAR' },
  album: { type: 'VARCHAR' },
  track_id: { type: 'VARCHAR' },
  artist_id: { type: 'VARCHAR' },
  private: { type: 'BOOLEAN' },
  skipped: { type: 'BOOLEAN' },
  /** Where the row came from: for an import the format's id, such as 'spotify-extended'. */
  source: { type: 'VARCHAR' },
} as const satisfies Record<string, PlaysColumn>;

export type PlaysColumnName = keyof typeof PLAYS_COLUMNS;
