import { sql } from '../../sql/sql.ts';
import { defineJsonImporter, isoTime } from './importer.ts';
import { spotifyKinds } from './spotify-kinds.ts';

/**
 * Spotify's extended streaming history: `endsong_N.json` and `Streaming_History_{Audio,Video}_*.json`, whose
 * field names differ only in what is not read here (`username`, `ip_addr_decrypted` and
 * `user_agent_decrypted` against `ip_addr`). Older files have no audiobook fields.
 *
 * `ts` is when the stream ended, and a row's time. `offline_timestamp` is not read: it may be null, 0,
 * seconds or milliseconds, and where it is an instant, one device's clock took it.
 */
export const spotifyExtended = defineJsonImporter({
  id: 'spotify-extended',
  title: 'Spotify extended streaming history',
  recognises: (record) => 'ts' in record && 'ms_played' in record,
  fields: {
    ts: '$.ts',
    ms_played: '$.ms_played',
    track: '$.master_metadata_track_name',
    artist: '$.master_metadata_album_artist_name',
    album: '$.master_metadata_album_album_name',
    track_uri: '$.spotify_track_uri',
    episode: '$.episode_name',
    podcast: '$.episode_show_name',
    episode_uri: '$.spotify_episode_uri',
    chapter: '$.audiobook_chapter_title',
    book: '$.audiobook_title',
    chapter_uri: '$.audiobook_chapter_uri',
    incognito: '$.incognito_mode',
    skipped: '$.skipped',
  },
  listen: {
    played_at: isoTime(sql`ts`),
    time_is: 'end',
    ms_played: sql`ms_played`,
    ...spotifyKinds,
    album: sql`album`,
    track_id: sql`nullif(regexp_extract(coalesce(track_uri, episode_uri, chapter_uri),
      '^spotify:(?:track|episode|chapter):([0-9A-Za-z]+)$', 1), '')`,
    private: sql`TRY_CAST(incognito AS BOOLEAN)`,
    skipped: sql`TRY_CAST(skipped AS BOOLEAN)`,
  },
});
