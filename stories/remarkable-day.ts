import {
  allOf,
  DAYS_READ,
  defineStory,
  FEWEST_PLAYS,
  FEWEST_PLAYS_OF_DAY,
  integer,
  list,
  listOf,
  nullable,
  number,
  object,
  optional,
  pick,
  RANKED,
  REMARKABLE,
  remarkableDays,
  type Sql,
  sql,
  struct,
  text,
} from '../src/story/index.ts';

const LENGTH = 5;

/** A number of the day that one of {@link REMARKABLE} alone has. */
const only = (why: string, value: Sql) =>
  sql`CASE WHEN place = ${REMARKABLE.indexOf(why) + 1} THEN ${value} END`;

export default defineStory({
  id: 'remarkable-day',
  version: 1,
  title: 'Remarkable days',
  summary: 'up to five days of your year that stood out, and what for',
  group: 'time',
  source: 'Spotify, 2025 ("Archive": up to five remarkable days); the formulas are ours',
  definition: `
    The first ${LENGTH} of these days, in the user's own time zone. Where two are the same day, it is told once, for the first. Of equal days the earliest
    counts.

    \`most-minutes\`: most milliseconds of music, as \`biggest-day\` has it. \`new-artists\`: most artists played for the first time ever (\`new_artists\`), unknown in
    the first year in which the lake has the user's listening. \`top-artist\`, \`top-genre\`: most plays (\`of_artist\`, \`of_genre\`) of the year's top artist and
    top genre, ranked ${RANKED}, then name in binary order, then id. \`nostalgic\`: the earliest mean release year (\`release_year\`, to four decimals) of days with ${FEWEST_PLAYS_OF_DAY}
    plays or more whose release year is known. \`unlike\`: the highest \`share\`, to four decimals and above 0, of plays of artists whom the user played on no other day of the
    year, of days with ${FEWEST_PLAYS_OF_DAY} plays of known artists or more. \`new-year\`: January 1, if there was a play.

    Of each day \`minutes\` are those of all music listen rows, rounded down, null where no length is known, and \`plays\` its plays. Users with fewer
    than ${FEWEST_PLAYS} plays have no value.`,
  reads: DAYS_READ,
  past: { years: 'earlier', reads: ['user', 'user_artist', 'artist'] },
  column: object({
    days: list(
      object({
        day: text(),
        why: text(),
        minutes: nullable(integer()),
        plays: integer(),
        new_artists: optional(integer()),
        artist: optional(text()),
        artist_id: optional(text()),
        of_artist: optional(integer()),
        genre: optional(text()),
        of_genre: optional(integer()),
        release_year: optional(number()),
        share: optional(number()),
      }),
    ),
  }),
  query: (totals, past) => sql`
    WITH ${remarkableDays(totals, past)},
    told AS (
      SELECT user_year, ${struct({
        days: listOf(
          struct({
            day: sql`day::VARCHAR`,
            why: pick(REMARKABLE, sql`place`),
            minutes: sql`CASE WHEN timed THEN ms // 60000 END`,
            plays: sql`plays`,
            new_artists: only('new-artists', sql`new_artists`),
            artist: only('top-artist', sql`shown.name`),
            artist_id: only('top-artist', sql`shown.artist_id`),
            of_artist: only('top-artist', sql`of_artist`),
            genre: only('top-genre', sql`genres.name`),
            of_genre: only('top-genre', sql`of_genre`),
            release_year: only('nostalgic', sql`release_year`),
            share: only('unlike', sql`share`),
          }),
          { place: sql`place`, n: LENGTH },
        ),
      })} AS value
      FROM picked JOIN days USING (user_year, day)
        LEFT JOIN favourite USING (user_year)
        LEFT JOIN ${totals.artist} AS shown ON shown.artist = top_artist
        LEFT JOIN (SELECT DISTINCT genre, name FROM ${totals.artist_genre}) AS genres ON genres.genre = top_genre
      GROUP BY user_year
    )
    SELECT user_year, CASE WHEN plays >= ${FEWEST_PLAYS} THEN value END AS value, CASE WHEN plays < ${FEWEST_PLAYS} THEN ${`fewer than ${FEWEST_PLAYS} plays`} END AS absent
    FROM ${totals.user} LEFT JOIN told USING (user_year)
    WHERE plays > 0`,
  decade: {
    reads: [],
    definition: '`by_year` has the days of each year, and what for.',
    column: object({
      by_year: list(object({ year: integer(), days: list(object({ day: text(), why: text() })) })),
    }),
    query: ({ years }, { length }) => sql`
      SELECT listener, ${struct({
        by_year: listOf(struct({ year: sql`year`, days: sql`days` }), { place: sql`year`, n: length }),
      })} AS value
      FROM (
        SELECT listener, year, ${allOf(struct({ day: sql`told.day`, why: sql`told.why` }), sql`place`)} AS days
        FROM (SELECT listener, year, unnest(value.days) AS told, unnest(range(len(value.days))) AS place FROM ${years})
        GROUP BY listener, year
      )
      GROUP BY listener`,
  },
});
