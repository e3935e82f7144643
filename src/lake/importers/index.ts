import { appleMusic } from './apple-music.ts';
import { appleMusicNames } from './apple-music-names.ts';
import type { Importer } from './importer.ts';
import { lastfmGhan } from './lastfm-ghan.ts';
import { lastfmJson } from './lastfm-json.ts';
import { lastfmToCsv } from './lastfm-to-csv.ts';
import { listenbrainz } from './listenbrainz.ts';
import { spotifyAccount } from './spotify-account.ts';
import { spotifyExtended } from './spotify-extended.ts';
import { youtubeMusic } from './youtube-music.ts';

/**
 * Every export format, in the order in which a file is tried against them. A format is added by its file and
 * a line here.
 */
export const IMPORTERS: readonly Importer[] = [
  spotifyExtended,
  spotifyAccount,
  lastfmJson,
  lastfmGhan,
  lastfmToCsv,
  listenbrainz,
  appleMusic,
  appleMusicNames,
  youtubeMusic,
];
