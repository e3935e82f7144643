import { sql } from '../../sql/sql.ts';
import { defineCsvImporter, unixTime } from './importer.ts';

/**
 * lastfm.ghan.nl/export: a header with `uts` (Unix seconds), names and MusicBrainz ids. Its `utc_time` says
 * `uts` again, to the minute, and is not read.
 */
export const lastfmGhan = defineCsvImporter({
  id: 'lastfm-ghan',
  title: "Last.fm, ghan's export (CSV)",
  recognises: ([header = []]) => ['uts', 'artist', 'track'].every((name) => header.includes(name)),
  header: true,
  fields: ['uts', 'artist', 'artist_mbid', 'album', 'track', 'track_mbid'],
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
