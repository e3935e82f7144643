import { sql } from '../../sql/sql.ts';
import { defineCsvImporter } from './importer.ts';

/** What `Track Description` and `Track Name` are: `Artist - Title`. A title may have dashes of its own. */
const DESCRIPTION = sql`coalesce("Track Description", "Track Name")`;
const part = (group: number) => sql`regexp_extract(${DESCRIPTION}, '(?s)^(.+?) - (.+)$', ${group})`;

/**
 * Which artist a title is of, from the files beside Apple's play activity that say so: "Apple Music - Play
 * History Daily Tracks.csv" and "Apple Music - Track Play History.csv". The first counts plays by day and
 * track, the second has only the last play of each: neither is a record of listening.
 */
export const appleMusicNames = defineCsvImporter({
  id: 'apple-music-names',
  title: "Apple Music, artists of the play activity's titles (CSV)",
  recognises: ([header = []]) =>
    ['Track Description', 'Date Played'].every((name) => header.includes(name)) ||
    ['Track Name', 'Last Played Date'].every((name) => header.includes(name)),
  header: true,
  fields: ['Track Description', 'Track Name'],
  namesArtistsOf: 'apple-music',
  listen: {
    played_at: sql`CAST(NULL AS TIMESTAMPTZ)`,
    time_is: 'start',
    track: sql`nullif(${part(2)}, '')`,
    artist: sql`nullif(${part(1)}, '')`,
    dropped: sql`CASE WHEN ${part(1)} <> '' THEN 'names only' END`,
  },
});
