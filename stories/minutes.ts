import {
  defineStory,
  integer,
  list,
  listOf,
  nullable,
  object,
  sql,
  struct,
  wholeSum,
} from '../src/story/index.ts';

export default defineStory({
  id: 'minutes',
  version: 2,
  title: 'Minutes listened',
  summary: 'how long you listened to music, how many plays, how many listens',
  group: 'listening',
  source: 'ours',
  definition: `
    \`minutes\` is how long a user listened to music: the milliseconds of all known lengths of music listen rows / 60,000, rounded down. Rows
    under 30 seconds and private sessions are included, podcasts and audiobooks are not. It is null where no length is known; an unknown
    length is never guessed. \`ms\` are the milliseconds themselves.

    \`plays\` are the rows that count as plays: 30 seconds or longer, or of unknown length, and in no private session. \`listens\` are all music
    listen rows, \`unknown_length\` those without a length.

    Everyone with a music listen row has a value.`,
  reads: ['user'],
  column: object({
    minutes: nullable(integer()),
    plays: integer(),
    listens: integer(),
    unknown_length: integer(),
    ms: nullable(integer()),
  }),
  query: ({ user }) => sql`
    SELECT user_year, ${struct({
      minutes: sql`CASE WHEN unknown_lengths < listens THEN ms // 60000 END`,
      plays: sql`plays`,
      listens: sql`listens`,
      unknown_length: sql`unknown_lengths`,
      ms: sql`CASE WHEN unknown_lengths < listens THEN ms END`,
    })} AS value
    FROM ${user}`,
  decade: {
    reads: [],
    definition: `
      Milliseconds are added first. \`biggest\` is the year of most milliseconds, then plays, then the earliest; \`first\` the first with a
      listen.`,
    column: object({
      minutes: nullable(integer()),
      plays: integer(),
      years: list(object({ year: integer(), minutes: nullable(integer()), plays: integer() })),
      biggest: integer(),
      first: integer(),
    }),
    query: ({ years }, { length }) => sql`
      SELECT listener, ${struct({
        minutes: sql`${wholeSum(sql`value.ms`)} // 60000`,
        plays: wholeSum(sql`value.plays`),
        years: listOf(struct({ year: sql`year`, minutes: sql`value.minutes`, plays: sql`value.plays` }), {
          place: sql`year`,
          n: length,
        }),
        biggest: sql`arg_min(year, ${struct({ ms: sql`-coalesce(value.ms, 0)`, plays: sql`-value.plays`, year: sql`year` })})`,
        first: sql`min(year)`,
      })} AS value
      FROM ${years}
      GROUP BY listener`,
  },
});
