import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WrappedError } from '../../src/error.ts';
import { createCatalogue } from '../../src/lake/generate/catalogue.ts';
import { batchesOf } from '../../src/lake/generate/files.ts';
import { TABLES } from '../../src/lake/generate/lake-spec.ts';
import { createPlays } from '../../src/lake/generate/plays.ts';
import { createDays, createUsers } from '../../src/lake/generate/users.ts';
import { type GenerateOptions, type GenerateReport, generateLake } from '../../src/lake/generate.ts';
import { PLAYS_COLUMNS } from '../../src/lake/listen-row.ts';
import { type Database, openDatabase, type Session, type SqlRow } from '../../src/sql/database.ts';
import { type Sql, sql } from '../../src/sql/sql.ts';

type Spec = Pick<GenerateOptions, 'users' | 'playsPerUser' | 'years' | 'seed'>;

const SPEC: Spec = { users: 400, playsPerUser: 300, years: { from: 2018, to: 2020 }, seed: 7 };
const SMALL: Spec = { users: 30, playsPerUser: 200, years: { from: 2019, to: 2019 }, seed: 7 };

let root: string;
let database: Database;
let session: Session;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'generate-'));
  database = await openDatabase({ threads: 2 });
  session = await database.session();
});

afterAll(() => {
  session.close();
  database.close();
  rmSync(root, { recursive: true, force: true });
});

/** Each file of a folder with a hash of its bytes. */
function filesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), hashOf(path)]));
}

/** Generates with a database of so many threads and says which files came of it. */
async function generated(name: string, spec: Spec, threads: number): Promise<Record<string, string>> {
  const own = await openDatabase({ threads });
  const ownSession = await own.session();
  try {
    await generateLake({ ...spec, lake: join(root, name), session: ownSession });
    return filesOf(join(root, name));
  } finally {
    ownSession.close();
    own.close();
  }
}

