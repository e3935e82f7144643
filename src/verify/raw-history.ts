import type { Lake } from '../lake/lake.ts';
import type { PlaysSchema, Tables } from '../lake/relations.ts';
import type { ArtistGenreRow, History, Play, TrackRow, UserRow } from '../oracle/history.ts';
import type { Session, SqlRow } from '../sql/database.ts';
import { ident, join, type Sql, sql } from '../sql/sql.ts';

/** Where raw rows are read from. */
export interface RawLake {
  readonly session: Session;
  readonly lake: Lake;
  readonly tables: Tables;
  readonly schema: PlaysSchema;
  /** Forgotten users, whose rows are left out. */
  readonly without: readonly string[];
}

const SAMPLE = ident('verify_sample');
const TRACKS = ident('verify_tracks');
const ARTISTS = ident('verify_artists');

/** How many listen rows there are, from the files' metadata alone where nobody is left out. */
export async function countRows(raw: RawLake): Promise<number> {
  const { session, lake, without } = raw;
  if (without.length > 0) {
    const [counted] = await session.rows<{ rows: number }>(
      sql`SELECT CAST(count(*) AS DOUBLE) AS rows FROM (${rowsOf(raw)})`,
    );
    return counted!.rows;
  }
  const [row] = await session.rows<{ rows: number }>(sql`
    SELECT CAST(sum(num_rows) AS DOUBLE) AS rows
    FROM parquet_file_metadata([${lake.plays.map(({ path }) => path)}])`);
  return row!.rows;
}

/** Some users with a listen row, the same for the same seed, and how many there are. */
export async function sampleUsers(
  raw: RawLake,
  { sample, seed }: { sample: number; seed: number },
): Promise<{ users: string[]; of: number }> {
  const all = sql`SELECT DISTINCT user_id FROM (${rowsOf(raw)})`;
  const [counted] = await raw.session.rows<{ users: number }>(
    sql`SELECT CAST(count(*) AS DOUBLE) AS users FROM (${all})`,
  );
  const chosen = await raw.session.rows<{ user_id: string }>(sql`
    FROM (${all}) ORDER BY md5(${`${seed} `} || user_id), user_id LIMIT ${sample}`);
  return { users: chosen.map(({ user_id }) => user_id), of: counted!.users };
}

/** A whole lake, as it is. */
export async function wholeHistory(raw: RawLake): Promise<History> {
  return { plays: await playsIn(raw.session, rowsOf(raw)), ...(await tablesOf(raw)) };
}

/**
 * The rows of some users, and of other rows those that decide what names the users' tracks and artists are
 * shown by: all of a track, or an artist, that rows call by several names.
 * @returns undefined where that takes more than `mostRows` rows of others; how many is in `rows`
 */
export async function sampleHistory(
  raw: RawLake,
  users: readonly string[],
  mostRows: number,
): Promise<{ history: History | undefined; own: History; rows: number }> {
  const { session } = raw;
  const named = namedRows(raw);
  try {
    await session.run(sql`CREATE OR REPLACE TEMP TABLE ${SAMPLE} AS
      SELECT user_id FROM (VALUES ${join(users.map((user) => sql`(${user})`))}) AS users(user_id)`);
    const isOwn = sql`user_id IN (FROM ${SAMPLE})`;
    await session.run(sql`CREATE OR REPLACE TEMP TABLE ${TRACKS} AS
      SELECT track_key FROM (${named}) WHERE track_key IN (SELECT track_key FROM (${named}) WHERE ${isOwn})
      GROUP BY track_key
      HAVING ${join(['track', 'artist', 'track_id', 'artist_id'].map(variesIn), ' OR ')}`);
    // A track that has several names may be shown as of an artist that no row of the sample names.
    const isNear = sql`${isOwn} OR track_key IN (FROM ${TRACKS})`;
    await session.run(sql`CREATE OR REPLACE TEMP TABLE ${ARTISTS} AS
      SELECT artist_key FROM (${named}) WHERE artist_key IN (SELECT artist_key FROM (${named}) WHERE ${isNear})
      GROUP BY artist_key HAVING ${join(['artist', 'artist_id'].map(variesIn), ' OR ')}`);
    const others = sql`SELECT * FROM (${named}) WHERE NOT ${isOwn}
      AND (track_key IN (FROM ${TRACKS}) OR artist_key IN (FROM ${ARTISTS}))`;
    const [counted] = await session.rows<{ rows: number }>(
      sql`SELECT CAST(count(*) AS DOUBLE) AS rows FROM (${others})`,
    );
    const tables = await tablesOf(
      raw,
      sql`SELECT track_id FROM (${named}) WHERE ${isNear}
      OR artist_key IN (FROM ${ARTISTS})`,
    );
    const own = { plays: await playsIn(session, sql`FROM (${rowsOf(raw)}) WHERE ${isOwn}`), ...tables };
    const { rows } = counted!;
    if (rows > mostRows) return { history: undefined, own, rows };
    const plays = [...own.plays, ...(await playsIn(session, rawOf(others)))];
    return { history: { ...own, plays }, own, rows };
  } finally {
    for (const table of [SAMPLE, TRACKS, ARTISTS]) await session.run(sql`DROP TABLE IF EXISTS ${table}`);
  }
}

