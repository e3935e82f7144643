import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect } from 'vitest';
import { WrappedError } from '../../src/error.ts';
import { type ImportOptions, type ImportReport, importExports } from '../../src/lake/import.ts';
import { type Database, openDatabase, type Session, type SqlRow } from '../../src/sql/database.ts';
import { type Sql, sql } from '../../src/sql/sql.ts';

/** The exports that tests share, a folder for each format. */
export const EXPORTS = join(import.meta.dirname, 'exports');

/** Real exports, on machines that have them. */
export const SHARED = join(import.meta.dirname, '../../../shared/data');

/** A test file's own folder and session, both gone when its tests are done. */
export function useImports() {
  let database: Database;
  let session: Session;
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'wrapped-import-'));
    database = await openDatabase();
    session = await database.session();
  });
  afterAll(async () => {
    session.close();
    database.close();
    await rm(root, { recursive: true });
  });
  const newFolder = () => mkdtemp(join(root, 'folder-'));
  const newLake = async () => join(await newFolder(), 'lake');
  const rows = <Row extends SqlRow>(query: Sql) => session.rows<Row>(query);

  /** Imports, and holds the report to its balance and the lake to the report. */
  const run = async (
    options: Omit<ImportOptions, 'session' | 'user'> & { user?: string },
  ): Promise<ImportReport> => {
    const before = await countPlays(options.lake);
    const report = await importExports({ user: 'me', ...options, session });
    for (const { read, kept, dropped } of report.files) expect(kept + sum(Object.values(dropped))).toBe(read);
    const added = sum(report.files.map(({ kept }) => kept));
    expect(sum(Object.values(report.years))).toBe(added);
    expect(await countPlays(options.lake)).toBe(before + added);
    expect(await readdir(options.lake)).not.toContain('.tmp');
    return report;
  };

  /** The error that an import is refused with. It leaves the lake as it was. */
  const refused = async (
    options: Omit<ImportOptions, 'session' | 'user'> & { user?: string },
  ): Promise<WrappedError> => {
    const before = await listing(options.lake);
    const error = await importExports({ user: 'me', ...options, session }).then(
      () => expect.fail('was not refused'),
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(WrappedError);
    expect(await listing(options.lake)).toEqual(before);
    return error as WrappedError;
  };

  const countPlays = async (lake: string): Promise<number> => {
    const files = (await listing(lake)).filter((file) => /^plays.*\.parquet$/.test(file));
    if (files.length === 0) return 0;
    const [count] = await rows<{ n: number }>(
      sql`SELECT CAST(count(*) AS INTEGER) AS n FROM read_parquet([${files.map((file) => join(lake, file))}])`,
    );
    return count!.n;
  };

  /** The lake's plays in time order, without the columns that are null. */
  const plays = async (lake: string): Promise<SqlRow[]> => {
    const found = await rows(
      sql`FROM read_parquet(${`${lake}/plays/*/*.parquet`}, hive_partitioning = false) ORDER BY played_at, artist, track`,
    );
    return found.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)));
  };

  return { newFolder, newLake, rows, run, refused, plays, session: () => session };
}

/** All dropped rows of a report, by reason. */
export function droppedOf(report: ImportReport): Record<string, number> {
  const all: Record<string, number> = {};
  for (const { dropped } of report.files) {
    for (const [reason, rows] of Object.entries(dropped)) all[reason] = (all[reason] ?? 0) + rows;
  }
  return all;
}

/** A row of Spotify's account data. */
export const accountRow = (endTime: string, trackName: string, msPlayed: unknown = 60_000) => ({
  endTime,
  artistName: 'Ångström',
  trackName,
  msPlayed,
});

/** A listen of ListenBrainz, as a line. */
export const listenLine = (time: string, track_name: string) =>
  `${JSON.stringify({
    listened_at: Date.parse(time) / 1000,
    track_metadata: { track_name, artist_name: 'Ångström' },
  })}\n`;

/** A zip of files, in their order. */
export function zipOf(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const nameBytes = Buffer.from(name);
    const data = Buffer.from(content);
    const packed = deflateRawSync(data);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(0x0800, 2);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt32LE(crc32(data), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(data.length, 18);
    shared.writeUInt16LE(nameBytes.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, nameBytes, packed]);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, place, nameBytes]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06'), end]);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const listing = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true }).catch(() => [])).sort();
