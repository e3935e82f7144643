import {
  defineStory,
  integer,
  number,
  object,
  ratio,
  type Sql,
  sql,
  struct,
  text,
  wholeSum,
} from '../src/story/index.ts';

const column = object({
  sessions: integer(),
  ms: integer(),
  mean_minutes: number(),
  longest: object({ minutes: integer(), ms: integer(), plays: integer(), day: text() }),
});

const meanMinutes = (ms: Sql, sessions: Sql) => ratio(ms, sql`60000 * ${sessions}`);

export default defineStory({
  id: 'session',
  version: 1,
  title: 'Listening sessions',
  summary: 'how many sessions, how long they were, and the longest',
  group: 'time',
  source: 'ours',
  definition: `
    A session is a run of plays without a silence of more than 10 minutes: each begins no later than that after all before it have ended.
    It lasts from the start of its first play to the end of the one that ends last; \`ms\` is how long all of them lasted, \`mean_minutes\` their mean to
    four decimals, \`longest\` the longest, of equal ones that of more plays, then the first, with the local day on which it began.

    A play's time may be that of its start or of its end (\`time_is\`; where that is not said, of its start). Where its length is unknown it is
    taken to begin and end at the time that its source gives, so that a session can be told too short or be split, and never too long.
    A session that lasts over New Year is cut there. Users without a play have no value.`,
  reads: ['user_turn'],
  column,
  query: ({ user_turn }) => sql`
    WITH edges AS (SELECT * FROM ${user_turn} WHERE begins OR is_last),
    sessions AS (
      SELECT
        *,
        CASE WHEN is_last THEN ended WHEN next_begins THEN next_silent_since ELSE greatest(next_silent_since, next_ended) END - started AS ms,
        CASE WHEN is_last THEN 1 WHEN next_begins THEN next_place - place ELSE next_place - place + 1 END AS plays
      FROM (
        SELECT
          *,
          lead(begins) OVER edges AS next_begins,
          lead(silent_since) OVER edges AS next_silent_since,
          lead(ended) OVER edges AS next_ended,
          lead(place) OVER edges AS next_place
        FROM edges
        WINDOW edges AS (PARTITION BY user_year ORDER BY place)
      )
      WHERE begins
    )
    SELECT user_year, ${struct({
      sessions: sql`count(*)`,
      ms: wholeSum(sql`ms`),
      mean_minutes: meanMinutes(wholeSum(sql`ms`), sql`count(*)`),
      longest: sql`arg_min(
        ${struct({ minutes: sql`ms // 60000`, ms: sql`ms`, plays: sql`plays`, day: sql`day::VARCHAR` })},
        ${struct({ ms: sql`-ms`, plays: sql`-plays`, place: sql`place` })}
      )`,
    })} AS value
    FROM sessions
    GROUP BY user_year`,
  decade: {
    reads: [],
    definition:
      "Sessions and how long they lasted are added up; `longest` is the longest of the years', of equal ones the one of more plays, then the earliest.",
    column,
    query: ({ years }) => sql`
      SELECT listener, ${struct({
        sessions: wholeSum(sql`value.sessions`),
        ms: wholeSum(sql`value.ms`),
        mean_minutes: meanMinutes(wholeSum(sql`value.ms`), wholeSum(sql`value.sessions`)),
        longest: sql`arg_min(value.longest, ${struct({ ms: sql`-value.longest.ms`, plays: sql`-value.longest.plays`, year: sql`year` })})`,
      })} AS value
      FROM ${years}
      GROUP BY listener`,
  },
});
