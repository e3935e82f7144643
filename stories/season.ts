import {
  artistFields,
  defineStory,
  hemisphereOf,
  ident,
  integer,
  list,
  listOf,
  monthOf,
  nullable,
  object,
  pickFields,
  RANKED,
  type Sql,
  shownArtist,
  shownTrack,
  sql,
  struct,
  text,
  trackFields,
  wholeSum,
} from '../src/story/index.ts';

const SEASONS = ['winter', 'spring', 'summer', 'autumn'];

const season = nullable(
  object({
    plays: integer(),
    artist: nullable(object({ ...artistFields, plays: integer() })),
    track: nullable(object({ ...trackFields, plays: integer() })),
  }),
);
const top = nullable(
  object({ artist: nullable(object(artistFields)), track: nullable(object(trackFields)) }),
);

const bySeason = <Part>(part: (name: string, place: number) => Part) =>
  Object.fromEntries(SEASONS.map((name, place) => [name, part(name, place)]));

const withoutPlays = (told: Sql) =>
  sql`CASE WHEN ${told} IS NOT NULL THEN ${struct({
    artist: pickFields(sql`${told}.artist`, artistFields),
    track: pickFields(sql`${told}.track`, trackFields),
  })} END`;

export default defineStory({
  id: 'season',
  version: 1,
  title: 'Seasons',
  summary: 'your top artist and your top track of winter, spring, summer and autumn',
  group: 'time',
  source: 'ours; the seasons are those of meteorologists',
  definition: `
    The artist and the track of most plays in each season, and in \`plays\` all plays of it. Spring is March to May, summer June to August,
    autumn September to November, by the months of the user's own time zone; winter is January, February and December of the year itself, so
    that each play is of one season and December's songs are told of in the year they were heard. South of the equator
    it is summer when it is winter in the north. \`hemisphere\` is "southern" or "northern" by the user's country, a code of two letters; null where
    none is known, and the seasons are then the northern ones. They are ranked ${RANKED}, then by name in binary order, then id.

    A season without a play is null, and so is what none of its plays identifies. Users without a play have no value.`,
  reads: ['timeline', 'track', 'artist', 'user_country'],
  column: object({ hemisphere: nullable(text()), ...bySeason(() => season) }),
  query: ({ timeline, track, artist, user_country }) => sql`
    WITH heard AS (
      SELECT
        user_year, (${monthOf(sql`day`)} % 12) // 3 AS quarter, track, any_value(artist) AS artist, count(*) AS plays, ${wholeSum(sql`ended - started`)} AS ms
      FROM ${timeline}
      GROUP BY user_year, quarter, track
    ),
    by_artist AS (
      SELECT user_year, quarter, artist, ${wholeSum(sql`plays`)} AS plays, ${wholeSum(sql`ms`)} AS ms
      FROM heard
      WHERE artist IS NOT NULL
      GROUP BY user_year, quarter, artist
    ),
    top_track AS (
      SELECT user_year, quarter, ${struct({ ...shownTrack, plays: sql`-top.plays` })} AS track
      FROM (
        SELECT user_year, quarter, min({plays: -plays, ms: -ms, track: track}) AS top
        FROM heard
        WHERE track IS NOT NULL
        GROUP BY user_year, quarter
      ) JOIN ${track} AS shown ON shown.track = top.track
    ),
    top_artist AS (
      SELECT user_year, quarter, ${struct({ ...shownArtist, plays: sql`-top.plays` })} AS artist
      FROM (
        SELECT user_year, quarter, min({plays: -plays, ms: -ms, artist: artist}) AS top
        FROM by_artist
        GROUP BY user_year, quarter
      ) JOIN ${artist} AS shown ON shown.artist = top.artist
    ),
    place AS (SELECT user_year, ${hemisphereOf(sql`country`)} AS hemisphere FROM ${user_country}),
    told AS (
      SELECT
        user_year,
        hemisphere,
        CASE WHEN hemisphere = 'southern' THEN (quarter + 2) % 4 ELSE quarter END AS season,
        ${struct({ plays: sql`plays`, artist: sql`artist`, track: sql`track` })} AS value
      FROM (SELECT user_year, quarter, ${wholeSum(sql`plays`)} AS plays FROM heard GROUP BY user_year, quarter)
        LEFT JOIN top_artist USING (user_year, quarter) LEFT JOIN top_track USING (user_year, quarter) LEFT JOIN place USING (user_year)
    )
    SELECT user_year, ${struct({
      hemisphere: sql`any_value(hemisphere)`,
      ...bySeason((_, place) => sql`any_value(value) FILTER (season = ${place})`),
    })} AS value
    FROM told
    GROUP BY user_year`,
  decade: {
    reads: [],
    definition: '`by_year` has the artist and the track of each season of each year.',
    column: object({ by_year: list(object({ year: integer(), ...bySeason(() => top) })) }),
    query: ({ years }, { length }) => sql`
      SELECT listener, ${struct({
        by_year: listOf(
          struct({
            year: sql`year`,
            ...bySeason((name) => withoutPlays(ident('value', name))),
          }),
          { place: sql`year`, n: length },
        ),
      })} AS value
      FROM ${years}
      GROUP BY listener`,
  },
});
