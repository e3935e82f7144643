import { sql } from '../../sql/sql.ts';
import { defineJsonImporter, isoTime } from './importer.ts';
import { spotifyKinds } from './spotify-kinds.ts';

/**
 * The listening of the last year in Spotify's account data: `StreamingHistoryN.json`, and since 2024
 * `StreamingHistory_{music,podcast,audiobook}_N.json`. `endTime` is to the minute, in UTC; there are no ids
 * and no albums. The older form has podcasts mixed in as artists, and nothing tells them from music: they
 * stay tracks.
 */
export const spotifyAccount = defineJsonImporter({
  id: 'spotify-account',
  title: 'Spotify account data',
  recognises: (record) => 'endTime' in record && 'msPlayed' in record,
  fields: {
    ended: '$.endTime',
    ms_played: '$.msPlayed',
    track: '$.trackName',
    artist: '$.artistName',
    episode: '$.episodeName',
    podcast: '$.podcastName',
    chapter: '$.chapterName',
    book: '$.audiobookName',
  },
  listen: {
    played_at: isoTime(sql`ended`),
    time_is: 'end',
    ms_played: sql`ms_played`,
    ...spotifyKinds,
  },
});
