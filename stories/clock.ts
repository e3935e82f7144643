import {
  defineStory,
  firstHighest,
  integer,
  list,
  listSum,
  number,
  object,
  ratio,
  type Sql,
  sql,
  struct,
  sumsBy,
  sumsOf,
} from '../src/story/index.ts';

const column = object({
  hours: list(integer()),
  peak: object({ hour: integer(), plays: integer(), share: number() }),
});

/** The value out of `hours`, a list of 24 numbers. */
const told: Sql = struct({
  hours: sql`hours`,
  peak: struct({
    hour: sql`${firstHighest(sql`hours`)} - 1`,
    plays: sql`hours[${firstHighest(sql`hours`)}]`,
    share: ratio(sql`hours[${firstHighest(sql`hours`)}]`, listSum(sql`hours`)),
  }),
});

export default defineStory({
  id: 'clock',
  version: 1,
  title: 'Your day',
  summary: 'plays by hour of the day, and the hour of most',
  group: 'time',
  source: 'ours',
  definition: `
    Plays by hour of the day, the one after midnight first, in the user's own time zone and by the time that a play's source gives. Where clocks
    are put back, the hour that comes twice counts twice. \`peak\` is the hour of most plays (0 to 23), of equal hours the first of the day, and
    its share of all plays to four decimals. Users without a play have no value.`,
  reads: ['user_hour'],
  column,
  query: ({ user_hour }) => sql`
    SELECT user_year, ${told} AS value
    FROM (
      SELECT user_year, ${sumsBy(sql`hour`, { from: 0, to: 23 }, sql`plays`)} AS hours
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
      FROM (SELECT listener, ${sumsOf(sql`value.hours`, 24)} AS hours FROM ${years} GROUP BY listener)`,
  },
});
