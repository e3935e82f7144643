import {
  defineStory,
  ident,
  integer,
  list,
  listOf,
  monthOf,
  object,
  shownTrack,
  sql,
  struct,
  sumsBy,
  text,
  topRows,
  trackFields,
} from '../src/story/index.ts';

/** Of these plays the day is told. */
const MILESTONES = [10, 50, 100];

export default defineStory({
  id: 'song-story',
  version: 1,
  title: 'The story of a song',
  summary: 'your top track: its first play of the year, its months, its 10th, 50th and 100th play',
  group: 'tracks',
  source: 'ours',
  definition: `
    Of the track of most plays, as \`top-track\` ranks it: \`first\`, the day of its first play of the year; \`months\`, its plays from January to
    December; \`milestones\`, the days of its 10th, 50th and 100th play, as far as it had so many. Days and months are of the user's own time
    zone, plays in the order in which they began. Without a play of a known track there is no value.`,
  reads: ['user_track', 'timeline', 'track'],
  column: object({
    ...trackFields,
    plays: integer(),
    first: text(),
    months: list(integer()),
    milestones: list(object({ plays: integer(), day: text() })),
  }),
  absent: 'no play of a known track',
  query: ({ user_track, timeline, track }) => sql`
    WITH top AS (SELECT user_year, track FROM (${topRows({ from: user_track, key: 'track', n: 1 })})),
    played AS (
      SELECT user_year, track, day, row_number() OVER (PARTITION BY user_year ORDER BY started, day) AS nth
      FROM ${timeline} JOIN top USING (user_year, track)
    ),
    story AS (
      SELECT
        user_year,
        any_value(track) AS track,
        count(*) AS plays,
        any_value(day::VARCHAR) FILTER (nth = 1) AS first,
        ${sumsBy(monthOf(sql`day`), { from: 1, to: 12 }, sql`1`)} AS months,
        coalesce(${listOf(struct({ plays: sql`nth`, day: sql`day::VARCHAR` }), { place: sql`nth`, n: MILESTONES.length })}
          FILTER (nth IN (${MILESTONES})), []) AS milestones
      FROM played
      GROUP BY user_year
    )
    SELECT user_year, ${struct({
      ...shownTrack,
      plays: sql`plays`,
      first: sql`first`,
      months: sql`months`,
      milestones: sql`milestones`,
    })} AS value
    FROM story JOIN ${track} USING (track)`,
  decade: {
    reads: [],
    definition: '`by_year` has the song of each year; the song of all of them is in `top-track`.',
    column: object({
      by_year: list(object({ year: integer(), ...trackFields, plays: integer(), first: text() })),
    }),
    query: ({ years }, { length }) => sql`
      SELECT listener, ${struct({
        by_year: listOf(
          struct({
            year: sql`year`,
            ...Object.fromEntries(
              [...Object.keys(trackFields), 'plays', 'first'].map((name) => [name, ident('value', name)]),
            ),
          }),
          { place: sql`year`, n: length },
        ),
      })} AS value
      FROM ${years}
      GROUP BY listener`,
  },
});