describe('a generated lake', () => {
  let report: GenerateReport;
  const years: [number, number][] = [];
  const lake = () => join(root, 'lake');
  const plays = () => sql`read_parquet(${join(lake(), 'plays/*/*/*.parquet')}, hive_partitioning = true)`;
  const table = (name: string) => sql`read_parquet(${join(lake(), `${name}.parquet`)})`;

  beforeAll(async () => {
    report = await generateLake({
      ...SPEC,
      lake: lake(),
      session,
      onYear: (year, rows) => years.push([year, rows]),
    });
  });

  /** The first row of a query, BIGINT as number. */
  async function one(query: Sql): Promise<Record<string, number>> {
    const [row] = await session.rows<SqlRow>(query);
    return Object.fromEntries(Object.entries(row!).map(([name, value]) => [name, Number(value)]));
  }

  test('has about as many plays as were asked for, and reports them', async () => {
    const { plays: counted } = await one(sql`SELECT count(*) AS plays FROM ${plays()}`);
    const wanted = SPEC.users * SPEC.playsPerUser * 3;
    expect(report.plays).toBe(counted);
    expect(counted).toBeGreaterThan(0.9 * wanted);
    expect(counted).toBeLessThan(1.1 * wanted);
    expect(report.users).toBe(SPEC.users);
    expect(report.files).toBe(Object.keys(filesOf(lake())).length);
    expect(years.map(([year]) => year)).toEqual([2018, 2019, 2020]);
    expect(years.reduce((sum, [, rows]) => sum + rows, 0)).toBe(counted);
  });

  test('has the columns of plays in their types', async () => {
    const described = await session.rows<{ column_name: keyof typeof PLAYS_COLUMNS; column_type: string }>(
      sql`DESCRIBE SELECT * EXCLUDE (year, month) FROM ${plays()}`,
    );
    for (const { column_name, column_type } of described) {
      const type = { TIMESTAMPTZ: 'TIMESTAMP WITH TIME ZONE' }[PLAYS_COLUMNS[column_name].type as string];
      expect(column_type).toBe(type ?? PLAYS_COLUMNS[column_name].type);
    }
  });

  test('has every partition hold its own UTC year and month, in order of time', async () => {
    expect(
      await one(sql`
        SELECT count_if(year(played_at) <> year) AS years, count_if(month(played_at) <> month::INTEGER) AS months,
          count(DISTINCT month) AS different
        FROM ${plays()}`),
    ).toEqual({ years: 0, months: 0, different: 12 });
    const january = join(lake(), 'plays/year=2019/month=01/part-000.parquet');
    expect(
      await one(sql`
        SELECT count_if(played_at < before) AS earlier
        FROM (SELECT played_at, lag(played_at) OVER (ORDER BY file_row_number) AS before
          FROM read_parquet(${january}, file_row_number = true))`),
    ).toEqual({ earlier: 0 });
  });

  test('has plays whose local year is not that of their partition', async () => {
    const { elsewhere } = await one(sql`
      SELECT count_if(year(played_at AT TIME ZONE timezone) <> year) AS elsewhere
      FROM ${plays()} JOIN ${table('users')} USING (user_id)
      WHERE (month(played_at), day(played_at)) IN ((1, 1), (12, 31))`);
    expect(elsewhere).toBeGreaterThan(0);
  });

  test('refers to tracks, artists and users that exist, by ids of 22 characters', async () => {
    expect(
      await one(sql`
        SELECT count_if(kind = 'track' AND tracks.track_id IS NULL) AS tracks,
          count_if(users.user_id IS NULL) AS users,
          count_if(kind = 'track' AND (plays.track IS NOT NULL OR plays.artist IS NOT NULL)) AS named,
          count_if(kind = 'episode' AND (plays.track IS NULL OR plays.artist IS NULL)) AS nameless
        FROM ${plays()} AS plays
        LEFT JOIN ${table('tracks')} AS tracks USING (track_id) LEFT JOIN ${table('users')} AS users USING (user_id)`),
    ).toEqual({ tracks: 0, users: 0, named: 0, nameless: 0 });
    const isId = (id: Sql) => sql`regexp_full_match(${id}, '[0-9A-Za-z]{22}')`;
    expect(
      await one(sql`
        SELECT bool_and(${isId(sql`track_id`)} AND ${isId(sql`artist_id`)} AND ${isId(sql`album_id`)}) AS ids,
          count(*) - count(DISTINCT track_id) AS same,
          (SELECT bool_and(${isId(sql`user_id`)}) FROM ${table('users')}) AS user_ids,
          (SELECT count(DISTINCT user_id) FROM ${table('users')}) AS users,
          (SELECT count(*) FROM ${table('artist_genres')} AS genres ANTI JOIN ${table('tracks')} USING (artist_id)) AS strangers
        FROM ${table('tracks')}`),
    ).toEqual({ ids: 1, same: 0, user_ids: 1, users: SPEC.users, strangers: 0 });
  });

  test('plays nothing before its release', async () => {
    const { early } = await one(sql`
      SELECT count_if(release_date > left(played_at::VARCHAR, len(release_date))) AS early
      FROM ${plays()} JOIN ${table('tracks')} USING (track_id)`);
    expect(early).toBe(0);
  });

  test('has users in several time zones, a few without', async () => {
    const { zones, zoneless } = await one(sql`
      SELECT count(DISTINCT timezone) AS zones, count(*) - count(timezone) AS zoneless FROM ${table('users')}`);
    expect(zones).toBeGreaterThan(10);
    expect(zoneless).toBeGreaterThan(0);
    expect(zoneless).toBeLessThan(0.1 * SPEC.users);
  });

  test('has users who play little, or nothing in some year', async () => {
    const { most, median, absent, users } = await one(sql`
      SELECT max(plays) AS most, median(plays) AS median, count_if(years < 3) AS absent, count(*) AS users
      FROM (SELECT user_id, count(*) AS plays, count(DISTINCT year) AS years FROM ${plays()} GROUP BY user_id)`);
    expect(most).toBeGreaterThan(5 * median!);
    expect(absent).toBeGreaterThan(0.05 * users!);
    expect(absent).toBeLessThan(0.5 * users!);
  });

  test('is skewed: few artists have much of what is played', async () => {
    const { share, first } = await one(sql`
      WITH artists AS (
        SELECT artist_id, count(*) AS plays FROM ${plays()} JOIN ${table('tracks')} USING (track_id) GROUP BY artist_id
      ), ranked AS (
        SELECT plays, row_number() OVER (ORDER BY plays DESC) AS place, sum(plays) OVER () AS total,
          (SELECT count(DISTINCT artist_id) FROM ${table('tracks')}) AS artists
        FROM artists
      )
      SELECT sum(plays) FILTER (place <= artists / 100) / any_value(total) AS share,
        max(plays) / any_value(total) AS first
      FROM ranked`);
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.8);
    expect(first).toBeLessThan(0.05);
  });

  test('returns to the same tracks', async () => {
    const { fresh, most } = await one(sql`
      SELECT count(*) / sum(plays) AS fresh, max(plays) AS most
      FROM (SELECT user_id, track_id, count(*) AS plays FROM ${plays()} WHERE kind = 'track' AND year = 2019 GROUP BY ALL)`);
    expect(fresh).toBeGreaterThan(0.25);
    expect(fresh).toBeLessThan(0.5);
    expect(most).toBeGreaterThan(30);
  });

  test('has sessions: most plays follow another at once, and hardly any begins before the last one ended', async () => {
    const { following, overlapping } = await one(sql`
      SELECT avg((gap BETWEEN 0 AND 3000)::INTEGER) AS following, avg((gap < 0)::INTEGER) AS overlapping
      FROM (
        SELECT epoch_ms(played_at) - ms_played
          - lag(epoch_ms(played_at)) OVER (PARTITION BY user_id ORDER BY played_at) AS gap
        FROM ${plays()})`);
    expect(following).toBeGreaterThan(0.7);
    expect(overlapping).toBeLessThan(0.15);
  });

  test('sleeps at night', async () => {
    const { night, evening } = await one(sql`
      SELECT avg((hour(played_at AT TIME ZONE timezone) BETWEEN 3 AND 6)::INTEGER) AS night,
        avg((hour(played_at AT TIME ZONE timezone) BETWEEN 18 AND 21)::INTEGER) AS evening
      FROM ${plays()} JOIN ${table('users')} USING (user_id)
      WHERE timezone IN ('America/New_York', 'Europe/Berlin', 'Asia/Kolkata')`);
    expect(evening).toBeGreaterThan(2 * night!);
  });

  test('has a little of all that makes data hard', async () => {
    const shares = await one(sql`
      SELECT avg((ms_played IS NULL)::INTEGER) AS no_length, avg((skipped IS NULL)::INTEGER) AS no_skipped,
        avg((ms_played < 30000)::INTEGER) AS short, avg(private::INTEGER) AS private,
        avg((kind = 'episode')::INTEGER) AS episodes
      FROM ${plays()}`);
    for (const share of Object.values(shares)) {
      expect(share).toBeGreaterThan(0.002);
      expect(share).toBeLessThan(0.2);
    }
    const { undated, foreign } = await one(sql`
      SELECT count_if(release_date IS NULL) AS undated, count_if(NOT regexp_full_match(track, '[ -~]*')) AS foreign
      FROM ${table('tracks')}`);
    const { namesakes } = await one(sql`
      SELECT count_if(artists > 1) AS namesakes
      FROM (SELECT count(DISTINCT artist_id) AS artists FROM ${table('tracks')} GROUP BY artist)`);
    const { bare } = await one(sql`
      SELECT count(DISTINCT artist_id) AS bare
      FROM ${table('tracks')} AS tracks ANTI JOIN ${table('artist_genres')} USING (artist_id)`);
    expect(Math.min(undated!, namesakes!, foreign!, bare!)).toBeGreaterThan(0);
  });

  test('gives artists one genre or several, each once', async () => {
    const { most, repeated } = await one(sql`
      SELECT max(genres) AS most, count_if(genres > different) AS repeated
      FROM (SELECT artist_id, count(*) AS genres, count(DISTINCT genre) AS different FROM ${table('artist_genres')} GROUP BY artist_id)`);
    expect(most).toBeGreaterThan(2);
    expect(repeated).toBe(0);
  });

  test('is refused where there is one already', async () => {
    const before = filesOf(lake());
    const again = generateLake({ ...SMALL, lake: lake(), session });
    await expect(again).rejects.toThrow(
      /already holds users\.parquet, tracks\.parquet, artist_genres\.parquet, plays/,
    );
    await expect(again).rejects.toHaveProperty('hint');
    expect(filesOf(lake())).toEqual(before);
  });
});

