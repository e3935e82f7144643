import { ident, join, type Sql, sql } from '../sql/sql.ts';
import { wholeSum } from '../story/index.ts';
import { sameIn } from './identity.ts';
import type { PlaysInput, PlaysStep } from './step.ts';

/**
 * Podcast episodes by user: `user_id`, `same_episode`, `name` (of the show), `listens`, `ms`, `unknown_lengths`. Of all listen rows of
 * episodes, in a pass that music has no part in.
 */
export const episode: PlaysStep = {
  reads: [],
  writes: ['episode'],
  build: (input) => input.write('episode', summed(rowsOf(input))),
  merge: ({ parts, write }) =>
    write(
      'episode',
      summed(
        join(
          parts.map((part) => sql`SELECT * FROM ${part.read('episode')}`),
          ' UNION ALL ',
        ),
      ),
    ),
};

const summed = (rows: Sql): Sql => sql`
  SELECT
    user_id, same_episode, name,
    ${wholeSum(sql`listens`)} AS listens, ${wholeSum(sql`ms`)} AS ms, ${wholeSum(sql`unknown_lengths`)} AS unknown_lengths
  FROM (${rows})
  GROUP BY user_id, same_episode, name
  ORDER BY user_id, same_episode, name`;

function rowsOf({ identity, plays, tracks }: PlaysInput): Sql {
  const named = (column: 'track' | 'artist') =>
    tracks === undefined
      ? ident('rows', column)
      : sql`coalesce(${ident('rows', column)}, ${ident('known', column)})`;
  return sql`
    SELECT
      user_id, ${sameIn(identity)('track_id', ['artist', 'track'])} AS same_episode, artist AS name, 1 AS listens,
      coalesce(ms_played, 0) AS ms, (ms_played IS NULL)::INTEGER AS unknown_lengths
    FROM (
      SELECT rows.user_id, rows.ms_played, rows.track_id, ${named('track')} AS track, ${named('artist')} AS artist
      FROM (SELECT * FROM (${plays}) WHERE kind = 'episode') AS rows
        ${tracks === undefined ? sql`` : sql`LEFT JOIN (${tracks}) AS known USING (track_id)`}
    )`;
}
