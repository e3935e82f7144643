import {
  artistFields,
  boolean,
  defineDecade,
  defineStory,
  ident,
  integer,
  nullable,
  object,
  runsOfDays,
  runsOfTwoDays,
  shownArtist,
  sql,
  struct,
  text,
} from '../src/story/index.ts';

const run = { days: integer(), from: text(), to: text() };
const longest = object(run);
const of_artist = nullable(object({ ...artistFields, ...run }));

/** A row of `runsOfDays` as a value, and the order of records: more days, then the earlier. */
const told = { days: sql`days`, from: sql`first::VARCHAR`, to: sql`last::VARCHAR` };
const record = { days: sql`-days`, first: sql`first` };

/** Of the years' records of one name the longest, then the earliest. */
const ofYears = (name: string) =>
  sql`arg_min(${ident('value', name)}, ${struct({ days: sql`-${ident('value', name, 'days')}`, year: sql`year` })})`;

export default defineStory({
  id: 'streak',
  version: 1,
  title: 'Longest streak',
  summary: 'the most days on end with a play, and with a play of one artist',
  group: 'time',
  source: 'ours',
  definition: `
    \`longest\` is the most days on end with at least one play, in the user's own time zone, of equal runs the first; \`of_artist\` the same of one
    artist, of equal runs the one that began first, then by name in binary order, then id; null where no artist is known. Runs are of the
    year's days: one that goes on over New Year is cut there. Users without a play have no value.`,
  reads: ['user_hour', 'timeline', 'user_artist_days', 'artist'],
  column: object({ longest, of_artist }),
  query: ({ user_hour, timeline, user_artist_days, artist }) => sql`
    WITH played AS (SELECT DISTINCT user_year, day FROM ${user_hour} WHERE plays > 0),
    longest AS (
      SELECT user_year, arg_min(${struct(told)}, ${struct(record)}) AS longest
      FROM (${runsOfDays({ from: sql`played`, per: ['user_year'] })})
      GROUP BY user_year
    ),
    heard AS (SELECT DISTINCT user_year, artist, day FROM ${timeline} WHERE artist IS NOT NULL),
    of_artist AS (
      SELECT user_year, unnest(arg_min({artist: artist, days: days, first: first, last: last}, ${struct({ ...record, artist: sql`artist` })}))
      FROM (
        ${runsOfTwoDays({ from: sql`heard`, per: ['user_year', 'artist'] })}
        UNION ALL
        SELECT user_year, artist, 1 AS days, first_day AS first, first_day AS last FROM ${user_artist_days}
      )
      GROUP BY user_year
    )
    SELECT user_year, ${struct({
      longest: sql`longest`,
      of_artist: sql`CASE WHEN artist IS NOT NULL THEN ${struct({ ...shownArtist, ...told })} END`,
    })} AS value
    FROM longest LEFT JOIN of_artist USING (user_year) LEFT JOIN ${artist} USING (artist)`,
  decade: defineDecade({
    reads: ['user_hour'],
    definition: `
      \`longest\` is found anew, so that a run may go on over New Year; where totals are gone (\`exact\` is false) it is the longest of the
      years'. \`of_artist\` is the longest of the years', of equal ones the earliest.`,
    column: object({ longest, of_artist, exact: boolean() }),
    query: ({ years, user_hour, listener_year }) => sql`
      WITH played AS (SELECT DISTINCT listener, day FROM ${user_hour} JOIN ${listener_year} USING (user_year) WHERE plays > 0),
      longest AS (
        SELECT listener, arg_min(${struct(told)}, ${struct(record)}) AS longest
        FROM (${runsOfDays({ from: sql`played`, per: ['listener'] })})
        GROUP BY listener
      )
      SELECT listener, ${struct({ longest: sql`longest`, of_artist: sql`of_artist`, exact: sql`true` })} AS value
      FROM longest JOIN (SELECT listener, ${ofYears('of_artist')} AS of_artist FROM ${years} GROUP BY listener) USING (listener)`,
    bounds: ({ years }) => sql`
      SELECT listener, ${struct({
        longest: ofYears('longest'),
        of_artist: ofYears('of_artist'),
        exact: sql`false`,
      })} AS value
      FROM ${years}
      GROUP BY listener`,
  }),
});
