import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore, type RunResult, runAll } from '../../src/index.ts';
import { openDatabase, type Session } from '../../src/sql/database.ts';
import { sql } from '../../src/sql/sql.ts';
import { stories } from '../../stories/index.ts';
import { columnsOf } from '../engine.ts';
import { useImports, zipOf } from '../lake/import-helpers.ts';
import { manyPlays, tempFolder, writeLake } from '../lakes.ts';

/** `npm run test:crash` asks for more. */
const FILES = Number(process.env.FILES ?? 300);
const PARQUET = Math.round(FILES * 0.6);
const EXPORTS = FILES - PARQUET;

/** Numbers from 0 to 1, the same for the same seed. */
function dice(seed: number): () => number {
  let state = Math.imul(seed, 2654435761) >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) >>> 0;
    return state / 2 ** 32;
  };
}

/** Where the parts of a Parquet file are. */
interface Parts {
  readonly whole: Buffer;
  readonly footer: number;
  /** Offsets of the pages' headers. */
  readonly pages: readonly number[];
}

const garble = (bytes: Buffer, from: number, to: number, roll: () => number): Buffer => {
  for (let at = from; at < to; at++) bytes[at] = Math.floor(roll() * 256);
  return bytes;
};

/** Ways of breaking a Parquet file's structure. */
const BREAKS = {
  'cut short': ({ whole }, roll) => whole.subarray(0, Math.floor(roll() * whole.length)),
  'with zeros in its footer': ({ whole, footer }, roll) => {
    const from = footer + Math.floor(roll() * (whole.length - footer - 8));
    return whole.fill(0, from, Math.min(whole.length - 8, from + 1 + Math.floor(roll() * 64)));
  },
  'with a garbled footer': ({ whole, footer }, roll) => {
    const from = footer + Math.floor(roll() * (whole.length - footer - 8));
    return garble(whole, from, Math.min(whole.length - 8, from + 8), roll);
  },
  'with a garbled length of its footer': ({ whole }, roll) =>
    garble(whole, whole.length - 8, whole.length - 4, roll),
  'with a garbled head of a page': ({ whole, pages }, roll) => {
    const from = pages[Math.floor(roll() * pages.length)] as number;
    return garble(whole, from, from + 8, roll);
  },
} as const satisfies Record<string, (parts: Parts, roll: () => number) => Buffer>;
type Break = keyof typeof BREAKS;

describe('Parquet', () => {
  const { dir, remove } = tempFolder();
  afterAll(remove);
  const lake = join(dir, 'lake');
  const path = join(lake, 'plays/year=2019/plays.parquet');
  const chosen = stories.filter(({ id }) => id === 'minutes' || id === 'top-track');
  const run = (): Promise<RunResult> => {
    rmSync(join(dir, 'store'), { recursive: true, force: true });
    return runAll({ lake, store: join(dir, 'store'), stories: chosen, threads: 1 });
  };
  let session: Session;
  let expected: Map<string, Record<string, unknown>>;
  /** By what wrote it: one group of rows in plain pages; several, with dictionaries and compression. */
  let files: readonly Parts[];

  beforeAll(async () => {
    const database = await openDatabase({ threads: 1 });
    session = await database.session();
    await writeLake(lake, { plays: [...manyPlays(2018, 60), ...manyPlays(2019, 3000)] });
    const other = `${path}.other`;
    await session.run(sql`
      COPY (SELECT * FROM read_parquet(${path}, hive_partitioning = false) ORDER BY played_at) TO ${other} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048)`);
    files = await Promise.all([path, other].map(partsOf));
    rmSync(other);
    await run();
    expected = await values();
  });

  async function partsOf(file: string): Promise<Parts> {
    const whole = readFileSync(file);
    const rows = await session.rows<{ at: bigint }>(
      sql`SELECT unnest([data_page_offset, dictionary_page_offset]) AS at FROM parquet_metadata(${file})`,
    );
    const pages = rows.map(({ at }) => Number(at)).filter((at) => at >= 4);
    return { whole, footer: whole.length - 8 - whole.readUInt32LE(whole.length - 8), pages };
  }

  async function values() {
    const store = await openStore(join(dir, 'store'));
    const found = await columnsOf(store);
    await store.close();
    return found;
  }

  /** A year's rows, whatever is told of them. */
  const listens = (columns: typeof expected) =>
    Object.entries(columns.get('minutes#2019') ?? {}).map(([user, value]) => [
      user,
      (value as { listens: number }).listens,
    ]);

  test(
    `${PARQUET} broken files: each is named, and takes its own year alone; none makes a result short`,
    async () => {
      const kinds = Object.keys(BREAKS) as Break[];
      let [named, read] = [0, 0];
      for (let seed = 1; seed <= PARQUET; seed++) {
        const kind = kinds[seed % kinds.length] as Break;
        const parts = files[Math.floor(seed / kinds.length) % files.length] as Parts;
        writeFileSync(path, BREAKS[kind]({ ...parts, whole: Buffer.from(parts.whole) }, dice(seed)));
        const about = `seed ${seed}: a file ${kind}`;
        const started = performance.now();
        const result = await run().catch((error: Error) => error);
        expect(performance.now() - started, about).toBeLessThan(20_000);
        if (result instanceof Error) {
          // Times outside of its partition: what a run refuses a lake for.
          expect(result.message, about).toContain(path);
          expect(result.message, about).toMatch(/but its partition is|is .* in .*, expected/);
          named += 1;
          continue;
        }
        const found = await values();
        const failed = result.outcomes.filter(({ status }) => status === 'failed');
        if (failed.length > 0) {
          expect(
            failed.map(({ column }) => column),
            about,
          ).toEqual(['minutes#2019', 'top-track#2019']);
          for (const { reason } of failed) expect(reason, about).toMatch(`${path} can't be read: `);
          for (const column of ['minutes#2018', 'top-track#2018'])
            expect(found.get(column), about).toEqual(expected.get(column));
          named += 1;
          continue;
        }
        // It can be read to its end: values, names and statistics carry no checksum.
        expect(['cut short', 'with a garbled length of its footer'], about).not.toContain(kind);
        read += 1;
        expect(listens(found), about).toEqual(listens(expected));
      }
      expect(named).toBeGreaterThan(PARQUET / 2);
      expect(named + read).toBe(PARQUET);
    },
    5_000 * FILES,
  );
});