test('the same seed gives the same bytes, whatever the number of threads', async () => {
  const onOne = await generated('one-thread', SPEC, 1);
  expect(Object.keys(onOne)).toHaveLength(3 + 3 * 12);
  expect(await generated('four-threads', SPEC, 4)).toEqual(onOne);
});

test('another seed gives other files', async () => {
  const files = await generated('seed-7', SMALL, 2);
  const others = await generated('seed-8', { ...SMALL, seed: 8 }, 2);
  expect(Object.keys(others)).toEqual(Object.keys(files));
  expect(Object.entries(others).filter(([name, hash]) => files[name] === hash)).toEqual([]);
});

test.for([
  ['a small lake', { ...SMALL, users: 30 }, 1, 12],
  ['a month at a time', { ...SMALL, users: 300_000 }, 12, 1],
  ['parts of months', { ...SMALL, users: 1_000_000 }, 48, 1],
] as const)('cuts a year into files without gap or overlap: %s', ([, spec, batches, filesOfBatch]) => {
  const found = batchesOf(spec, 2019);
  expect(found).toHaveLength(batches);
  expect(found.every((files) => files.length === filesOfBatch)).toBe(true);
  const slices = found.flat().map((file) => file.slice);
  expect(slices[0]!.from).toBe(Date.UTC(2019, 0));
  expect(slices.at(-1)!.to).toBe(Date.UTC(2020, 0));
  expect(slices.slice(1).map(({ from }) => from)).toEqual(slices.slice(0, -1).map(({ to }) => to));
  expect(new Set(found.flat().map((file) => file.name)).size).toBe(slices.length);
});

