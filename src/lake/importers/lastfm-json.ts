import { sql } from '../../sql/sql.ts';
import { defineJsonImporter, unixTime } from './importer.ts';

/**
 * Last.fm scrobbles as JSON, nested by track: `timestamp.unixtimestamp`, `track` as Last.fm corrects it (its
 * `uncorrectedTrack` is not read), `album`, and MusicBrainz ids where it knows them. Scrobbles have no
 * lengths.
 */
export const lastfmJson = defineJsonImporter({
  id: 'lastfm-json',
  title: 'Last.fm scrobbles (JSON)',
  recognises: ({ timestamp, track }) =>
    typeof timestamp === 'object' &&
    timestamp !== null &&
    'unixtimestamp' in timestamp &&
    typeof track === 'object',
  fields: {
    uts: '$.timestamp.unixtimestamp',
    track: '$.track.name',
    track_mbid: '$.track.mbid',
    artist: '$.track.artist.name',
    artist_mbid: '$.track.artist.mbid',
    album: '$.album.name',
  },
  listen: {
    played_at: unixTime(sql`uts`),
    time_is: 'start',
    track: sql`track`,
    artist: sql`artist`,
    album: sql`album`,
    track_id: sql`track_mbid`,
    artist_id: sql`artist_mbid`,
  },
});
