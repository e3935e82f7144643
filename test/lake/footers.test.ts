import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Footers, type Span } from '../../src/lake/footers.ts';
import { openLake } from '../../src/lake/lake.ts';
import { type Database, openDatabase, type Session } from '../../src/sql/database.ts';
import { type Sql, sql, unsafe } from '../../src/sql/sql.ts';
import { manyPlays, tempFolder, writeLake } from '../lakes.ts';

let database: Database;
let session: Session;
beforeAll(async () => {
  database = await openDatabase();
  session = await database.session();
});
afterAll(() => database.close());

/** A lake of one file a query, and what the footers of its files tell, in order. */
async function footersOf(files: readonly (Sql | Buffer)[]) {
  const { dir, remove } = tempFolder();
  try {
    const folder = join(dir, 'plays', 'year=2019');
    mkdirSync(folder, { recursive: true });
    for (const [index, file] of files.entries()) {
      const path = join(folder, `${String(index).padStart(3, '0')}.parquet`);
      if (Buffer.isBuffer(file)) writeFileSync(path, file);
      else await session.run(sql`COPY (${file}) TO ${path} (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
    }
    const lake = await openLake(dir);
    const footers = await Footers.read(lake);
    return {
      spans: lake.plays.map((file) => footers.span(file)),
      examples: footers.examples(lake.plays).map((file) => lake.plays.indexOf(file)),
      bytes: lake.plays.map(({ path }) => readFileSync(path)),
    };
  } finally {
    remove();
  }
}

/** `rows` plays, a minute and a millisecond and a bit apart, some without a time. */
const plays = (rows: number, type = 'TIMESTAMPTZ', more = sql``) => sql`
  SELECT 'ann' AS user_id, ${unsafe(`CASE WHEN i % 7 <> 3 THEN (TIMESTAMP '2019-05-01' + i * INTERVAL '60.0015 seconds')::${type} END`)} AS played_at
  ${more} FROM range(${rows}) AS rows(i)`;

async function spanByRows(rows: Sql): Promise<Span> {
  const [span] = await session.rows<{ first: bigint; last: bigint; timeless: bigint }>(
    sql`SELECT epoch_ms(min(played_at)) AS first, epoch_ms(max(played_at)) AS last, count_if(played_at IS NULL) AS timeless FROM (${rows})`,
  );
  return { first: Number(span!.first), last: Number(span!.last), timeless: Number(span!.timeless) };
}

describe('a span', () => {
  test.each(['TIMESTAMPTZ', 'TIMESTAMP', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'TIMESTAMP_S'])(
    'of %s, over several row groups, is that of its rows',
    async (type) => {
      const { spans } = await footersOf([plays(10_000, type)]);
      expect(spans[0]).toEqual(
        await spanByRows(sql`SELECT played_at::TIMESTAMPTZ AS played_at FROM (${plays(10_000, type)})`),
      );
    },
  );

  test('of another writer than DuckDB is told too', async () => {
    const { dir, remove } = tempFolder();
    try {
      const history = manyPlays(2019, 50);
      await writeLake(dir, { plays: history });
      const lake = await openLake(dir);
      const footers = await Footers.read(lake);
      const times = history.map(({ played_at }) => Number(played_at));
      expect(footers.span(lake.plays[0]!)).toMatchObject({
        first: Math.min(...times),
        last: Math.max(...times),
      });
    } finally {
      remove();
    }
  });

  test('is not told where there is no row, no time, no such column, or another type', async () => {
    const { spans } = await footersOf([
      sql`SELECT * FROM (${plays(10)}) WHERE false`,
      sql`SELECT user_id, NULL::TIMESTAMPTZ AS played_at FROM (${plays(10)})`,
      sql`SELECT user_id FROM (${plays(10)})`,
      sql`SELECT user_id, epoch_ms(played_at) AS played_at FROM (${plays(10)})`,
      sql`SELECT user_id, played_at::VARCHAR AS played_at FROM (${plays(10)})`,
      sql`SELECT user_id, {played_at: played_at} AS times FROM (${plays(10)})`,
    ]);
    expect(spans).toEqual(spans.map(() => undefined));
  });

  test('is found in a footer that is longer than what is read at first', async () => {
    const wide = sql`, ${unsafe(Array.from({ length: 300 }, (_, index) => `i AS column_of_a_long_name_${index}`).join(', '))}`;
    const { spans, bytes } = await footersOf([plays(10, 'TIMESTAMPTZ', wide)]);
    expect(bytes[0]!.readUInt32LE(bytes[0]!.length - 8)).toBeGreaterThan(16 * 1024);
    expect(spans[0]).toEqual(await spanByRows(plays(10)));
  });
});

describe('examples', () => {
  test('are the first file of each set of columns, in order', async () => {
    const more = sql`, i AS ms_played`;
    const { examples } = await footersOf([
      plays(10),
      plays(20),
      plays(10, 'TIMESTAMP'),
      plays(10, 'TIMESTAMPTZ', more),
      plays(3000),
      plays(10, 'TIMESTAMPTZ', sql`, i::VARCHAR AS ms_played`),
      plays(30, 'TIMESTAMPTZ', more),
    ]);
    expect(examples).toEqual([0, 2, 3, 5]);
  });

  test('are all files of which it is not known: cut short, empty, or no Parquet', async () => {
    const whole = (await footersOf([plays(10)])).bytes[0]!;
    const { spans, examples } = await footersOf([
      whole,
      whole.subarray(0, -1),
      whole.subarray(-20),
      Buffer.alloc(0),
      Buffer.from('PAR1'),
      Buffer.from('no Parquet at all'),
      whole,
    ]);
    expect(examples).toEqual([0, 1, 2, 3, 4, 5]);
    expect(spans[6]).toEqual(spans[0]);
  });
});

test('a footer with any one byte changed is read to an end', async () => {
  const whole = (await footersOf([plays(10)])).bytes[0]!;
  const length = whole.readUInt32LE(whole.length - 8) + 8;
  const files = Array.from({ length }, (_, index) => {
    const bytes = Buffer.from(whole);
    bytes[bytes.length - 1 - index]! ^= 0xff;
    return bytes;
  });
  const { spans } = await footersOf(files);
  expect(spans).toHaveLength(length);
});
