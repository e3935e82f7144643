import { type Period, parsePeriod } from '../decade/period.ts';
import { holdsSums, planDecade } from '../decade/plan.ts';
import { forgottenIn } from '../engine/forgotten.ts';
import { makePlan } from '../engine/plan.ts';
import { firstLine, isTooLarge } from '../engine/too-large.ts';
import type { Workspace } from '../engine/workspace.ts';
import { messageOf, WrappedError } from '../error.ts';
import { whyUnreadable } from '../lake/broken-files.ts';
import { checkKeys } from '../lake/keys.ts';
import { decadeOracle } from '../oracle/decade.ts';
import type { History, OracleOptions } from '../oracle/history.ts';
import { oracle, STORIES } from '../oracle/oracle.ts';
import { type ColumnId, columnName } from '../store/store.ts';
import { type AnyStory, FIXED_CUTS } from '../story/index.ts';
import { withCommas } from '../with-commas.ts';
import { listYears } from '../years.ts';
import { type Difference, differences } from './differences.ts';
import { countRows, type RawLake, rowsOf, sampleHistory, sampleUsers, wholeHistory } from './raw-history.ts';

/** What to verify, and how much of the machine it may take. */
export interface VerifyOptions {
  readonly stories: readonly AnyStory[];
  /** The zone of users that the lake gives none: as of the run. */
  readonly timezone: string;
  /** As many users are verified. */
  readonly sample: number;
  /** Chooses them. */
  readonly seed: number;
  /** As many listen rows are held in memory, some 3 kB each. */
  readonly mostRows: number;
}

/** One part of a user's value of one column that is not what the oracle says. */
export interface ColumnDifference extends Difference {
  readonly user: string;
  readonly column: string;
}

/** A column that was not verified, and why. */
export interface Unverified {
  readonly column: string;
  readonly why: string;
}

export interface VerifyResult {
  /** Users whose values were compared, of all that the lake has. */
  readonly users: number;
  readonly ofUsers: number;
  /** Listen rows that the values were recomputed from, of all that the lake has. */
  readonly rows: number;
  readonly ofRows: number;
  readonly columns: readonly string[];
  /** Values compared: those that were there, or should have been. */
  readonly values: number;
  readonly differences: readonly ColumnDifference[];
  readonly unverified: readonly Unverified[];
}

/** Stories whose value of a user takes no other user's rows, beside the names that tracks and artists are shown by. */
const OF_ONE_USER: readonly string[] = [
  'minutes',
  'top-artist',
  'top-track',
  'top-genre',
  'era',
  'weekday',
  'clock',
  'audio-day',
  'season',
  'streak',
  'session',
  'repeat',
  'song-story',
  'evolution',
  'podcast',
  'counts',
  'skip',
];
/** Those among them that show no names. */
const NAMELESS: readonly string[] = ['minutes', 'weekday', 'clock', 'session'];

/**
 * Recomputes some users' columns from raw listen rows with the oracle, which shares no code with what made
 * them, and compares every value.
 * @throws WrappedError where there is nothing that could be verified, or it does not fit in memory
 */
export const verify = (workspace: Workspace, options: VerifyOptions): Promise<VerifyResult> =>
  verifyUsers(workspace, options).catch(async (cause: unknown) => {
    if (!isTooLarge(cause)) throw await whyUnreadable(workspace.session, workspace.lake.plays, cause);
    throw new WrappedError(
      `what these users' values take does not fit in memory: ${firstLine(messageOf(cause))}`,
      {
        cause,
        hint: 'Give it more with --memory, or fewer users with --sample.',
      },
    );
  });

async function verifyUsers(workspace: Workspace, options: VerifyOptions): Promise<VerifyResult> {
  const { session, lake, tables, years, forgotten, broken } = workspace;
  if (broken[0] !== undefined) throw broken[0];
  const all: RawLake = { session, lake, tables, schema: years.schema, without: [] };
  const raw = { ...all, without: await forgottenIn(session, rowsOf(all), forgotten) };
  await checkKeys(session, lake, tables);
  const { fresh, unverified } = await columnsOf(workspace, options.stories);
  // What does not fit in memory goes there; a store that can only be read is verified without.
  if (fresh.length > 0) await workspace.scratch().catch(() => undefined);
  const ofRows = await countRows(raw);
  const { users, of: ofUsers } = await sampleUsers(raw, options);
  const { history, columns, ...left } = await historyFor(raw, fresh, users, ofRows, options);
  unverified.push(...left.unverified);
  if (columns.length === 0) {
    throw new WrappedError(
      `${workspace.store.name} has no column that can be verified: ${reasons(unverified)}`,
      {
        hint: '`wrapped run-all` computes what is missing or stale; `wrapped status` lists it.',
      },
    );
  }
  const expected = recompute(history, columns, {
    identity: years.schema.identity,
    timezone: options.timezone,
    fixedCuts: FIXED_CUTS,
  });
  const compared =
    users.length === ofUsers
      ? await compareAll(workspace, columns, expected)
      : await compareSome(workspace, columns, expected, users);
  return {
    users: users.length,
    ofUsers,
    rows: history.plays.length,
    ofRows,
    columns: columns.map(columnName),
    ...compared,
    unverified,
  };
}

