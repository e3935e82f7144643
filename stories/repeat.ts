import {
  defineStory,
  integer,
  nullable,
  object,
  shownTrack,
  sql,
  struct,
  text,
  trackFields,
} from '../src/story/index.ts';

const repeated = nullable(object({ ...trackFields, plays: integer(), day: text() }));

/** The order of records: more plays, then the earlier day, then the name. */
const record = struct({ plays: sql`-plays`, day: sql`day`, track: sql`track` });
const best = sql`arg_min({track: track, plays: plays, day: day}, ${record})`;

export default defineStory({
  id: 'repeat',
  version: 1,
  title: 'On repeat',
  summary: 'the most plays of one track in a day, and one after the other',
  group: 'tracks',
  source: 'ours',
  definition: `
    \`in_a_day\` is the track with the most plays in one day of the user's own time zone, and that day. \`in_a_row\` is the track played most
    often with no play of anything else between, and the day of the first of these plays; a run may last over midnight, rows that are
    no plays do not break it, and plays that nothing identifies do. Plays are in the order in which they began, then ended.

    Of equal records the earlier day counts, then the track's title, then artist in binary order, then id. Each is null where nothing was played
    twice so; users of whom that is true of both have no value.`,
  reads: ['timeline', 'user_turn', 'track'],
  column: object({ in_a_day: repeated, in_a_row: repeated }),
  absent: 'nothing played twice in a day or in a row',
  query: ({ timeline, user_turn, track }) => sql`
    WITH by_day AS (
      SELECT user_year, ${best} AS best
      FROM (
        SELECT user_year, track, day, count(*) AS plays
        FROM ${timeline}
        WHERE track IS NOT NULL
        GROUP BY user_year, track, day
        HAVING count(*) > 1
      )
      GROUP BY user_year
    ),
    repeats AS (
      SELECT user_year, track, place, day_before AS day, place - row_number() OVER (PARTITION BY user_year ORDER BY place) AS run
      FROM ${user_turn}
      WHERE repeats
    ),
    by_row AS (
      SELECT user_year, ${best} AS best
      FROM (
        SELECT user_year, any_value(track) AS track, count(*) + 1 AS plays, arg_min(day, place) AS day
        FROM repeats
        GROUP BY user_year, run
      )
      GROUP BY user_year
    ),
    told AS (
      SELECT user_year, in_a_day, ${struct({ ...shownTrack, plays: sql`best.plays`, day: sql`best.day::VARCHAR` })} AS value
      FROM (SELECT true AS in_a_day, * FROM by_day UNION ALL SELECT false, * FROM by_row) JOIN ${track} ON track = best.track
    )
    SELECT user_year, ${struct({
      in_a_day: sql`any_value(value) FILTER (in_a_day)`,
      in_a_row: sql`any_value(value) FILTER (NOT in_a_day)`,
    })} AS value
    FROM told
    GROUP BY user_year`,
  decade: {
    reads: [],
    definition: `
      The records of the years' records, of equal ones the earliest. A run of plays that lasts over New Year counts in each year by itself.`,
    column: object({ in_a_day: repeated, in_a_row: repeated }),
    query: ({ years }) => sql`
      SELECT listener, ${struct({
        in_a_day: sql`arg_min(value.in_a_day, {plays: -value.in_a_day.plays, year: year})`,
        in_a_row: sql`arg_min(value.in_a_row, {plays: -value.in_a_row.plays, year: year})`,
      })} AS value
      FROM ${years}
      GROUP BY listener`,
  },
});
