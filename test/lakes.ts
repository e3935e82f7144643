import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ParquetSchema, type ParquetSchemaDefinition, ParquetWriter } from 'parquetjs-lite';
import { TABLE_COLUMNS } from '../src/lake/layout.ts';
import { PLAYS_COLUMNS } from '../src/lake/listen-row.ts';
import { groupBy } from '../src/oracle/group.ts';
import type { History, Identity, Play } from '../src/oracle/history.ts';

/**
 * Lakes for tests, written by parquetjs-lite, so that the reader meets a writer that is not DuckDB. A column that no row has a value
 * or a null of is left out of the files.
 */

type Rows = readonly Readonly<Record<string, unknown>>[];

const PARQUET_TYPES = {
  VARCHAR: 'UTF8',
  TIMESTAMPTZ: 'TIMESTAMP_MILLIS',
  BIGINT: 'INT64',
  BOOLEAN: 'BOOLEAN',
} as const;

/** Writes a history as a lake below `dir`. Without an identity there is no `lake.json`: a service's own lake. */
export async function writeLake(
  dir: string,
  history: History,
  identity: Identity = 'track_id',
): Promise<void> {
  mkdirSync(dir, { recursive: true });
  if (identity === 'title') writeFileSync(join(dir, 'lake.json'), JSON.stringify({ identity }));
  const years = groupBy(history.plays, (play) => new Date(play.played_at).getUTCFullYear());
  for (const [year, plays] of years) {
    await writePlays(join(dir, 'plays', `year=${year}`, 'plays.parquet'), plays);
  }
  const texts = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, 'VARCHAR'] as const));
  const tables = { users: history.users, tracks: history.tracks, artist_genres: history.artistGenres };
  for (const [name, rows] of Object.entries(tables)) {
    if (rows === undefined || rows.length === 0) continue;
    const described = texts(TABLE_COLUMNS[name as keyof typeof TABLE_COLUMNS]);
    await writeTable(
      join(dir, `${name}.parquet`),
      { ...described, duration_ms: 'BIGINT' },
      rows as unknown as Rows,
    );
  }
}

/** Writes one file of plays, whatever folder it is in. */
export async function writePlays(path: string, plays: readonly Play[]): Promise<void> {
  const columns = Object.fromEntries(Object.entries(PLAYS_COLUMNS).map(([name, { type }]) => [name, type]));
  const rows = plays.map((play) => ({ ...play, played_at: new Date(play.played_at) }));
  await writeTable(path, columns, rows);
}

/** A play of three minutes by one user, to be varied. */
export const play = (played_at: string, varied: Partial<Play> = {}): Play => ({
  user_id: 'me',
  played_at: Date.parse(played_at),
  ms_played: 180_000,
  track_id: 't1',
  track: 'Song',
  artist: 'Singer',
  ...varied,
});

/** Many plays of many tracks by some users, all over a year: the same on every call. */
export const manyPlays = (
  year: number,
  count: number,
  users: readonly string[] = ['ann', 'bob', 'me'],
): Play[] =>
  Array.from({ length: count }, (_, index) => {
    const song = (index * index) % 37;
    return play(`${year}-01-02T00:00:00Z`, {
      user_id: users[index % users.length]!,
      played_at: Date.UTC(year, 0, 2) + index * Math.floor((360 * 24 * 3_600_000) / count),
      ms_played: 25_000 + ((index * 7919) % 200_000),
      track_id: `t${song}`,
      track: `Song ${song}`,
      artist: `Singer ${song % 11}`,
    });
  });

async function writeTable(
  path: string,
  columns: Readonly<Record<string, keyof typeof PARQUET_TYPES>>,
  rows: Rows,
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const present = Object.entries(columns).filter(([name]) => rows.some((row) => row[name] !== undefined));
  const schema: ParquetSchemaDefinition = Object.fromEntries(
    present.map(([name, type]) => [name, { type: PARQUET_TYPES[type], optional: true }]),
  );
  const writer = await ParquetWriter.openFile(new ParquetSchema(schema), path);
  for (const row of rows) {
    await writer.appendRow(
      Object.fromEntries(present.flatMap(([name]) => (row[name] == null ? [] : [[name, row[name]]]))),
    );
  }
  await writer.close();
}

/** A folder for one test, and how to remove it. */
export function tempFolder(): { dir: string; remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'wrapped-test-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