test('the same plays come of a month however it is sliced', async () => {
  const own = await openDatabase({ threads: 2 });
  const ownSession = await own.session();
  try {
    for (const statement of [createUsers(SMALL), createDays(SMALL), ...createCatalogue(SMALL)]) {
      await ownSession.run(statement);
    }
    const playsOf = async (from: number, to: number) => {
      await ownSession.run(createPlays(SMALL, { from, to }));
      return ownSession.rows(sql`SELECT * FROM ${TABLES.plays} ORDER BY ended, play`);
    };
    const [start, end] = [Date.UTC(2019, 0), Date.UTC(2019, 1)];
    const cuts = [start, Date.UTC(2019, 0, 1, 5), Date.UTC(2019, 0, 1, 6), Date.UTC(2019, 0, 17, 12), end];
    const sliced: SqlRow[] = [];
    for (const [nth, from] of cuts.slice(0, -1).entries())
      sliced.push(...(await playsOf(from, cuts[nth + 1]!)));
    expect(sliced.length).toBeGreaterThan(100);
    expect(sliced).toEqual(await playsOf(start, end));
  } finally {
    ownSession.close();
    own.close();
  }
});

test('the smallest lake has plays', async () => {
  const report = await generateLake({
    users: 1,
    playsPerUser: 100,
    years: { from: 2019, to: 2019 },
    seed: 1,
    lake: join(root, 'smallest'),
    session,
  });
  expect(report.plays).toBeGreaterThan(0);
});

test('leaves nothing behind when it fails', async () => {
  const failing: Session = {
    ...session,
    rows: (statement) =>
      statement.text.includes('month=05') ? Promise.reject(new Error('disk full')) : session.rows(statement),
  };
  const lake = join(root, 'failing');
  const failed = generateLake({ ...SMALL, lake, session: failing });
  await expect(failed).rejects.toThrow(/part-000\.parquet can't be written: disk full/);
  expect(readdirSync(lake)).toEqual([]);
  expect(await session.rows(sql`SELECT table_name FROM duckdb_tables()`)).toEqual([]);
});

test.for<[string, Partial<Spec>, RegExp]>([
  ['no users', { users: 0 }, /users is 0: expected a whole number above 0/],
  ['half a user', { users: 1.5 }, /users is 1\.5/],
  ['negative plays', { playsPerUser: -1 }, /plays per user is -1/],
  ['a seed that is no whole number', { seed: 0.1 }, /seed is 0\.1/],
  ['years in the wrong order', { years: { from: 2020, to: 2019 } }, /years are 2020-2019/],
  ['years before 1980', { years: { from: 1066, to: 2019 } }, /expected the first and the last, 1980 to 2100/],
])('refuses %s', async ([, wrong, message]) => {
  const refused = generateLake({ ...SMALL, ...wrong, lake: join(root, 'wrong'), session });
  await expect(refused).rejects.toThrow(WrappedError);
  await expect(refused).rejects.toThrow(message);
});

test('refuses a folder of imports, and a file in place of a folder', async () => {
  const imported = join(root, 'imported');
  mkdirSync(imported);
  writeFileSync(join(imported, 'lake.json'), '{"identity":"title"}');
  await expect(generateLake({ ...SMALL, lake: imported, session })).rejects.toThrow(
    /already holds lake\.json/,
  );
  const file = join(root, 'file');
  writeFileSync(file, '');
  await expect(generateLake({ ...SMALL, lake: file, session })).rejects.toThrow(/can't be written/);
});
