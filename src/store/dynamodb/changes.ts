import type { Session } from '../../sql/database.ts';
import { join, type Sql, sql } from '../../sql/sql.ts';
import type { ObjectType } from '../../story/index.ts';
import type { Publication } from '../remote.ts';
import { columnName } from '../store.ts';
import { valueBytes, valueJson } from './attribute-sql.ts';
import { keepable, ROWS_KEY } from './attributes.ts';
import { COLUMNS_PER_EXPRESSION } from './limits.ts';

/** A column's file: `user_id` and `value`, sorted by user. */
export interface ColumnFile {
  readonly path: string;
  readonly type: ObjectType;
}

/** A column on its way into a table. */
export interface SentColumn {
  /** The attribute: `top-artist#2019`. */
  readonly name: string;
  /** The generation that its values get. */
  readonly generation: number;
  /** Undefined: the column goes. */
  readonly now: ColumnFile | undefined;
  /** What the table is known to hold of it. Undefined: nothing is known, so that every value is sent. */
  readonly before: ColumnFile | undefined;
  /** Users to whom it is sent though it did not change. */
  readonly again: readonly string[];
}

/** What a publication brings in, if anything. @param held where its file is held, where not as it was given */
export function sentFile(publication: Publication, held?: string): ColumnFile | undefined {
  const { file, entry } = publication;
  if (file === undefined || entry.written === undefined) return undefined;
  return { path: held ?? file, type: keepable(columnName(publication), entry.written.type) };
}

