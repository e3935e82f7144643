import { sql } from '../../sql/sql.ts';
import { defineCsvImporter } from './importer.ts';

const DATE = /^\d{1,2} [A-Z][a-z]{2} \d{4},? \d{2}:\d{2}$/;

/**
 * benjaminbenben.com/lastfm-to-csv: artist, album, track and a UTC date to the minute, without a header.
 * The track that was playing while the export was made has no date.
 */
export const lastfmToCsv = defineCsvImporter({
  id: 'lastfm-to-csv',
  title: 'Last.fm to CSV',
  recognises: (rows) => rows.some((row) => row.length === 4 && DATE.test(row[3]!)),
  header: false,
  fields: ['artist', 'album', 'track', 'played'],
  listen: {
    played_at: sql`CAST(try_strptime(played, ['%d %b %Y %H:%M', '%d %b %Y, %H:%M']) AS TIMESTAMPTZ)`,
    time_is: 'start',
    track: sql`track`,
    artist: sql`artist`,
    album: sql`album`,
    dropped: sql`CASE WHEN played IS NULL THEN 'now playing' END`,
  },
});
