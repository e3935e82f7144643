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

/**
 * How long a user listened to music: floor(milliseconds of all known lengths / 60,000), short rows and private sessions included;
 * null where no length is known. `plays` counts plays, `listens` all music listen rows, `ms` are the milliseconds themselves.
 * A decade adds milliseconds first. Its biggest year is the one of most milliseconds, then plays, then the earliest.
 * Definition: ours.
 */
export default defineStory({
  id: 'minutes',
  version: 2,
  title: 'Minutes listened',
  summary: 'how long you listened to music, how many plays, how many listens',
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
