import { sql } from '../../sql/sql.ts';
import { defineJsonImporter, unixTime } from './importer.ts';

/**
 * ListenBrainz: the export's `listens/YYYY/M.jsonl`, or any file of listens, one a line or in a list
 * (https://listenbrainz.readthedocs.io/en/latest/users/json.html). `listened_at` is the start of the play.
 * `duration` and `duration_ms` are how long the track is, not how long it was listened to: only `ms_played`
 * and `duration_played` (seconds), which some clients add, say that. Ids are the client's, else those that
 * ListenBrainz matched.
 */
export const listenbrainz = defineJsonImporter({
  id: 'listenbrainz',
  title: 'ListenBrainz listens',
  recognises: ({ track_metadata }) => typeof track_metadata === 'object',
  fields: {
    listened_at: '$.listened_at',
    track: '$.track_metadata.track_name',
    artist: '$.track_metadata.artist_name',
    album: '$.track_metadata.release_name',
    ms_played: '$.track_metadata.additional_info.ms_played',
    seconds_played: '$.track_metadata.additional_info.duration_played',
    recording: '$.track_metadata.additional_info.recording_mbid',
    matched_recording: '$.track_metadata.mbid_mapping.recording_mbid',
    first_artist: '$.track_metadata.additional_info.artist_mbids[0]',
    matched_first_artist: '$.track_metadata.mbid_mapping.artist_mbids[0]',
  },
  listen: {
    played_at: unixTime(sql`listened_at`),
    time_is: 'start',
    ms_played: sql`coalesce(ms_played, CAST(TRY_CAST(seconds_played AS DOUBLE) * 1000 AS VARCHAR),
      seconds_played)`,
    track: sql`track`,
    artist: sql`artist`,
    album: sql`album`,
    track_id: sql`coalesce(recording, matched_recording)`,
    artist_id: sql`coalesce(first_artist, matched_first_artist)`,
  },
});
