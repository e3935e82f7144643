import { type Sql, sql } from '../../sql/sql.ts';
import { defineJsonImporter, isoTime } from './importer.ts';

/** What Takeout writes before and after a title, by the language of the account. */
const WORDS: readonly (readonly [before: string, after: string])[] = [
  ['Watched ', ''],
  ['Angesehen: ', ''],
  ['Vous avez regardé ', ''],
  ['Has visto ', ''],
  ['Viste ', ''],
  ['Hai guardato ', ''],
  ['Obejrzano: ', ''],
  ['İzlenen video: ', ''],
  ['', ' angesehen'],
  ['', ' adlı videoyu izlediniz'],
  ['', ' を視聴しました'],
  ['', ' 을(를) 시청했습니다.'],
];
/** The channels of YouTube's own making are an artist's and this. */
const TOPIC = ' - Topic';
/** Such channels that are no artist's: releases of nobody's, and what listeners uploaded themselves. */
const NOBODY = ['Release', 'Music Library Uploads'] as const;
const NO_BREAK_SPACES = '\u00a0\u202f';

/**
 * YouTube's `watch-history.json` of Google Takeout, of which the music is kept: what was played in YouTube
 * Music, and in YouTube of an artist's own "… - Topic" channel. The channel is the artist; of a video by
 * anybody else it is whoever uploaded it. A row says when something began, not how long it was watched.
 */
export const youtubeMusic = defineJsonImporter({
  id: 'youtube-music',
  title: 'YouTube and YouTube Music watch history (Google Takeout, JSON)',
  recognises: ({ header, time, title, titleUrl }) =>
    (header === 'YouTube' || header === 'YouTube Music') &&
    typeof time === 'string' &&
    typeof title === 'string' &&
    (titleUrl === undefined || (typeof titleUrl === 'string' && titleUrl.includes('/watch?'))),
  fields: {
    header: '$.header',
    title: '$.title',
    url: '$.titleUrl',
    channel: '$.subtitles[0].name',
    time: '$.time',
    detail: '$.details[0].name',
  },
  // A join, since a window would hold the whole file in memory.
  rows: (raw) => sql`SELECT *, ${titleWithin(sql`own_words.before`, sql`own_words.after`)} AS own_title,
      regexp_extract(url, '/watch[?](?:.*&)?v=([0-9A-Za-z_-]+)', 1) AS video,
      CASE WHEN ends_with(channel, ${TOPIC}) THEN left(channel, -${TOPIC.length}) ELSE channel END AS name
    FROM (${raw}) LEFT JOIN (${ownWords(raw)}) USING (filename)`,
  listen: {
    played_at: isoTime(sql`time`),
    time_is: 'start',
    track: sql`CASE WHEN strpos(title, url) = 0 THEN coalesce(own_title, ${knownTitle()}, title) END`,
    artist: sql`CASE WHEN name NOT IN (${NOBODY}) THEN name END`,
    track_id: sql`nullif(video, '')`,
    dropped: sql`CASE WHEN contains(detail, 'Google') THEN 'not music'
      WHEN url IS NULL OR strpos(title, url) > 0 THEN 'no name'
      WHEN video = '' OR NOT (header = 'YouTube Music' OR contains(url, '//music.youtube.com/')
        OR coalesce(ends_with(channel, ${TOPIC}), false)) THEN 'not music' END`,
  },
});

/** The words of each file as its titles that are a bare link show them: those of videos that are gone. */
const ownWords = (raw: Sql) => sql`
  SELECT filename, min({'before': split_part(title, url, 1), 'after': split_part(title, url, 2)}) AS own_words
  FROM (${raw}) WHERE strpos(title, url) > 0 AND title <> url GROUP BY filename`;

/** The title between words of any known language; null where they are of another. */
function knownTitle(): Sql {
  return sql`coalesce(${WORDS.map(([before, after]) => titleWithin(sql`${before}`, sql`${after}`))})`;
}

/** What of the title stands between these words; null where they are not around it. */
function titleWithin(before: Sql, after: Sql): Sql {
  const plain = sql`translate(title, ${NO_BREAK_SPACES}, '  ')`;
  return sql`CASE WHEN starts_with(${plain}, ${before}) AND ends_with(${plain}, ${after})
      AND length(title) > length(${before}) + length(${after})
    THEN substr(title, length(${before}) + 1, length(title) - length(${before}) - length(${after})) END`;
}
