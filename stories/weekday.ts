import {
  defineStory,
  firstHighest,
  integer,
  list,
  listSum,
  number,
  object,
  pick,
  ratio,
  type Sql,
  sql,
  struct,
  sumsBy,
  sumsOf,
  text,
  weekdayOf,
} from '../src/story/index.ts';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const column = object({
  weekdays: list(integer()),
  peak: object({ weekday: text(), plays: integer(), share: number() }),
});

/** The value out of `weekdays`, a list of seven numbers. */
const told: Sql = struct({
  weekdays: sql`weekdays`,
  peak: struct({
    weekday: pick(WEEKDAYS, firstHighest(sql`weekdays`)),
    plays: sql`weekdays[${firstHighest(sql`weekdays`)}]`,
    share: ratio(sql`weekdays[${firstHighest(sql`weekdays`)}]`, listSum(sql`weekdays`)),
  }),
});

export default defineStory({
  id: 'weekday',
  version: 1,
  title: 'Your week',
  summary: 'plays by day of the week, and the day of most',
  group: 'time',
  source: 'ours',
  definition: `
    Plays by day of the week, Monday first, in the user's own time zone and by the time that a play's source gives. \`peak\` is the day of
    most plays, of equal days the first of the week, and its share of all plays to four decimals. Users without a play have no value.`,
  reads: ['user_hour'],
  column,
  query: ({ user_hour }) => sql`
    SELECT user_year, ${told} AS value
    FROM (
      SELECT user_year, ${sumsBy(weekdayOf(sql`day`), { from: 1, to: 7 }, sql`plays`)} AS weekdays
      FROM ${user_hour}
      GROUP BY user_year
      HAVING sum(plays) > 0
    )`,
  decade: {
    definition: 'The plays of the years are added up.',
    reads: [],
    column,
    query: ({ years }) => sql`
      SELECT listener, ${told} AS value
      FROM (SELECT listener, ${sumsOf(sql`value.weekdays`, 7)} AS weekdays FROM ${years} GROUP BY listener)`,
  },
});
