import {
  allOf,
  artistFields,
  defineStory,
  FEWEST_PLAYS_OF_PHASE,
  ident,
  integer,
  join,
  LEADERS,
  list,
  listOf,
  mostAbove,
  nullable,
  object,
  PHASES,
  phasesOfYear,
  RANKED,
  shownArtist,
  sql,
  struct,
  text,
  wholeSum,
} from '../src/story/index.ts';

/** So many artists say what a phase was. */
const LENGTH = 3;

export default defineStory({
  id: 'evolution',
  version: 1,
  title: 'Music evolution',
  summary: 'the phases of your year: up to three, each with the artists and the genre that made it',
  group: 'time',
  source: 'Spotify, 2024 ("Music Evolution": up to three phases); the formula is ours',
  definition: `
    The year is cut into up to three phases, runs of months in the user's own time zone. A phase has ${FEWEST_PLAYS_OF_PHASE} plays of known artists or more. Its leader is
    the one of the user's ${LEADERS} top artists of the year (ranked ${RANKED}, then name in binary order, then id) with most plays in it. Of all cuts those
    are taken whose leaders have most plays together; of equal ones the fewest, then the earliest. So a year that one artist leads throughout is one
    phase.

    Each phase goes \`from\` its first month with a play of a known artist \`to\` its last, 1 to 12; \`plays\` are of known artists. \`artists\` are up to ${LENGTH}
    whose plays in the phase are most above (and none below) what their share of the year's plays would make them, and \`genre\` is the genre most
    above its own, where a play counts once for each genre of its artist; ties go to more plays, then the name in binary order, then id. In a single phase
    nothing is above: the first by plays are told. \`genre\` is null where no genre is known.

    Users with fewer than ${FEWEST_PLAYS_OF_PHASE} plays of known artists have no value.`,
  reads: ['user', 'user_artist', 'timeline', 'artist', 'artist_genre'],
  column: object({
    phases: list(
      object({
        from: integer(),
        to: integer(),
        plays: integer(),
        artists: list(object({ ...artistFields, plays: integer() })),
        genre: nullable(object({ genre: text(), plays: integer() })),
      }),
    ),
  }),
  query: ({ user, user_artist, timeline, artist, artist_genre }) => sql`
    WITH ${phasesOfYear({ user_artist, timeline })},
    phase AS (
      SELECT user_year, phase, ${wholeSum(sql`plays`)} AS plays, min(month) AS "from", max(month) AS "to" FROM phase_month GROUP BY user_year, phase
    ),
    phase_genre AS (
      SELECT user_year, genre, ${join(PHASES.map((phase) => sql`${wholeSum(ident(`phase_${phase}`))} AS ${ident(`phase_${phase}`)}`))}
      FROM phase_artist JOIN ${artist_genre} USING (artist)
      GROUP BY user_year, genre
    ),
    artists AS (
      SELECT user_year, phase, ${listOf(struct({ ...shownArtist, plays: sql`plays` }), { place: sql`place`, n: LENGTH })} AS artists
      FROM (${mostAbove({ from: sql`phase_artist`, key: 'artist', n: LENGTH })}) JOIN ${artist} USING (artist)
      GROUP BY user_year, phase
    ),
    genres AS (
      SELECT user_year, phase, ${struct({ genre: sql`name`, plays: sql`plays` })} AS genre
      FROM (${mostAbove({ from: sql`phase_genre`, key: 'genre', n: 1 })}) JOIN (SELECT DISTINCT genre, name FROM ${artist_genre}) USING (genre)
    ),
    told AS (
      SELECT user_year, ${struct({
        phases: listOf(
          struct({
            from: ident('phase', 'from'),
            to: ident('phase', 'to'),
            plays: ident('phase', 'plays'),
            artists: sql`artists`,
            genre: sql`genre`,
          }),
          { place: sql`phase`, n: PHASES.length },
        ),
      })} AS value
      FROM phase JOIN artists USING (user_year, phase) LEFT JOIN genres USING (user_year, phase)
      GROUP BY user_year
    )
    SELECT
      user_year,
      value,
      CASE WHEN value IS NULL THEN ${`fewer than ${FEWEST_PLAYS_OF_PHASE} plays of known artists`} END AS absent
    FROM (SELECT user_year FROM ${user} WHERE plays > 0) LEFT JOIN told USING (user_year)`,
  decade: {
    reads: [],
    definition: '`by_year` has the phases of each year, each with the first of its artists.',
    column: object({
      by_year: list(
        object({
          year: integer(),
          phases: list(object({ from: integer(), to: integer(), ...artistFields })),
        }),
      ),
    }),
    query: ({ years }, { length }) => sql`
      SELECT listener, ${struct({
        by_year: listOf(struct({ year: sql`year`, phases: sql`phases` }), { place: sql`year`, n: length }),
      })} AS value
      FROM (
        SELECT listener, year, ${allOf(
          struct({
            from: sql`phase."from"`,
            to: sql`phase."to"`,
            artist: sql`phase.artists[1].artist`,
            artist_id: sql`phase.artists[1].artist_id`,
          }),
          sql`phase."from"`,
        )} AS phases
        FROM (SELECT listener, year, unnest(value.phases) AS phase FROM ${years})
        GROUP BY listener, year
      )
      GROUP BY listener`,
  },
});
