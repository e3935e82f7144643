import { ident, type Sql, sql } from '../sql/sql.ts';
import { allOf, knownMs, ratio, struct, wholeSum } from './helpers.ts';
import { integer, list, nullable, number, object, optional, text } from './types.ts';

const released = object({
  year: integer(),
  track: nullable(text()),
  artist: nullable(text()),
  track_id: optional(text()),
  artist_id: optional(text()),
});

/** Plays by decade of release, and the oldest and the newest track: of a year, and of several. */
export const eraFields = {
  decades: list(object({ decade: integer(), plays: integer(), share: number(), ms: nullable(integer()) })),
  oldest: released,
  newest: released,
  plays_with_date: integer(),
};

/** Of rows of `per`, `decade`, `plays`, `ms`, `unknown_lengths`: a row per `per` with `decades` as {@link eraFields} has them, and `dated`, all their plays. */
export const erasBy = (per: 'user_year' | 'listener', rows: Sql): Sql => sql`
  SELECT ${ident(per)}, any_value(dated)::BIGINT AS dated, ${allOf(
    struct({
      decade: sql`decade`,
      plays: sql`plays`,
      share: ratio(sql`plays`, sql`dated`),
      ms: knownMs,
    }),
    sql`decade`,
  )} AS decades
  FROM (
    SELECT *, sum(plays) OVER (PARTITION BY ${ident(per)}) AS dated
    FROM (
      SELECT
        ${ident(per)},
        decade,
        ${wholeSum(sql`plays`)} AS plays,
        ${wholeSum(sql`ms`)} AS ms,
        ${wholeSum(sql`unknown_lengths`)} AS unknown_lengths
      FROM (${rows})
      GROUP BY ${ident(per)}, decade
    )
  )
  GROUP BY ${ident(per)}`;
