import { shownTrack } from './in-order.ts';
import { rank } from './rankings.ts';
import type { Artist, SettledPlay, Track } from './settle.ts';

/** The top track of plays and how many are of it; null where none has a track. */
export function topTrackOf(plays: readonly SettledPlay[]) {
  const [top] = rank(
    plays.flatMap(({ ms, track }) => (track === null ? [] : { ms, thing: track })),
    ({ key }) => key,
    ({ track, artist, track_id, artist_id }: Track) => [track, artist, track_id, artist_id],
  );
  return top === undefined ? null : { ...shownTrack(top.thing), plays: top.plays };
}

/** The same of artists. */
export function topArtistOf(plays: readonly SettledPlay[]) {
  const [top] = rank(
    plays.flatMap(({ ms, artist }) => (artist === null ? [] : { ms, thing: artist })),
    ({ key }) => key,
    ({ artist, artist_id }: Artist) => [artist, artist_id],
  );
  return top === undefined ? null : { ...shownArtist(top.thing), plays: top.plays };
}

const shownArtist = ({ artist, artist_id }: Artist) => ({
  artist,
  ...(artist_id !== null && { artist_id }),
});
