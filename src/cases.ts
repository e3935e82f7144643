import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Period, parsePeriod } from './decade/period.ts';
import { runDecade } from './decade/run.ts';
import type { Outcome } from './engine/outcome.ts';
import { run } from './engine/run.ts';
import { withWorkspace } from './engine/workspace.ts';
import { WrappedError } from './error.ts';
import { isThere } from './files.ts';
import { globEscape } from './lake/import-raw.ts';
import { LAKE_MARKER } from './lake/lake.ts';
import { TABLE_COLUMNS } from './lake/layout.ts';
import { PLAYS_COLUMNS } from './lake/listen-row.ts';
import { type Session, withDatabase } from './sql/database.ts';
import { ident, join as joinSql, sql, unsafe } from './sql/sql.ts';
import { columnName, type Store } from './store/store.ts';
import type { AnyStory } from './story/index.ts';

/** Values by user id. */
type Values = Record<string, unknown>;

/** A column of a golden case: what came of it, and what its file says should. */
export interface CaseColumn {
  /** `one-timers#2019` */
  readonly column: string;
  readonly found: Values;
  readonly expected: Values;
}

/** What `case.json` may hold, beside `why`. */
interface CaseOptions {
  readonly timezone?: string;
  /** `2010-2019` */
  readonly decade?: string;
}

/**
 * Runs a golden case: a folder of `plays.csv` (and where there are any `users.csv`, `tracks.csv`, `artist_genres.csv`, `lake.json`, and
 * `case.json` with `timezone` and `decade`), and of `expected/COLUMN.json`, values by user id. Every column of the stories is answered with
 * what came of it and what is expected, which without a file is no user.
 *
 * @example
 * for (const { column, found, expected } of await runCase('my-stories/fixtures/one-timers', stories))
 *   assert.deepEqual(found, expected, column);
 * @throws WrappedError for a case that can't be read, and for a column that failed
 */
export async function runCase(folder: string, stories: readonly AnyStory[]): Promise<CaseColumn[]> {
  const { timezone, decade } = (await readJson<CaseOptions>(join(folder, 'case.json'))) ?? {};
  const period = decade === undefined ? undefined : parsePeriod(decade);
  if (decade !== undefined && period === undefined)
    throw new WrappedError(`${folder}/case.json: decade is '${decade}', expected years such as 2010-2019`);
  const expected = await readExpected(join(folder, 'expected'));
  const temp = await mkdtemp(join(tmpdir(), 'wrapped-case-'));
  try {
    const lake = join(temp, 'lake');
    await mkdir(lake);
    await withDatabase((session) => makeLake(session, folder, lake));
    const found = await compute({ lake, store: join(temp, 'store'), timezone }, stories, period);
    const ours = [...expected.keys()].filter((column) =>
      stories.some(({ id }) => column.startsWith(`${id}#`)),
    );
    return [...new Set([...found.keys(), ...ours])]
      .sort()
      .map((column) => ({ column, found: found.get(column) ?? {}, expected: expected.get(column) ?? {} }));
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}

async function compute(
  places: { lake: string; store: string; timezone: string | undefined },
  stories: readonly AnyStory[],
  period: Period | undefined,
): Promise<Map<string, Values>> {
  return withWorkspace(places, async (workspace) => {
    const outcomes: Outcome[] = [...(await run(workspace, { stories })).outcomes];
    if (period !== undefined) outcomes.push(...(await runDecade(workspace, { stories, period })).outcomes);
    const failed = outcomes.find(({ status }) => status === 'failed');
    if (failed !== undefined) throw new WrappedError(`${failed.column} failed: ${failed.reason}`);
    const columns = new Map<string, Values>();
    for (const entry of await workspace.store.ledger())
      columns.set(columnName(entry), await valuesOf(workspace.store, entry));
    return columns;
  });
}

async function valuesOf(store: Store, entry: Awaited<ReturnType<Store['ledger']>>[number]): Promise<Values> {
  const values: Values = {};
  if (entry.written === undefined) return values;
  for await (const rows of store.values(entry))
    for (const { user_id, value } of rows) values[user_id] = value;
  return values;
}

const PLAYS_TYPES = Object.fromEntries(Object.entries(PLAYS_COLUMNS).map(([name, { type }]) => [name, type]));

async function makeLake(session: Session, folder: string, lake: string): Promise<void> {
  const plays = await csvOf(session, join(folder, 'plays.csv'), PLAYS_TYPES);
  if (plays === undefined) throw new WrappedError(`${folder} is no case: it has no plays.csv`);
  await session.run(sql`CREATE TEMP TABLE plays AS ${plays}`);
  const years = await session.rows<{ year: bigint }>(
    sql`SELECT DISTINCT year(played_at AT TIME ZONE 'UTC') AS year FROM plays ORDER BY year`,
  );
  for (const { year } of years) {
    const dir = join(lake, 'plays', `year=${year}`);
    await mkdir(dir, { recursive: true });
    await session.run(sql`
      COPY (SELECT * FROM plays WHERE year(played_at AT TIME ZONE 'UTC') = ${year}) TO ${join(dir, 'plays.parquet')} (FORMAT parquet)`);
  }
  for (const [table, names] of Object.entries(TABLE_COLUMNS)) {
    const types = Object.fromEntries(names.map((name) => [name, 'VARCHAR']));
    const rows = await csvOf(session, join(folder, `${table}.csv`), types);
    if (rows !== undefined)
      await session.run(sql`COPY (${rows}) TO ${join(lake, `${table}.parquet`)} (FORMAT parquet)`);
  }
  if (await isThere(join(folder, LAKE_MARKER)))
    await copyFile(join(folder, LAKE_MARKER), join(lake, LAKE_MARKER));
}

/** The rows of a CSV file with a header; an empty field is null, a quoted empty one ''. Undefined where there is no such file. */
async function csvOf(session: Session, path: string, types: Readonly<Record<string, string>>) {
  if (!(await isThere(path))) return undefined;
  const read = sql`read_csv(${globEscape(path)}, header = true, delim = ',', quote = '"', escape = '"', all_varchar = true, allow_quoted_nulls = false)`;
  const columns = await session.rows<{ column_name: string }>(sql`DESCRIBE SELECT * FROM ${read}`);
  const cast = columns.map(({ column_name: name }) => {
    const type = types[name];
    if (type === undefined) {
      throw new WrappedError(
        `${path} has a column '${name}', expected any of ${Object.keys(types).join(', ')}`,
      );
    }
    return sql`${ident(name)}::${unsafe(type)} AS ${ident(name)}`;
  });
  return sql`SELECT ${joinSql(cast)} FROM ${read}`;
}

async function readExpected(folder: string): Promise<Map<string, Values>> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json'));
  return new Map(
    await Promise.all(
      files.map(
        async (file) =>
          [basename(file, '.json'), (await readJson<Values>(join(folder, file))) ?? {}] as const,
      ),
    ),
  );
}

async function readJson<Value>(path: string): Promise<Value | undefined> {
  if (!(await isThere(path))) return undefined;
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text) as Value;
  } catch (cause) {
    throw new WrappedError(`${path} is no JSON`, { cause });
  }
}
