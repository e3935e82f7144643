import { groupBy } from './group.ts';
import type { Identity, TrackRow } from './history.ts';
import type { ListenRow } from './listen-rows.ts';
import { compareTexts } from './order.ts';
import { rank, TOP } from './rankings.ts';
import { trackKey } from './settle.ts';

/** An album as it is shown. `key` is its identity, `tracks` how many of its tracks are known. */
export interface Album {
  key: string;
  album: string | null;
  artist: string | null;
  album_id: string | null;
  tracks: number;
}

/** A play of a track of an album. */
export interface AlbumPlay {
  user_id: string;
  ms: number | null;
  track: string;
  album: Album;
}

/** The plays of one year's rows whose album is known. Without `tracks`' id an album is known by name, and its tracks from the rows. */
export function albumPlays(
  rows: readonly ListenRow[],
  identity: Identity,
  tracks: readonly TrackRow[],
): AlbumPlay[] {
  const albumIds = new Map(tracks.map(({ track_id, album_id }) => [track_id, album_id ?? null]));
  const idOf = (row: ListenRow) =>
    identity === 'track_id' && row.track_id !== null ? (albumIds.get(row.track_id) ?? null) : null;
  const named = groupBy(
    rows.filter((row) => row.isMusic && idOf(row) === null && row.album !== null),
    ({ artist, album }) => JSON.stringify([artist, album]),
  );
  const listed = groupBy(tracks, ({ album_id }) => album_id ?? null);
  const albums = new Map<string, Album>();
  const albumOf = (row: ListenRow): Album | null => {
    const album_id = idOf(row);
    if (album_id === null && row.album === null) return null;
    const key = album_id === null ? JSON.stringify([row.artist, row.album]) : `id ${album_id}`;
    const album =
      albums.get(key) ??
      (album_id === null
        ? knownByName(key, row, named.get(key)!, identity)
        : { key, album_id, ...shownOf(listed.get(album_id)!) });
    albums.set(key, album);
    return album;
  };
  return rows.flatMap((row) => {
    const track = trackKey(row, identity);
    const album = row.isPlay && track !== null ? albumOf(row) : null;
    return album === null ? [] : [{ user_id: row.user_id, ms: row.ms, track: track!, album }];
  });
}

function knownByName(
  key: string,
  { album, artist }: ListenRow,
  rows: readonly ListenRow[],
  identity: Identity,
): Album {
  const known = new Set(rows.flatMap((row) => trackKey(row, identity) ?? []));
  return { key, album, artist, album_id: null, tracks: known.size };
}

/** The name that most tracks have, and the artist of more than half of them. */
function shownOf(tracks: readonly TrackRow[]) {
  const [name] = mostOften(tracks.map(({ album }) => album ?? null));
  const [artist] = mostOften(tracks.map((row) => row.artist ?? null));
  const isOfMost = artist !== undefined && 2 * artist.times > tracks.length;
  return { album: name?.text ?? null, artist: isOfMost ? artist.text : null, tracks: tracks.length };
}

const mostOften = (texts: readonly (string | null)[]) =>
  [...groupBy(texts, (text) => text)]
    .flatMap(([text, same]) => (text === null ? [] : { text, times: same.length }))
    .sort((a, b) => b.times - a.times || compareTexts([a.text], [b.text]));

/** One user's plays of albums most of whose tracks they played: those of one year. */
export function ofAlbumsMostlyPlayed(plays: readonly AlbumPlay[]): AlbumPlay[] {
  return [...groupBy(plays, ({ album }) => album.key).values()].flatMap((own) => {
    const { tracks } = own[0]!.album;
    return tracks > 1 && 2 * distinctTracks(own) > tracks ? own : [];
  });
}

const distinctTracks = (plays: readonly AlbumPlay[]) => new Set(plays.map(({ track }) => track)).size;

/** The `top-album` value of one user's plays in a year; null where no album counts. */
export function topAlbum(plays: readonly AlbumPlay[]) {
  const counting = ofAlbumsMostlyPlayed(plays);
  const ranking = rank(
    counting.map(({ ms, album }) => ({ ms, thing: album })),
    ({ key }) => key,
    ({ album, artist, album_id }) => [album, artist, album_id],
  );
  if (ranking.length === 0) return null;
  const albums = ranking
    .slice(0, TOP)
    .map(({ thing: { key, album, artist, album_id, tracks }, plays: number, ms }) => ({
      album,
      artist,
      ...(album_id !== null && { album_id }),
      plays: number,
      ms,
      tracks: distinctTracks(counting.filter((play) => play.album.key === key)),
      of: tracks,
    }));
  return { albums, distinct: ranking.length };
}