/** The columns that hold what they should hold of the lake as it is, and what is with the others. */
async function columnsOf(workspace: Workspace, stories: readonly AnyStory[]) {
  const fresh: ColumnId[] = [];
  const unverified: Unverified[] = [];
  const leave = (column: ColumnId, why: string) => unverified.push({ column: columnName(column), why });
  const { store } = workspace;
  const plan = await makePlan(workspace, { stories, ledger: store });
  for (const { story, year, state, why } of plan.years.flatMap(({ columns }) => columns)) {
    const column = { story: story.id, period: String(year) };
    if (!isKnown(story)) leave(column, NO_ORACLE);
    else if (state === 'fresh') fresh.push(column);
    else if (state !== 'not-applicable') leave(column, why ?? state);
  }
  const periods = [...new Set((await store.ledger()).map(({ period }) => period))];
  for (const period of periods.flatMap((name) => parsePeriod(name) ?? [])) {
    const decade = await planDecade(workspace, { stories, period, partial: true, ledger: store });
    for (const planned of decade.columns) {
      const { story, period: name, state, why, without } = planned;
      const column = { story: story.id, period: name };
      if (state === 'left-out' || state === 'missing' || state === 'not-applicable') continue;
      if (!isKnown(story)) leave(column, NO_ORACLE);
      else if (state !== 'fresh') leave(column, why ?? state);
      else if (without.length > 0) leave(column, `it goes without ${listYears(without)}`);
      else if (!holdsSums(planned)) leave(column, 'it holds bounds, since totals were gone');
      else fresh.push(column);
    }
  }
  return { fresh, unverified };
}

const NO_ORACLE = 'the oracle has no definition of it';
const isKnown = ({ id }: AnyStory): boolean => (STORIES as readonly string[]).includes(id);

/** The rows to recompute from: all of them, or where these are too many those of the sample. */
async function historyFor(
  raw: RawLake,
  fresh: readonly ColumnId[],
  users: readonly string[],
  ofRows: number,
  { mostRows }: VerifyOptions,
): Promise<{ history: History; columns: ColumnId[]; unverified: Unverified[] }> {
  if (ofRows <= mostRows) return { history: await wholeHistory(raw), columns: [...fresh], unverified: [] };
  const unverified: Unverified[] = [];
  const leave = (columns: readonly ColumnId[], may: readonly string[], why: string) => {
    for (const column of columns)
      if (!may.includes(column.story)) unverified.push({ column: columnName(column), why });
    return columns.filter(({ story }) => may.includes(story));
  };
  const most = `more than --rows ${withCommas(mostRows)}`;
  const columns = leave(fresh, OF_ONE_USER, `it takes all ${withCommas(ofRows)} rows of the lake, ${most}`);
  const { history, own, rows } = await sampleHistory(raw, users, mostRows);
  if (history !== undefined) return { history, columns, unverified };
  const nameless = leave(
    columns,
    NAMELESS,
    `its names are decided by ${withCommas(rows)} rows of others, ${most}`,
  );
  return { history: own, columns: nameless, unverified };
}

/** What the oracle says, by column, then user. */
function recompute(
  history: History,
  columns: readonly ColumnId[],
  options: OracleOptions,
): Map<string, Map<string, unknown>> {
  const expected = new Map(columns.map((column) => [columnName(column), new Map<string, unknown>()]));
  const years = oracle(history, options);
  for (const [user, row] of years)
    for (const [column, value] of Object.entries(row)) expected.get(column)?.set(user, value);
  for (const period of new Set(columns.map((column) => column.period))) {
    const decade: Period | undefined = parsePeriod(period);
    if (decade === undefined) continue;
    for (const [user, row] of decadeOracle(history, options, decade, years)) {
      for (const [story, value] of Object.entries(row))
        expected.get(columnName({ story, period }))?.set(user, value);
    }
  }
  return expected;
}

type Compared = Pick<VerifyResult, 'values' | 'differences'>;

/** Every value of every column, those of users that the lake does not have too. */
async function compareAll(
  { store }: Workspace,
  columns: readonly ColumnId[],
  expected: ReadonlyMap<string, ReadonlyMap<string, unknown>>,
): Promise<Compared> {
  const found: ColumnDifference[] = [];
  let values = 0;
  for (const id of columns) {
    const column = columnName(id);
    const left = new Map(expected.get(column));
    for await (const rows of store.values(id)) {
      for (const { user_id: user, value } of rows) {
        values += 1;
        for (const one of differences(value, left.get(user))) found.push({ user, column, ...one });
        left.delete(user);
      }
    }
    values += left.size;
    for (const [user, value] of left)
      for (const one of differences(undefined, value)) found.push({ user, column, ...one });
  }
  return { values, differences: found };
}

/** The rows of some users. */
async function compareSome(
  { store }: Workspace,
  columns: readonly ColumnId[],
  expected: ReadonlyMap<string, ReadonlyMap<string, unknown>>,
  users: readonly string[],
): Promise<Compared> {
  const found: ColumnDifference[] = [];
  let values = 0;
  for (const user of users) {
    const stored = (await store.row(user))?.columns ?? {};
    for (const column of columns.map(columnName)) {
      const value = expected.get(column)?.get(user);
      if (value !== undefined || stored[column] !== undefined) values += 1;
      for (const one of differences(stored[column], value)) found.push({ user, column, ...one });
    }
  }
  return { values, differences: found };
}

/** `why (12 columns)`, … */
function reasons(unverified: readonly Unverified[]): string {
  const counts = new Map<string, number>();
  for (const { why } of unverified) counts.set(why, (counts.get(why) ?? 0) + 1);
  if (counts.size === 0) return 'it is empty';
  return [...counts]
    .map(([why, columns]) => `${why} (${columns} column${columns === 1 ? '' : 's'})`)
    .join('; ');
}
