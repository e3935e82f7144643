import {
  defineStory,
  integer,
  knownMs,
  list,
  listOf,
  nullable,
  number,
  object,
  optional,
  RANKED,
  ratioUp,
  sql,
  struct,
  text,
  topRows,
} from '../src/story/index.ts';

const shows = { artist: nullable(text()), artist_id: optional(text()) };
const standing = { place: integer(), listeners: integer(), top: number() };

/** Only those listeners are ranked that have at least what the artist's least fan has: a few of all. */
export default defineStory({
  id: 'top-fan',
  version: 1,
  title: 'Top fan',
  summary: 'how you stand among all listeners of your top artist',
  group: 'artists',
  source: 'Spotify, 2019 ("top 1% of listeners")',
  definition: `
    Where a user stands among the listeners of their top artist, the one of most plays (ranked ${RANKED}, then name in binary order, then id).
    \`listeners\` are the users who played the artist in the year. \`place\` is 1 and how many of them are ahead, so that equals share a place;
    \`top\` is place ÷ listeners to four decimals, rounded up: the user is among that share of the listeners.

    They are compared by the milliseconds of their plays of the artist (\`by\` is "ms"), or, where the length of any of these plays is unknown,
    all of them by plays (\`by\` is "plays"): lengths are never guessed, and no listener is compared by another measure than the rest.

    Without a play of a known artist, and where nobody else played the artist, there is no value.`,
  reads: ['user_artist', 'artist'],
  comparesUsers: true,
  column: object({ ...shows, plays: integer(), ms: nullable(integer()), by: text(), ...standing }),
  query: ({ user_artist, artist }) => sql`
    WITH favourite AS (${topRows({ from: user_artist, key: 'artist', n: 1 })}),
    measured AS (SELECT artist, sum(unknown_lengths) = 0 AS timed FROM ${user_artist} GROUP BY artist),
    least AS (
      SELECT artist, timed, min(CASE WHEN timed THEN ms ELSE plays END) AS least
      FROM favourite JOIN measured USING (artist)
      GROUP BY artist, timed
    ),
    ranked AS (
      SELECT artist, user_year, timed, rank() OVER (PARTITION BY artist ORDER BY amount DESC) AS place
      FROM (
        SELECT artist, user_year, timed, least, CASE WHEN timed THEN ms ELSE plays END AS amount
        FROM ${user_artist} JOIN least USING (artist)
      )
      WHERE amount >= least
    )
    SELECT
      user_year,
      CASE WHEN listeners > 1 THEN ${struct({
        artist: sql`name`,
        artist_id: sql`artist_id`,
        plays: sql`plays`,
        ms: knownMs,
        by: sql`CASE WHEN timed THEN 'ms' ELSE 'plays' END`,
        place: sql`ranked.place`,
        listeners: sql`listeners`,
        top: ratioUp(sql`ranked.place`, sql`listeners`),
      })} END AS value,
      CASE WHEN listeners = 1 THEN 'nobody else played the top artist' END AS absent
    FROM favourite JOIN ranked USING (user_year, artist) JOIN ${artist} USING (artist)`,
  decade: {
    reads: [],
    definition: `
      Places of different artists and years do not add up: \`by_year\` has those of each year. \`best\` is the year of the lowest \`top\`, then
      of most listeners, then the earliest.`,
    column: object({
      best: object({ year: integer(), ...shows, ...standing }),
      by_year: list(object({ year: integer(), ...shows, ...standing })),
    }),
    query: ({ years }, { length }) => {
      const told = struct({
        year: sql`year`,
        artist: sql`value.artist`,
        artist_id: sql`value.artist_id`,
        place: sql`value.place`,
        listeners: sql`value.listeners`,
        top: sql`value.top`,
      });
      const best = struct({ top: sql`value.top`, listeners: sql`-value.listeners`, year: sql`year` });
      return sql`
      SELECT listener, ${struct({
        best: sql`arg_min(${told}, ${best})`,
        by_year: listOf(told, { place: sql`year`, n: length }),
      })} AS value
      FROM ${years}
      GROUP BY listener`;
    },
  },
});
