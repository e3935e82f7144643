import { closeSync, openSync, writeSync } from 'node:fs';

/** Writes a made-up export in the form of Spotify's extended history, some 600 bytes a row. */
export function writeExport(path, rows) {
  const file = openSync(path, 'w');
  const start = Date.UTC(2012, 0, 1);
  writeSync(file, '[');
  let text = '';
  for (let row = 0; row < rows; row++) {
    const track = (row * 7919) % 40_000;
    text += `${row === 0 ? '' : ','}${JSON.stringify({
      ts: new Date(start + row * 240_000).toISOString().replace('.000', ''),
      platform: 'iOS 15.6.1 (iPhone12,3)',
      ms_played: 20_000 + ((row * 104_729) % 240_000),
      conn_country: 'SE',
      ip_addr: '192.0.2.1',
      master_metadata_track_name: `Track ${track}`,
      master_metadata_album_artist_name: `Artist ${track % 3_000}`,
      master_metadata_album_album_name: `Album ${track % 9_000}`,
      spotify_track_uri: `spotify:track:${String(track).padStart(22, '0')}`,
      episode_name: null,
      episode_show_name: null,
      spotify_episode_uri: null,
      reason_start: 'trackdone',
      reason_end: 'trackdone',
      shuffle: false,
      skipped: false,
      offline: false,
      offline_timestamp: null,
      incognito_mode: false,
    })}`;
    if (text.length > 1_000_000) {
      writeSync(file, text);
      text = '';
    }
  }
  writeSync(file, `${text}]`);
  closeSync(file);
}
