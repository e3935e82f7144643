/**
 * What the oracle reads: the tables of a lake as plain objects, under their canonical column names. `null`
 * is a null value; `undefined` in every row stands for a lake that lacks the column. The oracle takes both
 * for null.
 */

type Maybe<T> = T | null | undefined;

/** One listen row: something was played, however short. */
export interface Play {
  user_id: string;
  /** The instant the source gives; a number is milliseconds since 1970. */
  played_at: number | Date;
  time_is?: Maybe<'start' | 'end'>;
  /** Milliseconds listened. */
  ms_played?: Maybe<number>;
  /** 'track', 'episode' or 'audiobook'. */
  kind?: Maybe<string>;
  track?: Maybe<string>;
  artist?: Maybe<string>;
  album?: Maybe<string>;
  track_id?: Maybe<string>;
  artist_id?: Maybe<string>;
  private?: Maybe<boolean>;
  skipped?: Maybe<boolean>;
  source?: Maybe<string>;
}

/** One row of `users`; at most one per user. */
export interface UserRow {
  user_id: string;
  /** An IANA zone. */
  timezone?: Maybe<string>;
  country?: Maybe<string>;
}

/** One row of `tracks`; at most one per track id. */
export interface TrackRow {
  track_id: string;
  track?: Maybe<string>;
  artist?: Maybe<string>;
  artist_id?: Maybe<string>;
  album?: Maybe<string>;
  album_id?: Maybe<string>;
  /** 'YYYY', 'YYYY-MM' or 'YYYY-MM-DD'. */
  release_date?: Maybe<string>;
  duration_ms?: Maybe<number>;
}

/** One row of `artist_genres`: an artist, by id or name or both, and one of its genres. Rows may repeat. */
export interface ArtistGenreRow {
  artist?: Maybe<string>;
  artist_id?: Maybe<string>;
  genre?: Maybe<string>;
}

/** A lake; a table left out is a lake without it. */
export interface History {
  plays: Play[];
  users?: UserRow[];
  tracks?: TrackRow[];
  artistGenres?: ArtistGenreRow[];
}

/** What makes two plays the same track: artist and title (a lake made by imports), or the service's id. */
export type Identity = 'title' | 'track_id';

/** The four axes of a listening personality, in the order of the code's letters. */
export const AXES = ['familiarity', 'newness', 'variety', 'popularity'] as const;

export type Axis = (typeof AXES)[number];

/** For each axis the value from which a listener falls on its first side: F, N, V, C. */
export type Cuts = Readonly<Record<Axis, number>>;

export interface OracleOptions {
  identity: Identity;
  /** The zone of users without one of their own; UTC when left out. */
  timezone?: string | undefined;
  /** The cuts of years with fewer than 1,000 personalities. */
  fixedCuts: Cuts;
}