/** The listen rows that count anywhere. */
export const rowsOf = ({ schema, lake, without }: RawLake): Sql =>
  sql`SELECT * FROM (${schema.select(lake.plays)}) WHERE user_id IS NOT NULL AND played_at IS NOT NULL
    ${without.length === 0 ? sql`` : sql`AND user_id NOT IN (${without})`}`;

/** Rows with the names that `tracks` adds, and with what makes tracks and artists the same. `raw_…` is what the row itself says. */
function namedRows(raw: RawLake): Sql {
  const { tables, schema } = raw;
  const names = ['track', 'artist', 'artist_id'] as const;
  const kept = join(names.map((name) => sql`${ident(name)} AS ${ident(`raw_${name}`)}`));
  const joined =
    tables.tracks === undefined
      ? sql`SELECT *, ${kept} FROM (${rowsOf(raw)})`
      : sql`SELECT plays.* EXCLUDE (track, artist, artist_id),
          ${join(names.map((name) => sql`plays.${ident(name)} AS ${ident(`raw_${name}`)}`))},
          ${join(names.map((name) => sql`coalesce(plays.${ident(name)}, known.${ident(name)}) AS ${ident(name)}`))}
        FROM (${rowsOf(raw)}) AS plays LEFT JOIN (${tables.tracks}) AS known USING (track_id)`;
  const isById = schema.identity === 'track_id';
  const keyOf = (id: Sql, ...texts: Sql[]) =>
    isById ? sql`CASE WHEN ${id} IS NOT NULL THEN 'id ' || ${id} ELSE ${nameKey(texts)} END` : nameKey(texts);
  return sql`SELECT *, ${keyOf(sql`track_id`, sql`artist`, sql`track`)} AS track_key,
      ${keyOf(sql`artist_id`, sql`artist`)} AS artist_key
    FROM (${joined})`;
}

/** Names as one text; null where there is none of them. */
const nameKey = (names: readonly Sql[]): Sql =>
  sql`CASE WHEN coalesce(${names}) IS NOT NULL THEN 'name ' || to_json([${names}]) END`;

/** Whether a group has more than one value of a column, null being one. */
const variesIn = (column: string): Sql =>
  sql`min(${ident(column)}) <> max(${ident(column)}) OR count(${ident(column)}) BETWEEN 1 AND count(*) - 1`;

/** Named rows as they were. */
const rawOf = (named: Sql): Sql =>
  sql`SELECT * EXCLUDE (track, artist, artist_id) RENAME (raw_track AS track, raw_artist AS artist, raw_artist_id AS artist_id)
    FROM (${named})`;

async function playsIn(session: Session, rows: Sql): Promise<Play[]> {
  const plays: Play[] = [];
  const query = sql`SELECT user_id, CAST(epoch_us(played_at) AS DOUBLE) / 1000 AS played_at, time_is,
      CAST(ms_played AS DOUBLE) AS ms_played, kind, track, artist, album, track_id, artist_id, private, skipped
    FROM (${rows})`;
  for await (const chunk of session.chunks<Play & SqlRow>(query)) plays.push(...chunk);
  return plays;
}

/** The tables beside the plays; of tracks those that are referred to, or all. */
async function tablesOf({ session, tables }: RawLake, ids?: Sql): Promise<Omit<History, 'plays'>> {
  const { users, tracks, artist_genres } = tables;
  const read = async <Row>(table: Sql | undefined): Promise<Row[]> =>
    table === undefined ? [] : ((await session.rows(table)) as Row[]);
  return {
    users: await read<UserRow>(users && sql`FROM (${users}) WHERE user_id IS NOT NULL`),
    tracks: await read<TrackRow>(
      tracks &&
        sql`SELECT * REPLACE (TRY_CAST(duration_ms AS DOUBLE) AS duration_ms) FROM (${tracks})
          WHERE track_id IS NOT NULL ${ids === undefined ? sql`` : sql`AND track_id IN (${ids})`}`,
    ),
    artistGenres: await read<ArtistGenreRow>(artist_genres),
  };
}
