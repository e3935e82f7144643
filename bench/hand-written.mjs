/** Each story as one would write it by hand: one query on the raw plays, for a lake whose users are all in UTC. */

const PLAY = `coalesce(kind, 'track') = 'track' AND (ms_played IS NULL OR ms_played >= 30000) AND NOT coalesce(private, false)`;

const top = (source) => `
  CREATE OR REPLACE TEMP TABLE answer AS
  SELECT user_id, list({name: name, plays: plays, ms: ms} ORDER BY place) AS top
  FROM (
    SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY plays DESC, ms DESC, name) AS place
    FROM (${source})
    QUALIFY place <= 10
  )
  GROUP BY user_id`;

export const handWritten = (year) => ({
  minutes: `
    CREATE OR REPLACE TEMP TABLE answer AS
    SELECT user_id, sum(ms_played) // 60000 AS minutes, count(*) FILTER (${PLAY}) AS plays, count(*) AS listens
    FROM plays WHERE coalesce(kind, 'track') = 'track' GROUP BY user_id`,
  'top-artist': top(
    `SELECT user_id, tracks.artist AS name, count(*) AS plays, sum(ms_played) AS ms
     FROM plays JOIN tracks USING (track_id) WHERE ${PLAY} GROUP BY user_id, tracks.artist_id, tracks.artist`,
  ),
  'top-track': top(
    `SELECT user_id, any_value(tracks.track) AS name, count(*) AS plays, sum(ms_played) AS ms
     FROM plays JOIN tracks USING (track_id) WHERE ${PLAY} GROUP BY user_id, track_id`,
  ),
  'top-genre': top(
    `SELECT user_id, genre AS name, count(*) AS plays, sum(ms_played) AS ms
     FROM plays JOIN tracks USING (track_id) JOIN artist_genres ON artist_genres.artist_id = tracks.artist_id
     WHERE ${PLAY} GROUP BY user_id, genre`,
  ),
  'listening-personality': `
    CREATE OR REPLACE TEMP TABLE answer AS
    WITH play AS (
      SELECT user_id, track_id, tracks.artist_id, try_cast(left(release_date::VARCHAR, 4) AS INTEGER) AS released
      FROM plays JOIN tracks USING (track_id) WHERE ${PLAY}
    ),
    by_artist AS (SELECT user_id, artist_id, count(*) AS n FROM play GROUP BY ALL),
    by_track AS (SELECT user_id, track_id, count(*) AS n FROM play GROUP BY ALL),
    standing AS (
      SELECT artist_id, rank() OVER (ORDER BY count(*)) - 1 AS fewer, count(*) OVER () AS artists FROM by_artist GROUP BY artist_id
    ),
    axes AS (
      SELECT * FROM
        (SELECT user_id, sum(n * (n - 1)) / nullif(sum(n) * (sum(n) - 1), 0) AS familiarity,
           sum(n * fewer) / nullif(sum(n) * (max(artists) - 1), 0) AS popularity
         FROM by_artist JOIN standing USING (artist_id) GROUP BY user_id HAVING sum(n) >= 30)
        JOIN (SELECT user_id, 1 - sum(n * (n - 1)) / nullif(sum(n) * (sum(n) - 1), 0) AS variety FROM by_track GROUP BY user_id) USING (user_id)
        JOIN (SELECT user_id, avg(greatest(0, least(1, 1 - (${year} - released) / 3))) AS newness FROM play GROUP BY user_id) USING (user_id)
    )
    SELECT user_id, familiarity >= (SELECT median(familiarity) FROM axes) AS f, newness >= (SELECT median(newness) FROM axes) AS n,
      variety >= (SELECT median(variety) FROM axes) AS v, popularity >= (SELECT median(popularity) FROM axes) AS c
    FROM axes`,
});