describe('exports', () => {
  const { newFolder, newLake, refused, run, plays } = useImports();
  const ROWS = Array.from({ length: 40 }, (_, index) => ({
    ts: new Date(Date.UTC(2019, 0, 1, index)).toISOString().replace('.000', ''),
    ms_played: 180_000 + index,
    master_metadata_track_name: `Song ${index} ☂`,
    master_metadata_album_artist_name: 'Singer',
    spotify_track_uri: `spotify:track:${index}`,
  }));
  const JSON_TEXT = Buffer.from(`${JSON.stringify(ROWS, null, 1)}\n`);
  const ZIP = zipOf({ 'read me.txt': 'hello', 'endsong_0.json': JSON_TEXT });

  test(
    `${EXPORTS} exports cut short, and zips garbled: each is refused by its name, and nothing is imported`,
    async () => {
      const folder = await newFolder();
      const whole = join(folder, 'endsong_0.json');
      writeFileSync(whole, JSON_TEXT);
      const lake = await newLake();
      await run({ paths: [whole], lake });
      const expected = await plays(lake);
      expect(expected).toHaveLength(ROWS.length);
      let named = 0;
      for (let seed = 1; seed <= EXPORTS; seed++) {
        const roll = dice(seed);
        const kind = (['json cut', 'zip cut', 'zip garbled'] as const)[seed % 3];
        const own = join(folder, `${seed}`);
        mkdirSync(own);
        const file = join(own, kind === 'json cut' ? 'endsong_0.json' : 'export.zip');
        const source = kind === 'json cut' ? JSON_TEXT : ZIP;
        const at = Math.floor(roll() * source.length);
        writeFileSync(
          file,
          kind === 'zip garbled' ? garble(Buffer.from(source), at, at + 4, roll) : source.subarray(0, at),
        );
        const about = `seed ${seed}: ${kind} at ${at}`;
        // Of what is cut, only the last line feed can go without a trace; of a zip, times and what else is not read may be garbled.
        const target = await newLake();
        const report = await run({ paths: [file], lake: target }).catch((error: Error) => error);
        if (report instanceof Error) {
          expect(report.message, about).toContain(file);
          expect((await refused({ paths: [file], lake: target })).message, about).toContain(file);
          named += 1;
        } else {
          expect(kind === 'zip garbled' || at >= JSON_TEXT.length - 1, about).toBe(true);
          expect(await plays(target), about).toEqual(expected);
        }
        rmSync(own, { recursive: true });
      }
      expect(named).toBeGreaterThan(EXPORTS / 2);
    },
    2_000 * FILES,
  );
});
