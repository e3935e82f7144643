import {
  defineStory,
  integer,
  list,
  listOf,
  nullable,
  object,
  sql,
  struct,
  text,
  wholeSum,
} from '../src/story/index.ts';

const LENGTH = 10;

const minutes = sql`CASE WHEN unknown_lengths < listens THEN ms // 60000 END`;

export default defineStory({
  id: 'podcast',
  version: 1,
  title: 'Podcasts',
  summary: 'how long you listened to podcasts, and your top shows',
  group: 'listening',
  source: 'ours',
  definition: `
    \`minutes\` is how long a user listened to podcast episodes: the milliseconds of all known lengths / 60,000, rounded down, of listen rows however
    short and in private sessions too; null where none of them is known. \`ms\` are the milliseconds themselves, \`listens\` the rows,
    \`episodes\` how many different ones. Audiobooks are no podcasts.

    \`shows\` are the ${LENGTH} of most milliseconds (an unknown length adds 0), then most listens, then name in binary order: an episode is heard in several
    rows, so that time ranks before their number. A show goes by its name; \`distinct\` is how many there are.

    Everyone with an episode has a value, those without any music too; who has none has no value.`,
  reads: ['podcast_user', 'user_show'],
  users: 'podcast_user',
  needs: ['episodes'],
  column: object({
    minutes: nullable(integer()),
    ms: nullable(integer()),
    listens: integer(),
    episodes: integer(),
    shows: list(
      object({ show: text(), minutes: nullable(integer()), listens: integer(), episodes: integer() }),
    ),
    distinct: integer(),
  }),
  query: ({ podcast_user, user_show }) => sql`
    WITH ranked AS (
      SELECT user_year, count(*) AS "distinct", ${listOf(
        struct({ show: sql`name`, minutes, listens: sql`listens`, episodes: sql`episodes` }),
        { place: struct({ ms: sql`-ms`, listens: sql`-listens`, name: sql`name` }), n: LENGTH },
      )} AS shows
      FROM ${user_show}
      GROUP BY user_year
    )
    SELECT user_year, ${struct({
      minutes,
      ms: sql`CASE WHEN unknown_lengths < listens THEN ms END`,
      listens: sql`listens`,
      episodes: sql`episodes`,
      shows: sql`coalesce(shows, [])`,
      distinct: sql`coalesce("distinct", 0)`,
    })} AS value
    FROM ${podcast_user} LEFT JOIN ranked USING (user_year)`,
  decade: {
    reads: [],
    definition: 'Milliseconds are added first. `by_year` has the minutes and the first show of each year.',
    column: object({
      minutes: nullable(integer()),
      listens: integer(),
      by_year: list(object({ year: integer(), minutes: nullable(integer()), show: nullable(text()) })),
    }),
    query: ({ years }, { length }) => sql`
      SELECT listener, ${struct({
        minutes: sql`${wholeSum(sql`value.ms`)} // 60000`,
        listens: wholeSum(sql`value.listens`),
        by_year: listOf(
          struct({ year: sql`year`, minutes: sql`value.minutes`, show: sql`value.shows[1]."show"` }),
          { place: sql`year`, n: length },
        ),
      })} AS value
      FROM ${years}
      GROUP BY listener`,
  },
});
