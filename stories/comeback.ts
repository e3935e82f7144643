import {
  artistFields,
  daysBetween,
  defineStory,
  FIRST_YEAR,
  ident,
  integer,
  knownMs,
  knownSince,
  list,
  listOf,
  MS_OF_PLAYS,
  nullable,
  object,
  RANKED,
  sameArtists,
  shownArtist,
  sql,
  struct,
  text,
  usersOf,
  wholeSum,
} from '../src/story/index.ts';

const LENGTH = 10;

/** So many days from the last play to the next are a year. */
const YEAR = 365;

const comeback = object({
  ...artistFields,
  plays: integer(),
  ms: nullable(integer()),
  last: text(),
  again: text(),
  days: integer(),
});

export default defineStory({
  id: 'comeback',
  version: 1,
  title: 'Comebacks',
  summary: 'artists you had not played for a year or longer, and played again',
  group: 'artists',
  source: 'ours',
  definition: `
    The artists whose first play of the year came ${YEAR} days or more after their last play in any year before it, in days of the user's own time
    zone: how many (\`back\`), the ${LENGTH} of most plays, and the one that was away \`longest\`, of equals the one of more plays. Each with the days of that last
    play and of the one when it was played \`again\`, and the \`days\` between. They are ranked ${RANKED}, then name in binary order, then id.
    ${MS_OF_PLAYS} An artist is the same in every year by id where the lake goes by ids and has one, else by name.

    What a user played before the lake begins is unknown: the first year in which the lake has the user's listening has no value. Neither has a year
    whose year before lacks the user's listening altogether, since where nothing was heard no artist was missed, and one in which no artist
    came back.`,
  reads: ['user', 'user_artist', 'user_artist_days', 'artist'],
  past: { years: 'earlier', reads: ['user', 'user_artist_days', 'artist'] },
  column: object({ back: integer(), artists: list(comeback), longest: comeback }),
  query: ({ user, user_artist, user_artist_days, artist }, past) => sql`
    WITH known AS (${knownSince(past)}),
    listened AS (SELECT user_id, year + 1 AS year, true AS listened FROM ${past.user}),
    heard AS (
      SELECT user_id, same, year, last_day
      FROM ${past.user_artist_days} JOIN ${usersOf(past.user)} USING (user_year) JOIN (${sameArtists(past.artist, past.same)}) USING (artist)
    ),
    back AS (
      SELECT user_year, artist, max(heard.last_day) AS last, any_value(first_day) AS again
      FROM ${user_artist_days} AS played
        JOIN ${usersOf(user)} AS listener USING (user_year)
        JOIN (${sameArtists(artist, past.same)}) USING (artist)
        JOIN heard USING (user_id, same)
      WHERE heard.year < listener.year
      GROUP BY user_year, artist
      HAVING ${daysBetween(sql`max(heard.last_day)`, sql`any_value(first_day)`)} >= ${YEAR}
    ),
    ranked AS (
      SELECT *, ${daysBetween(sql`last`, sql`again`)} AS days, row_number() OVER (PARTITION BY user_year ORDER BY plays DESC, ms DESC, artist) AS place
      FROM back JOIN ${user_artist} USING (user_year, artist)
    ),
    entry AS (
      SELECT user_year, place, days, ${struct({
        ...shownArtist,
        plays: sql`plays`,
        ms: knownMs,
        last: sql`last::VARCHAR`,
        again: sql`again::VARCHAR`,
        days: sql`days`,
      })} AS entry
      FROM ranked JOIN ${artist} USING (artist)
    ),
    told AS (
      SELECT user_year, ${struct({
        back: sql`count(*)`,
        artists: listOf(sql`entry`, { place: sql`place`, n: LENGTH }),
        longest: sql`arg_min(entry, {days: -days, place: place})`,
      })} AS value
      FROM entry
      GROUP BY user_year
    )
    SELECT
      user_year,
      CASE WHEN known_since < year AND listened THEN value END AS value,
      CASE
        WHEN known_since IS NULL OR known_since >= year THEN ${FIRST_YEAR}
        WHEN listened IS NULL THEN 'nothing heard in the year before'
        WHEN value IS NULL THEN ${`no artist came back after ${YEAR} days or more`}
      END AS absent
    FROM (SELECT * FROM ${user} WHERE plays > 0)
      LEFT JOIN known USING (user_id) LEFT JOIN listened USING (user_id, year) LEFT JOIN told USING (user_year)`,
  decade: {
    reads: [],
    definition: `
      \`back\` adds up: an artist comes back once in a year, and may again in another. \`longest\` is the longest of the years', of equal ones the
      earliest.`,
    column: object({
      back: integer(),
      longest: comeback,
      by_year: list(object({ year: integer(), back: integer() })),
    }),
    query: ({ years }, { length }) => sql`
      SELECT listener, ${struct({
        back: wholeSum(sql`value.back`),
        longest: sql`arg_min(value.longest, ${struct({ days: sql`-${ident('value', 'longest', 'days')}`, year: sql`year` })})`,
        by_year: listOf(struct({ year: sql`year`, back: sql`value.back` }), { place: sql`year`, n: length }),
      })} AS value
      FROM ${years}
      GROUP BY listener`,
  },
});
