import { ident, join, type Sql, sql } from '../sql/sql.ts';
import type { Bucket } from './buckets.ts';
import { COLUMNS, type MergeInput } from './step.ts';

/**
 * The rows that all parts have of one of the totals, with the numbers of the whole: users by their id; tracks, where `tracks` says so, by the
 * temporary table `track_of_part` (part, own, track) of {@link tracksOfParts}.
 */
export function rowsOfParts(
  { parts, read }: MergeInput,
  file: keyof typeof COLUMNS,
  bucket: Bucket,
  { tracks = false }: { readonly tracks?: boolean } = {},
): Sql {
  const numbered = tracks ? ['user_year', 'track'] : ['user_year'];
  const rest = Object.keys(COLUMNS[file]).filter((column) => !numbered.includes(column));
  const rows = parts.map((part, index) => {
    const users = sql`
      SELECT own.user_year AS own_user, whole.user_year AS user_year
      FROM ${part.read('user', bucket)} AS own JOIN ${read('user')} AS whole USING (user_id)`;
    const named = sql`SELECT own AS own_track, track FROM track_of_part WHERE part = ${index}`;
    return sql`
      SELECT listener.user_year, ${tracks ? sql`named.track, ` : sql``}${join(rest.map((column) => sql`part.${ident(column)}`))}
      FROM ${part.read(file, bucket)} AS part
      JOIN (${users}) AS listener ON own_user = part.user_year
      ${tracks ? sql`LEFT JOIN (${named}) AS named ON own_track = part.track` : sql``}`;
  });
  return join(rows, ' UNION ALL ');
}

/** Which track of the whole each track of a part is, as the temporary table `track_of_part`; `tracks` has those of the whole: `same_track`, `track`. */
export const tracksOfParts = ({ session, parts }: MergeInput, tracks: Sql): Promise<void> =>
  session.run(sql`
    CREATE OR REPLACE TEMP TABLE track_of_part AS ${join(
      parts.map(
        (part, index) => sql`
          SELECT DISTINCT ${index}::INTEGER AS part, own.track AS own, whole.track AS track
          FROM ${part.read('variant')} AS own JOIN ${tracks} AS whole USING (same_track)`,
      ),
      ' UNION ALL ',
    )}`);
