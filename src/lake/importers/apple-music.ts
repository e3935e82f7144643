import { type Sql, sql } from '../../sql/sql.ts';
import { defineCsvImporter, isoTime } from './importer.ts';

/** Apple Music began in 2015: what is older comes from a clock that was not set. */
const BEGAN = new Date('2015-01-01T00:00:00Z');
/** What `Item Type` says of what is no track: advertisements, radio, films, and the player's own messages. */
const OTHER_ITEMS = [
  'AD',
  'AUDIO_AD',
  'VIDEO_AD',
  'NON_SONG_CLIP',
  'STREAM',
  'TIMED_METADATA_PING',
  'ORIGINAL_CONTENT_MOVIES',
  'ORIGINAL_CONTENT_SHOWS',
  'INVALID',
] as const;
/** Positions in a track that are this close are the same: clients round them differently. */
const SAME_POSITION_MS = 2000;
/** How much longer than its track a stretch may be: rounding, not a player that never stopped its clock. */
const OVERTIME_MS = 60_000;
const MAX_MS = 24 * 60 * 60 * 1000;

const millis = (text: Sql) => sql`CAST(TRY_CAST(${text} AS DOUBLE) AS BIGINT)`;

/**
 * Apple Music's play activity, "Apple Music Play Activity.csv" of the privacy export. Older exports have
 * `Content Name` for `Song Name`; newer ones have three times the columns, but no `Artist Name`, which
 * `apple-music-names` then gives. Times are UTC; `UTC Offset In Seconds`, where the device was, is not read.
 *
 * A row is a stretch: from where a player began to where it paused, jumped or ended. A play is the stretches
 * of one track on one device that follow each other, each going on where the last one stopped, until it ends
 * or another track begins: as long as they are together, from the first one's start. Jumps (`SCRUB_END`, and
 * lengths below 0) are no listening.
 */
export const appleMusic = defineCsvImporter({
  id: 'apple-music',
  title: 'Apple Music play activity (CSV)',
  recognises: ([header = []]) =>
    ['Event End Timestamp', 'Play Duration Milliseconds'].every((name) => header.includes(name)) &&
    (header.includes('Song Name') || header.includes('Content Name')),
  header: true,
  fields: [
    'Song Name',
    'Content Name',
    'Artist Name',
    'Album Name',
    'Device Identifier',
    'Event Type',
    'Item Type',
    'Event Start Timestamp',
    'Event End Timestamp',
    'Start Position In Milliseconds',
    'End Position In Milliseconds',
    'Play Duration Milliseconds',
    'Media Duration In Milliseconds',
    'End Reason Type',
  ],
  rows: (raw) => plays(chains(stretches(raw))),
  listen: {
    played_at: sql`played_at`,
    time_is: 'start',
    ms_played: sql`CAST(ms_played AS VARCHAR)`,
    track: sql`track`,
    artist: sql`artist`,
    album: sql`album`,
    skipped: sql`last_reason IN ('TRACK_SKIPPED_FORWARDS', 'TRACK_SKIPPED_BACKWARDS')`,
    dropped: sql`why`,
  },
});

/** The rows with their types, and why one is no stretch of a play. */
function stretches(raw: Sql): Sql {
  const typed = sql`SELECT filename, "Device Identifier" AS device, "Album Name" AS album,
      coalesce("Song Name", "Content Name") AS track, "Artist Name" AS artist, "Event Type" AS event,
      "Item Type" AS item, "End Reason Type" AS reason, "Play Duration Milliseconds" AS length,
      ${isoTime(sql`"Event Start Timestamp"`)} AS start_at, ${isoTime(sql`"Event End Timestamp"`)} AS end_at,
      ${millis(sql`"Start Position In Milliseconds"`)} AS start_ms,
      ${millis(sql`"End Position In Milliseconds"`)} AS end_ms,
      ${millis(sql`"Media Duration In Milliseconds"`)} AS track_ms,
      CASE WHEN TRY_CAST("Play Duration Milliseconds" AS DOUBLE) BETWEEN ${-MAX_MS} AND ${MAX_MS}
        THEN ${millis(sql`"Play Duration Milliseconds"`)} END AS ms
    FROM (${raw})`;
  const judged = sql`SELECT *, coalesce(end_at, start_at) AS seen_at,
      coalesce(reason = 'SCRUB_END' OR ms < 0, false) AS is_jump,
      CASE WHEN event <> 'PLAY_END' THEN 'no play' WHEN item IN (${OTHER_ITEMS}) THEN 'not music'
        WHEN track IS NULL THEN 'no name' WHEN reason = 'FAILED_TO_LOAD' AND ms <= 0 THEN 'no play'
        WHEN coalesce(coalesce(end_at, start_at) < ${BEGAN}, true) THEN 'no time'
        WHEN length IS NOT NULL AND ms IS NULL THEN 'bad length'
        WHEN ms > track_ms + ${OVERTIME_MS} AND track_ms > 0 THEN 'bad length' END AS unfit
    FROM (${typed})`;
  return sql`SELECT * EXCLUDE (unfit), CASE WHEN unfit IS NOT NULL THEN unfit
      WHEN row_number() OVER (PARTITION BY filename, device, unfit, track, artist, start_at, end_at, start_ms,
        end_ms, ms, reason ORDER BY album) > 1 THEN 'exact duplicate' END AS unfit
    FROM (${judged})`;
}

/** The stretches with the number of their play, within their device and file. */
function chains(stretches: Sql): Sql {
  const before = (column: Sql) => sql`lag(${column}) OVER stretch`;
  const goesOn = sql`track = ${before(sql`track`)} AND artist IS NOT DISTINCT FROM ${before(sql`artist`)}
    AND ${before(sql`reason`)} IS DISTINCT FROM 'NATURAL_END_OF_TRACK'
    AND (${before(sql`reason`)} IN ('SCRUB_BEGIN', 'SCRUB_END')
      OR abs(start_ms - ${before(sql`end_ms`)}) <= ${SAME_POSITION_MS})`;
  return sql`SELECT *, sum(CASE WHEN goes_on THEN 0 ELSE 1 END) OVER (PARTITION BY filename, device, unfit
      ORDER BY place) AS play
    FROM (SELECT *, ${goesOn} AS goes_on, row_number() OVER stretch AS place FROM (${stretches})
      WINDOW stretch AS (PARTITION BY filename, device, unfit
        ORDER BY seen_at, start_at, start_ms, end_ms, track, artist, reason, ms, album))`;
}

/** Of each play one row that is all of it; of the other rows, why they are none. */
const plays = (chains: Sql): Sql => sql`SELECT filename, track, artist, album,
    coalesce(start_at, end_at - to_milliseconds(ms), end_at) AS played_at,
    CASE WHEN count(*) FILTER (NOT is_jump AND ms IS NULL) OVER play > 0 THEN NULL
      ELSE sum(ms) FILTER (NOT is_jump) OVER play END AS ms_played,
    last_value(reason) OVER (play ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last_reason,
    CASE WHEN unfit IS NOT NULL THEN unfit
      WHEN count(*) FILTER (NOT is_jump) OVER play = 0 THEN 'no play'
      WHEN row_number() OVER (play ORDER BY is_jump, place) > 1 THEN 'part of a play' END AS why
  FROM (${chains}) WINDOW play AS (PARTITION BY filename, device, unfit, play)`;
