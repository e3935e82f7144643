import {
  defineStory,
  integer,
  list,
  listOf,
  object,
  RANKED,
  shownTrack,
  sql,
  struct,
  text,
  trackFields,
  wholeSum,
} from '../src/story/index.ts';

const LENGTH = 10;

/** A track of fewer users leaves hardly anyone to be earlier than. */
const FEWEST_LISTENERS = 10;

const DAY_MS = 24 * 60 * 60_000;

export default defineStory({
  id: 'tastemaker',
  version: 1,
  title: 'Tastemaker',
  summary: "the year's most played tracks that you played before everyone did, and how early",
  group: 'you',
  source: 'Spotify, 2020 (its "Pioneer": before 50,000 streams); the formula is ours',
  definition: `
    Of the 1,000 tracks that all users together played most in the year (ranked ${RANKED}, then title, then artist in binary order, then id), those
    that ${FEWEST_LISTENERS} users or more played: how many of them the user played (\`of\`), and how many \`early\`, with a play that began before the track reached half of its
    plays of the year. That is when the middle one of its plays began, put in the order in which they began; of two middle ones the earlier.

    \`tracks\` are the ${LENGTH} that the user was earliest with, by the time from the user's first play to that moment, then title, artist and id: \`first\` is the
    day of that play in the user's own time zone, \`days\` how many whole days of 24 hours it was early.

    Without a play of such a track there is no value: in a lake of fewer than ${FEWEST_LISTENERS} users nobody has one.`,
  reads: ['user', 'user_track', 'timeline', 'track', 'popular_track'],
  column: object({
    early: integer(),
    of: integer(),
    tracks: list(object({ ...trackFields, first: text(), days: integer() })),
  }),
  query: ({ user, user_track, timeline, track, popular_track }) => sql`
    WITH popular AS (SELECT track, half FROM ${popular_track} WHERE listeners >= ${FEWEST_LISTENERS}),
    played AS (SELECT user_year, count(*) AS "of" FROM ${user_track} SEMI JOIN popular USING (track) GROUP BY user_year),
    early AS (
      SELECT user_year, track, any_value(half) - min(started) AS ms, min(day) AS day
      FROM ${timeline} JOIN popular USING (track)
      WHERE started < half
      GROUP BY user_year, track
    ),
    told AS (
      SELECT
        user_year,
        count(*) AS early,
        ${listOf(struct({ ...shownTrack, first: sql`day::VARCHAR`, days: sql`early.ms // ${DAY_MS}` }), {
          place: struct({ ms: sql`-early.ms`, track: sql`track` }),
          n: LENGTH,
        })} AS tracks
      FROM early JOIN ${track} USING (track)
      GROUP BY user_year
    )
    SELECT
      user_year,
      CASE WHEN "of" IS NOT NULL THEN ${struct({
        early: sql`coalesce(early, 0)`,
        of: sql`"of"`,
        tracks: sql`coalesce(tracks, [])`,
      })} END AS value,
      CASE WHEN "of" IS NULL THEN ${`none of the most played tracks with ${FEWEST_LISTENERS} listeners or more was played`} END AS absent
    FROM (SELECT user_year FROM ${user} WHERE plays > 0) LEFT JOIN played USING (user_year) LEFT JOIN told USING (user_year)`,
  decade: {
    reads: [],
    definition: `
      \`early\` and \`of\` add up, track by track and year by year: one that was among the most played of two years counts in both. \`by_year\` has
      those of each year.`,
    column: object({
      early: integer(),
      of: integer(),
      by_year: list(object({ year: integer(), early: integer(), of: integer() })),
    }),
    query: ({ years }, { length }) => sql`
      SELECT listener, ${struct({
        early: wholeSum(sql`value.early`),
        of: wholeSum(sql`value."of"`),
        by_year: listOf(struct({ year: sql`year`, early: sql`value.early`, of: sql`value."of"` }), {
          place: sql`year`,
          n: length,
        }),
      })} AS value
      FROM ${years}
      GROUP BY listener`,
  },
});
