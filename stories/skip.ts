import {
  artistFields,
  defineStory,
  ident,
  integer,
  list,
  listOf,
  nullable,
  number,
  object,
  pickFields,
  ratio,
  type Sql,
  shownArtist,
  skipsOfArtists,
  skipsOfUsers,
  sql,
  struct,
  wholeSum,
} from '../src/story/index.ts';

/** Of an artist of fewer rows nothing is said. */
const FEWEST_LISTENS = 20;

const fields = { listens: integer(), skipped: integer(), share: number() };
const counted = { listens: sql`listens`, skipped: sql`skipped`, share: ratio(sql`skipped`, sql`listens`) };

/** An aggregate: the artist of the lowest `share`, of equal ones that of more rows, then the first by name. */
const first = (share: Sql): Sql =>
  sql`arg_min(${struct({ ...shownArtist, ...counted })}, {share: ${share}, listens: -listens, place: place})`;

/** An aggregate: what the years whose marks are known add up to, or all where they are in none. */
const sumOf = (name: string): Sql =>
  sql`coalesce(${wholeSum(sql`CASE WHEN value.marked IS NOT NULL THEN ${ident('value', name)} END`)}, ${wholeSum(ident('value', name))})`;

export default defineStory({
  id: 'skip',
  version: 1,
  title: 'Skipped',
  summary: 'how much of what you put on you skipped, and which artists you skipped most and least',
  group: 'listening',
  source: 'ours',
  definition: `
    \`share\` is how many of a user's music listen rows were skipped: \`skipped\` ÷ \`listens\` to four decimals. A row was skipped when it is
    shorter than 30 seconds (\`short\` of them), or its source marks it as skipped (\`marked\`); one that is both counts once. Rows of private
    sessions do not count, nor rows of which neither the length nor the mark is known.

    A source may mark nothing for years. A year in which no row of a user is marked has \`marked\` null, unknown and not 0: then the rows of known
    length count, and of these the short ones are skipped.

    \`most\` and \`least\` are the artists of the highest and of the lowest share, of those with ${FEWEST_LISTENS} such rows or more; of equal shares the one
    of more rows, then the first by name in binary order, then id. Both are null where there are no two that differ. A row is of the artist of its
    track, or, where nobody played that, of the artist that it names itself.

    Users of whom no row counts have no value.`,
  reads: ['user', 'user_skip', 'user_artist', 'heard_artist'],
  column: object({
    ...fields,
    short: integer(),
    marked: nullable(integer()),
    most: nullable(object({ ...artistFields, ...fields })),
    least: nullable(object({ ...artistFields, ...fields })),
  }),
  absent: 'neither lengths nor skips are known',
  query: ({ user, user_skip, user_artist, heard_artist }) => sql`
    WITH by_user AS (${skipsOfUsers({ user, user_skip })}),
    extremes AS (
      SELECT user_year, ${first(sql`-share`)} AS most, ${first(sql`share`)} AS least
      FROM (
        SELECT *, ${counted.share} AS share
        FROM (${skipsOfArtists({ user_artist, user_skip }, sql`by_user`)})
        WHERE listens >= ${FEWEST_LISTENS}
      ) JOIN ${heard_artist} USING (artist)
      GROUP BY user_year
      HAVING max(share) > min(share)
    )
    SELECT
      user_year,
      CASE WHEN listens > 0 THEN ${struct({
        ...counted,
        short: sql`short`,
        marked: sql`marked`,
        most: sql`most`,
        least: sql`least`,
      })} END AS value
    FROM by_user LEFT JOIN extremes USING (user_year)`,
  decade: {
    reads: [],
    definition: `
      Rows of the years whose marks are known are added up; of all years where they are in none. \`by_year\` has each year's share, and the artists
      most and least skipped.`,
    column: object({
      ...fields,
      marked: nullable(integer()),
      by_year: list(
        object({
          year: integer(),
          listens: integer(),
          share: number(),
          marked: nullable(integer()),
          most: nullable(object(artistFields)),
          least: nullable(object(artistFields)),
        }),
      ),
    }),
    query: ({ years }, { length }) => sql`
      SELECT listener, ${struct({
        listens: sumOf('listens'),
        skipped: sumOf('skipped'),
        share: ratio(sumOf('skipped'), sumOf('listens')),
        marked: wholeSum(sql`value.marked`),
        by_year: listOf(
          struct({
            year: sql`year`,
            listens: sql`value.listens`,
            share: sql`value.share`,
            marked: sql`value.marked`,
            most: pickFields(sql`value.most`, artistFields),
            least: pickFields(sql`value.least`, artistFields),
          }),
          { place: sql`year`, n: length },
        ),
      })} AS value
      FROM ${years}
      GROUP BY listener`,
  },
});