/** Some users, by the order of their ids: those above `after`, up to `to`. */
export interface Span {
  readonly after?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * What is to be done to one user's row. `columns` says which, by their places: `0,3,-5`, where a minus takes the column away. `values`: JSON
 * of `":0": {…}, ":3": {…}`, as bytes, which JavaScript hands on and never makes text of: that takes 2.5 times the CPU, and a heap.
 */
export type RowChange = Readonly<{ user_id: string; columns: string; values: Buffer }>;

/** One user's whole row: JSON of the attributes beside the key, as bytes, each with a comma before it; empty where no column has the user. */
export type WholeRow = Readonly<{ user_id: string; attributes: Buffer }>;

/** Values that are read at a time: what they take of memory stays the same however many users there are. */
const VALUES_AT_ONCE = 40_000;

/** The users in spans whose values fit into memory together. */
export async function spansOf(
  session: Session,
  columns: readonly SentColumn[],
  { after }: Span = {},
): Promise<Span[]> {
  const paths = columns.flatMap(({ now, before }) => [now?.path, before?.path].filter(isDefined));
  if (paths.length === 0) return [];
  const counts = await session.rows<{ file_name: string; num_rows: bigint }>(
    sql`SELECT file_name, num_rows FROM parquet_file_metadata([${paths}]) ORDER BY num_rows DESC, file_name LIMIT 1`,
  );
  const [largest] = counts;
  if (largest === undefined) return [];
  const size = Math.max(1, Math.floor(VALUES_AT_ONCE / columns.length));
  const cuts = await session.rows<{ user_id: string }>(sql`
    SELECT user_id FROM read_parquet(${largest.file_name}, file_row_number = true)
    WHERE file_row_number % ${size} = ${size - 1} ${after === undefined ? sql`` : sql`AND user_id > ${after}`}
    ORDER BY user_id`);
  const ends = [...cuts.map(({ user_id }) => user_id), undefined];
  return ends.map((to, index) => ({ after: index === 0 ? after : ends[index - 1], to }));
}

const isDefined = <Value>(value: Value | undefined): value is Value => value !== undefined;

/** The rows of a span to be changed, sorted by user; of a user with more changes than one update takes, several. */
export function rowChanges(columns: readonly SentColumn[], span: Span): Sql {
  const changes = columns.flatMap((column, place) => changesOf(column, place, span) ?? []);
  const sign = sql`CASE WHEN json IS NULL THEN '-' ELSE '' END`;
  return sql`
    SELECT
      user_id,
      string_agg(${sign} || place, ',' ORDER BY place) AS columns,
      encode(coalesce(string_agg('":' || place || '":' || json, ',' ORDER BY place), '')) AS values
    FROM (${join(changes, ' UNION ALL ')})
    GROUP BY user_id, place // ${COLUMNS_PER_EXPRESSION}
    ORDER BY user_id, min(place)`;
}

/** `user_id`, `place`, `json`: NULL where the user loses the column. Undefined where there is nothing to change. */
function changesOf(column: SentColumn, place: number, span: Span): Sql | undefined {
  const from = sidesOf(column, span);
  if (from === undefined) return undefined;
  return sql`SELECT user_id, ${place}::INTEGER AS place, ${jsonOf(column)} AS json FROM ${from} WHERE ${isSent(column)}`;
}

/** JSON of the value as it is to be, NULL where there is none. */
function jsonOf({ now, generation }: SentColumn): Sql {
  if (now === undefined) return sql`NULL::VARCHAR`;
  return sql`CASE WHEN now.value IS NOT NULL THEN ${valueJson(now.type, sql`now.value`, generation)} END`;
}

/** The users of a span of whom any value changed, with all of their row, sorted by user. */
export function wholeRows(columns: readonly SentColumn[], span: Span): Sql {
  const pieces = columns.flatMap((column, place) => {
    const from = sidesOf(column, span);
    if (from === undefined) return [];
    const attribute = sql`${`,${JSON.stringify(column.name)}:`} || ${jsonOf(column)}`;
    return [
      sql`SELECT user_id, ${place}::INTEGER AS place, ${attribute} AS attribute, ${isSent(column)} AS changed FROM ${from}`,
    ];
  });
  return sql`
    SELECT user_id, encode(coalesce(string_agg(attribute, '' ORDER BY place), '')) AS attributes
    FROM (${join(pieces, ' UNION ALL ')})
    GROUP BY user_id HAVING bool_or(changed)
    ORDER BY user_id`;
}

/** A column's values of a span as they are to be, `now`, beside those that the table has, `before`; of a side that is known. */
function sidesOf({ now, before }: SentColumn, span: Span): Sql | undefined {
  const sides = [
    ...(now === undefined ? [] : [sql`${read(now, span)} AS now`]),
    ...(before === undefined ? [] : [sql`${read(before, span)} AS before`]),
  ];
  if (sides.length === 0) return undefined;
  return sides.length === 1 ? sides[0] : sql`${join(sides, ' FULL JOIN ')} USING (user_id)`;
}

/** Whether a value is another than the table has; of another type it always is. */
function isSent({ now, before, again }: SentColumn): Sql {
  if (now === undefined || before === undefined) return sql`true`;
  if (JSON.stringify(now.type) !== JSON.stringify(before.type)) return sql`true`;
  const isAgain = again.length === 0 ? sql`` : sql` OR user_id IN (${again})`;
  return sql`(now.value IS DISTINCT FROM before.value${isAgain})`;
}

/** How many values of each column, by place, are to be sent to users of a span, leaving out some. */
export async function countChanges(
  session: Session,
  columns: readonly SentColumn[],
  span: Span,
  but: readonly string[],
): Promise<Map<number, number>> {
  const pieces = columns.flatMap((column, place) => changesOf(column, place, span) ?? []);
  if (pieces.length === 0) return new Map();
  const where = but.length === 0 ? sql`` : sql`WHERE user_id NOT IN (${but})`;
  const rows = await session.rows<{ place: number; users: bigint }>(
    sql`SELECT place, count(*) AS users FROM (${join(pieces, ' UNION ALL ')}) ${where} GROUP BY place`,
  );
  return new Map(rows.map(({ place, users }) => [place, Number(users)]));
}

function read({ path }: ColumnFile, { after, to }: Span): Sql {
  const bounds = [
    ...(after === undefined ? [] : [sql`user_id > ${after}`]),
    ...(to === undefined ? [] : [sql`user_id <= ${to}`]),
  ];
  const where = bounds.length === 0 ? sql`` : sql` WHERE ${join(bounds, ' AND ')}`;
  return sql`(SELECT user_id, value FROM read_parquet(${path})${where})`;
}

/** What the rows of a span weigh, in bytes as DynamoDB counts them: `user_id`, `place`, `bytes` of an attribute, whether it `changed`. */
export function attributeBytes(columns: readonly SentColumn[], span: Span): Sql {
  const pieces = columns.flatMap((column, place) => {
    const { name, now } = column;
    const from = sidesOf(column, span);
    if (from === undefined) return [];
    const bytes =
      now === undefined
        ? sql`0`
        : sql`CASE WHEN now.value IS NULL THEN 0 ELSE ${valueBytes(now.type, sql`now.value`)} + ${Buffer.byteLength(name)} END`;
    return [
      sql`SELECT user_id, ${place}::INTEGER AS place, ${bytes} AS bytes, ${isSent(column)} AS changed FROM ${from}`,
    ];
  });
  return join(pieces, ' UNION ALL ');
}

/** Bytes of a row beside its columns. */
export const KEY_BYTES = ROWS_KEY.length;
