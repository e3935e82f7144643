import type { Session } from '../../sql/database.ts';
import { ident, join, type Sql, sql } from '../../sql/sql.ts';
import type { LakeFile } from '../lake.ts';
import { LONGEST_MS } from '../listen-row.ts';
import type { PlaysSchema, Tables } from '../relations.ts';
import type { CheckId } from './checks.ts';

/** Players round, and fade one track into the next. */
const OVERTIME_MS = 2000;

/** An instant as a time of UTC, of which a month or a day can be taken without asking for a zone. */
export const utc = sql`make_timestamp(epoch_us(played_at))`;

const isMusic = sql`coalesce(kind, 'track') = 'track'`;

/** What is wrong with a row in itself, and of which rows it can be. */
const ROW_CHECKS = (schema: PlaysSchema, now: Date) =>
  ({
    'no-user': { wrong: sql`coalesce(user_id, '') = ''`, among: sql`true` },
    'no-time': { wrong: sql`played_at IS NULL`, among: sql`true` },
    'no-track': {
      wrong: sql`${isMusic} AND ${schema.identity === 'title' ? sql`(track IS NULL OR artist IS NULL)` : sql`track_id IS NULL`}`,
      among: isMusic,
    },
    'no-length': { wrong: sql`${isMusic} AND ms_played IS NULL`, among: isMusic },
    'unknown-kind': { wrong: sql`kind NOT IN ('track', 'episode', 'audiobook')`, among: sql`true` },
    'unknown-time-is': { wrong: sql`time_is NOT IN ('start', 'end')`, among: sql`true` },
    future: { wrong: sql`played_at > ${now}`, among: sql`true` },
    'bad-length': { wrong: sql`ms_played NOT BETWEEN 0 AND ${LONGEST_MS}`, among: sql`true` },
    'longer-than-track': {
      wrong: sql`ms_played > duration_ms + ${OVERTIME_MS}`,
      among: sql`ms_played IS NOT NULL AND duration_ms IS NOT NULL`,
    },
  }) satisfies Partial<Record<CheckId, { wrong: Sql; among: Sql }>>;

export type RowCheckId = keyof ReturnType<typeof ROW_CHECKS>;

/** What the rows of some files are like, one by one. */
export interface RowsReport {
  /** By month, as `2019-05`. Rows without a time are in none. */
  readonly months: ReadonlyMap<string, number>;
  readonly rows: number;
  /** In UTC; null where no row has a time. */
  readonly first: Date | null;
  readonly last: Date | null;
  readonly found: Readonly<Record<RowCheckId, { found: number; of: number; example: string | undefined }>>;
}

/** Looks at each row of some files once, in flat memory. */
export async function checkRows(
  session: Session,
  input: { schema: PlaysSchema; tables: Tables; files: readonly LakeFile[]; now: Date },
): Promise<RowsReport> {
  const { schema, tables, files, now } = input;
  const rows = withDurations(schema.select(files), tables.tracks);
  const checks = Object.entries(ROW_CHECKS(schema, now)) as [RowCheckId, { wrong: Sql; among: Sql }][];
  const counts = checks.flatMap(([id, { wrong, among }]) => [
    sql`CAST(count(*) FILTER (${wrong}) AS DOUBLE) AS ${ident(`${id} found`)}`,
    sql`CAST(count(*) FILTER (${among}) AS DOUBLE) AS ${ident(`${id} of`)}`,
  ]);
  const months = await session.rows<Record<string, number> & { month: string; first: Date; last: Date }>(sql`
    SELECT strftime(date_trunc('month', ${utc}), '%Y-%m') AS month, CAST(count(*) AS DOUBLE) AS rows,
      min(played_at) AS first, max(played_at) AS last, ${join(counts)}
    FROM (${rows}) GROUP BY month ORDER BY month`);
  const sum = (name: string) => months.reduce((total, month) => total + Number(month[name]), 0);
  const dated = months.filter(({ month }) => month !== null);
  const found = {} as Record<RowCheckId, { found: number; of: number; example: string | undefined }>;
  for (const [id, { wrong }] of checks) {
    const wrongs = sum(`${id} found`);
    found[id] = {
      found: wrongs,
      of: sum(`${id} of`),
      example: wrongs === 0 ? undefined : await firstOf(session, sql`FROM (${rows}) WHERE ${wrong}`),
    };
  }
  return {
    months: new Map(dated.map(({ month, rows: number }) => [month, Number(number)])),
    rows: sum('rows'),
    first: dated.at(0)?.first ?? null,
    last: dated.at(-1)?.last ?? null,
    found,
  };
}

/** The first of some rows: `ann at 2019-05-01T10:00:00Z`. */
export async function firstOf(session: Session, rows: Sql): Promise<string | undefined> {
  const [row] = await session.rows<{ example: string }>(sql`
    SELECT coalesce(nullif(user_id, ''), 'nobody') || ' at ' || coalesce(strftime(${utc}, '%Y-%m-%dT%H:%M:%SZ'), 'no time')
      AS example
    ${rows} ORDER BY played_at, user_id LIMIT 1`);
  return row?.example;
}

/** Plays with how long their track is, where a table of tracks tells. An id that it has twice may be as long as either. */
function withDurations(plays: Sql, tracks: Sql | undefined): Sql {
  if (tracks === undefined) return sql`SELECT *, CAST(NULL AS BIGINT) AS duration_ms FROM (${plays})`;
  return sql`SELECT * FROM (${plays}) LEFT JOIN (
    SELECT track_id, max(TRY_CAST(duration_ms AS BIGINT)) AS duration_ms FROM (${tracks}) GROUP BY track_id)
    USING (track_id)`;
}
