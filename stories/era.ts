import {
  defineStory,
  eraFields,
  erasBy,
  ident,
  integer,
  list,
  listOf,
  MS_OF_PLAYS,
  object,
  RANKED,
  type Sql,
  sql,
  struct,
} from '../src/story/index.ts';

const shown = (track: string, year: Sql) =>
  struct({
    year,
    track: ident(track, 'title'),
    artist: ident(track, 'artist_name'),
    track_id: ident(track, 'track_id'),
    artist_id: ident(track, 'artist_id'),
  });

export default defineStory({
  id: 'era',
  version: 1,
  title: 'Eras',
  summary: 'the decades your music came out in, the year in the middle, the oldest and the newest',
  group: 'taste',
  source: 'ours',
  definition: `
    Plays by the decade in which their track was released, the oldest first: \`decade\` is its first year, 1990 of 1990 to 1999. \`share\` is of
    \`plays_with_date\`, the plays of tracks whose release year is known, to four decimals. ${MS_OF_PLAYS} A release year is as the lake has it:
    that of a remaster or a compilation is the track's.

    \`median_year\` is the release year of the middle one of those plays, put in the order of release years; of two middle ones the earlier.
    \`oldest\` and \`newest\` are the tracks of the earliest and the latest release year, of several the first ${RANKED}, then title, then artist in
    binary order, then id.

    Without a play of a track with a known release year there is no value.`,
  reads: ['user_release', 'track'],
  needs: ['release dates'],
  column: object({ ...eraFields, median_year: integer() }),
  absent: 'no play of a track with a known release year',
  query: ({ user_release, track }) => sql`
    WITH running AS (
      SELECT *, sum(plays) OVER (PARTITION BY user_year ORDER BY release_year) AS so_far, sum(plays) OVER (PARTITION BY user_year) AS dated
      FROM ${user_release}
    ),
    listener AS (
      SELECT
        user_year,
        min(release_year) FILTER (2 * so_far >= dated) AS median_year,
        min(release_year) AS first_year,
        max(release_year) AS last_year,
        arg_min(track, release_year) AS first_track,
        arg_max(track, release_year) AS last_track
      FROM running
      GROUP BY user_year
    ),
    era AS (${erasBy(
      'user_year',
      sql`SELECT user_year, release_year // 10 * 10 AS decade, plays, ms, unknown_lengths FROM ${user_release}`,
    )})
    SELECT user_year, ${struct({
      decades: sql`decades`,
      oldest: shown('oldest', sql`first_year`),
      newest: shown('newest', sql`last_year`),
      plays_with_date: sql`dated`,
      median_year: sql`median_year`,
    })} AS value
    FROM listener JOIN era USING (user_year)
      JOIN ${track} AS oldest ON oldest.track = first_track JOIN ${track} AS newest ON newest.track = last_track`,
  decade: {
    reads: [],
    definition: `
      The plays of the years add up, and \`ms\` is null where a year's is. \`oldest\` and \`newest\` are of all years, of several the earliest
      year's. \`by_year\` has the median years: the middle of all plays does not follow from them.`,
    column: object({ ...eraFields, by_year: list(object({ year: integer(), median_year: integer() })) }),
    query: ({ years }, { length }) => sql`
      WITH era AS (${erasBy(
        'listener',
        sql`
          SELECT listener, entry.decade AS decade, entry.plays AS plays, coalesce(entry.ms, 0) AS ms, (entry.ms IS NULL)::INTEGER AS unknown_lengths
          FROM (SELECT listener, unnest(value.decades) AS entry FROM ${years})`,
      )}),
      whole AS (
        SELECT
          listener,
          arg_min(value.oldest, ${struct({ released: sql`value.oldest.year`, year: sql`year` })}) AS oldest,
          arg_min(value.newest, ${struct({ released: sql`-value.newest.year`, year: sql`year` })}) AS newest,
          ${listOf(struct({ year: sql`year`, median_year: sql`value.median_year` }), { place: sql`year`, n: length })} AS by_year
        FROM ${years}
        GROUP BY listener
      )
      SELECT listener, ${struct({
        decades: sql`decades`,
        oldest: sql`oldest`,
        newest: sql`newest`,
        plays_with_date: sql`dated`,
        by_year: sql`by_year`,
      })} AS value
      FROM whole JOIN era USING (listener)`,
  },
});
