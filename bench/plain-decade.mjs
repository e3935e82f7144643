// Plain SQL over the totals of ten years, in a process of its own: `node plain-decade.mjs STORE`. Prints the seconds of each query as JSON.
import { openTotals } from './decade-totals.mjs';

const session = await openTotals(process.argv[2]);

/** A ranking as one would write it by hand: by ids, since numbers are of a year alone. */
const ranking = (from, dictionary, key, id, name) => `
  CREATE OR REPLACE TEMP TABLE answer AS
  SELECT user_id, list({name: name, plays: plays, ms: ms} ORDER BY place) AS top
  FROM (
    SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY plays DESC, ms DESC, name) AS place
    FROM (
      SELECT user_id, any_value(${name}) AS name, sum(${from}.plays) AS plays, sum(${from}.ms) AS ms
      FROM ${from} JOIN "user" USING (user_year) JOIN ${dictionary} USING (${key})
      GROUP BY user_id, ${dictionary}.${id}
    )
    QUALIFY place <= 10
  )
  GROUP BY user_id`;

const seconds = {};
for (const [what, query] of [
  ['user and artist', ranking('user_artist', 'artist', 'artist', 'artist_id', 'artist.name')],
  ['user and track', ranking('user_track', 'track', 'track', 'track_id', 'title')],
]) {
  const started = performance.now();
  await session.run(query);
  seconds[what] = (performance.now() - started) / 1000;
}
console.log(JSON.stringify(seconds));
session.close();
