import { randomUUID } from 'node:crypto';
import { messageOf, WrappedError } from '../error.ts';
import type { Session } from '../sql/database.ts';
import { ident, type Sql, sql, unsafe } from '../sql/sql.ts';
import { type ImportLake, playsFiles } from './import-lake.ts';
import { globEscape } from './import-raw.ts';
import { ROWS } from './import-rows.ts';
import { PLAYS_COLUMNS } from './listen-row.ts';

/** The kept rows of one UTC year, written to a file that is not yet in its place. */
export type YearOfPlays = {
  readonly year: number;
  readonly rows: number;
  readonly first: Date;
  readonly last: Date;
  readonly file: string;
};

/**
 * `played_at`, `track`, `artist`, `ms_played` and `source` of a user's rows in the lake; `undefined` where it
 * has no plays at all.
 */
export async function playsOf(lake: ImportLake, user: string): Promise<Sql | undefined> {
  const files = (await playsFiles(lake)).map(globEscape);
  if (files.length === 0) return undefined;
  return sql`SELECT played_at, track, artist, ms_played, source
    FROM read_parquet([${files}], hive_partitioning = false) WHERE user_id = ${user}`;
}

/** An error of a query over the lake's plays, where one of their files is to blame. */
export function playsError(error: unknown, lake: ImportLake): unknown {
  const message = messageOf(error);
  if (error instanceof WrappedError || !message.includes(lake.path)) return error;
  return new WrappedError(`can't read what the lake has: ${message.split('\n')[0]}`, {
    hint: 'Restore that file, or remove it and import again the exports that it came from.',
    cause: error,
  });
}

/** Writes the kept rows to the import's own folder, a file a year, in time order. */
export async function stagePlays(session: Session, lake: ImportLake, user: string): Promise<YearOfPlays[]> {
  const year = sql`CAST(year(make_timestamp(epoch_us(played_at))) AS INTEGER)`;
  const kept = sql`FROM ${ROWS} WHERE dropped IS NULL`;
  const years = await session.rows<Omit<YearOfPlays, 'file'>>(sql`
    SELECT ${year} AS year, CAST(count(*) AS INTEGER) AS rows, min(played_at) AS first, max(played_at) AS last
    ${kept} GROUP BY ALL ORDER BY ALL`);
  const columns = Object.entries(PLAYS_COLUMNS).map(
    ([name, { type }]) =>
      sql`CAST(${name === 'user_id' ? user : ident(name)} AS ${unsafe(type)}) AS ${ident(name)}`,
  );
  const staged: YearOfPlays[] = [];
  for (const span of years) {
    const rows = sql`SELECT ${columns} ${kept} AND ${year} = ${span.year}
      ORDER BY played_at, artist, track, ms_played`;
    const file = await lake.stage(session, rows, `import-${randomUUID()}.parquet`);
    staged.push({ ...span, file });
  }
  return staged;
}

/** Puts staged years in their place, the oldest first. */
export async function publishPlays(lake: ImportLake, years: readonly YearOfPlays[]): Promise<void> {
  for (const { year, file } of years) await lake.publish([file], `plays/year=${year}`);
}
