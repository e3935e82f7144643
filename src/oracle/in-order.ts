import { compareTexts } from './order.ts';
import type { SettledPlay, Track } from './settle.ts';

/** Plays in the order in which they began, then ended, then by what was played. */
export const inOrder = (plays: readonly SettledPlay[]): SettledPlay[] =>
  [...plays].sort((a, b) => a.started - b.started || a.ended - b.ended || compareTracks(a.track, b.track));

/** By title, artist, ids; none last. */
export function compareTracks(a: Track | null, b: Track | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const names = ({ track, artist, track_id, artist_id }: Track) => [track, artist, track_id, artist_id];
  return compareTexts(names(a), names(b));
}

/** A track as values show it. */
export const shownTrack = ({ track, artist, track_id, artist_id }: Track) => ({
  track,
  artist,
  ...(track_id !== null && { track_id }),
  ...(artist_id !== null && { artist_id }),
});
