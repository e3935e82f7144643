import { ident, join, type Sql, sql } from '../sql/sql.ts';
import type { Bucket } from './buckets.ts';
import { dropTables } from './drop-tables.ts';
import { COLUMNS, type MergeInput, type Part } from './step.ts';

/** Numbers that a row has by its track: `track` itself, and what follows from it. */
type OfTrack = 'track' | 'artist';

/** The rows that all parts have of one of the totals, with the numbers of the whole, those `ofTrack` too. */
export type RowsOfParts = (file: keyof typeof COLUMNS, bucket: Bucket, ofTrack?: readonly OfTrack[]) => Sql;

/**
 * Does work beside temporary tables that say which user of the whole each user of a part is, and which track.
 * @param tracks those of the whole: `same_track`, `track`, and what else is to be had of them. Without them there are no tables of tracks
 */
export async function withRowsOfParts(
  { session, parts, read }: MergeInput,
  tracks: Sql | undefined,
  work: (rowsOf: RowsOfParts) => Promise<void>,
): Promise<void> {
  const tables: string[] = [];
  const make = async (table: string, rows: Sql) => {
    await session.run(sql`CREATE OR REPLACE TEMP TABLE ${ident(table)} AS ${rows}`);
    tables.push(table);
  };
  for (const [index, part] of parts.entries()) {
    await make(
      usersOf(index),
      sql`
        SELECT own.user_year AS own_user, whole.user_year AS user_year
        FROM ${part.read('user')} AS own JOIN ${read('user')} AS whole USING (user_id)`,
    );
    if (tracks === undefined) continue;
    await make(
      tracksOf(index),
      sql`
        SELECT own_track, whole.* EXCLUDE (same_track)
        FROM (SELECT DISTINCT track AS own_track, same_track FROM ${part.read('variant')} WHERE track IS NOT NULL)
          JOIN ${tracks} AS whole USING (same_track)`,
    );
  }
  await work((file, bucket, ofTrack = []) => rowsOf(parts, file, bucket, ofTrack));
  await dropTables(session, tables);
}

/**
 * A bucket's rows are those of its users in the parts: to ask for the same users of the whole once more makes DuckDB expect so few of them that
 * it builds its hash tables of plays, and takes four times as long.
 */
function rowsOf(
  parts: readonly Part[],
  file: keyof typeof COLUMNS,
  bucket: Bucket,
  ofTrack: readonly OfTrack[],
): Sql {
  const rest = Object.keys(COLUMNS[file]).filter(
    (column) => column !== 'user_year' && !(ofTrack as readonly string[]).includes(column),
  );
  const rows = parts.flatMap((part, index) => {
    const select = (numbers: readonly Sql[]) => sql`
      SELECT ${join([sql`listener.user_year`, ...numbers, ...rest.map((column) => sql`part.${ident(column)}`)])}
      FROM ${part.read(file, bucket)} AS part JOIN ${ident(usersOf(index))} AS listener ON own_user = part.user_year`;
    if (ofTrack.length === 0) return [select([])];
    // Rows without a track by themselves, so that the others are an inner join: that is looked up by place, in a fifth of the time of a hash.
    return [
      sql`${select(ofTrack.map((number) => sql`named.${ident(number)}`))} JOIN ${ident(tracksOf(index))} AS named ON own_track = part.track`,
      sql`${select(ofTrack.map((number) => sql`NULL AS ${ident(number)}`))} WHERE part.track IS NULL`,
    ];
  });
  return join(rows, ' UNION ALL ');
}

const usersOf = (part: number): string => `user_of_part_${part}`;
const tracksOf = (part: number): string => `track_of_part_${part}`;
