import { indexBy } from './group.ts';
import type { History, OracleOptions } from './history.ts';
import { localTime } from './local-time.ts';
import { localYear } from './local-year.ts';

/** A row of a length above this, or below 0, is of unknown length. */
const MAX_MS = 86_400_000;

/** A row of this length or longer is a play. */
const MIN_PLAY_MS = 30_000;

/**
 * What a listen row says about what was played, after `tracks` has filled in what the row itself leaves
 * out.
 */
export interface Names {
  track: string | null;
  artist: string | null;
  track_id: string | null;
  artist_id: string | null;
}

/** When a row was listened to. */
export interface Times {
  /** The local date, '2019-07-01', and hour of the time that the source gives. */
  day: string;
  hour: number;
  /** Milliseconds since 1970; the same where the length is unknown. */
  started: number;
  ended: number;
}

/** A listen row with its local year and what it counts as. */
export interface ListenRow extends Names, Times {
  user_id: string;
  year: number;
  /** Milliseconds; null where unknown. */
  ms: number | null;
  /** The album that the row names, or where it names none `tracks`. */
  album: string | null;
  /** 'track', 'episode' or 'audiobook'. */
  kind: string;
  isMusic: boolean;
  isPrivate: boolean;
  isPlay: boolean;
  /** Whether the source marks it as skipped; null where it does not say. */
  skipped: boolean | null;
}

/**
 * The listen rows of a history. A year is the calendar year in the user's zone, else the option's, else
 * UTC.
 */
export function listenRows(history: History, options: Pick<OracleOptions, 'timezone'>): ListenRow[] {
  const users = indexBy(history.users ?? [], (user) => user.user_id);
  const tracks = indexBy(history.tracks ?? [], (track) => track.track_id);

  return history.plays.map((play) => {
    const timezone = users.get(play.user_id)?.timezone ?? options.timezone ?? 'UTC';
    const known = play.track_id == null ? undefined : tracks.get(play.track_id);
    const ms =
      play.ms_played != null && play.ms_played >= 0 && play.ms_played <= MAX_MS ? play.ms_played : null;
    const kind = play.kind ?? 'track';
    const isMusic = kind === 'track';
    const given = Number(play.played_at);
    const instant = Math.floor(given);
    const started = play.time_is === 'end' ? instant - (ms ?? 0) : instant;
    const isLong = ms === null || ms >= MIN_PLAY_MS;
    const isPrivate = play.private === true;
    return {
      user_id: play.user_id,
      year: localYear(given, timezone),
      ...localTime(given, timezone),
      started,
      ended: started + (ms ?? 0),
      ms,
      kind,
      isMusic,
      isPrivate,
      isPlay: isMusic && isLong && !isPrivate,
      skipped: play.skipped ?? null,
      album: play.album ?? known?.album ?? null,
      track: play.track ?? known?.track ?? null,
      artist: play.artist ?? known?.artist ?? null,
      track_id: play.track_id ?? null,
      artist_id: play.artist_id ?? known?.artist_id ?? null,
    };
  });
}
