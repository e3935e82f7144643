import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { allDone } from '../all-done.ts';
import { takeOutForgotten } from '../engine/forget.ts';
import { fail, type Outcome, skip, unchanged } from '../engine/outcome.ts';
import { type Phase, Phases, secondsSince } from '../engine/phases.ts';
import { type Published, Publishing, type PublishingOptions } from '../engine/publish.ts';
import { DEFAULT_PARALLEL } from '../engine/run.ts';
import type { Workspace } from '../engine/workspace.ts';
import { messageOf } from '../error.ts';
import { inSession } from '../sql/stoppable.ts';
import { columnName } from '../store/store.ts';
import { computeDecade } from './compute.ts';
import {
  contextOf,
  type DecadeOptions,
  type DecadePlan,
  holdsSums,
  isDecadeToDo,
  type PlannedDecade,
  planDecade,
} from './plan.ts';

export interface DecadeRunOptions
  extends DecadeOptions,
    Pick<PublishingOptions, 'publish' | 'writeUnits' | 'giveUpAfter' | 'onEvent' | 'signal'> {
  /** Compute what is fresh too. */
  readonly force?: boolean | undefined;
  /** How many stories are computed at once. Default 4. */
  readonly parallel?: number | undefined;
  /** So many rows of totals are added up at once. Default 16 million. */
  readonly rowsAtOnce?: number | undefined;
}

export interface DecadeResult {
  readonly plan: DecadePlan;
  /** By story. */
  readonly outcomes: readonly DecadeOutcome[];
  /** What was sent to a remote store, if anything was. */
  readonly published: Published | undefined;
  /** Where the time went. */
  readonly phases: readonly Phase[];
}

/** What became of one story's decade, and of a column that is there what it is made of. */
export interface DecadeOutcome extends Outcome {
  readonly years?: readonly number[];
  /** Years that the lake has plays of and that it goes without. */
  readonly without?: readonly number[];
  /** Sums, and not bounds. */
  readonly exact?: boolean;
}

/**
 * Reduces the yearly columns of stories to a decade's, and puts them into the store. A story that is refused or fails takes no other
 * with it, and what was there stays. Safe to repeat and to interrupt, as a run is.
 * @throws WrappedError where nothing can start: the lake has no plays of these years, or the store can't be written
 */
export async function runDecade(workspace: Workspace, options: DecadeRunOptions): Promise<DecadeResult> {
  const phases = new Phases();
  const since = performance.now();
  const plan = await planDecade(workspace, options);
  phases.add({ phase: 'plan', seconds: workspace.seconds + secondsSince(since) });
  const emit = options.onEvent ?? (() => {});
  const outcomes: DecadeOutcome[] = [];
  const settle = (planned: PlannedDecade, { status, ...rest }: Outcome) => {
    const isThere = status === 'written' || status === 'unchanged';
    const { without } = planned;
    const made = {
      years: planned.years.map(({ year }) => year),
      ...(without.length > 0 && { without }),
      exact: holdsSums(planned),
    };
    const outcome: DecadeOutcome = { ...rest, status, ...(isThere && made) };
    outcomes.push(outcome);
    emit({ kind: 'column', outcome });
  };
  emit({ kind: 'plan', columns: plan.columns.length, totals: 0 });
  if (plan.columns.some((column) => isDecadeToDo(column, options.force))) await workspace.scratch();
  // Nothing is noted in a store that has no decade and gets none, such as one whose name was misspelt.
  const isEmpty = plan.columns.every((one) => one.entry === undefined && !isDecadeToDo(one, options.force));

  const byColumn = new Map(plan.columns.map((planned) => [columnName(nameOf(planned)), planned]));
  const publishing = new Publishing(workspace, { ...options, force: false }, (outcome) =>
    settle(byColumn.get(outcome.column) as PlannedDecade, outcome),
  );
  const due = plan.columns.filter((planned) => isDecadeToDo(planned, options.force));
  const generations = await publishing.takeGenerations(due.map(nameOf));
  const fetched = await fetchYears(workspace, due, phases, options.signal);

  const limit = pLimit(Math.max(1, options.parallel ?? DEFAULT_PARALLEL));
  await allDone(
    plan.columns.map((planned) =>
      limit(async () => {
        const { story, period } = planned;
        if (!due.includes(planned)) return leave(workspace, planned, isEmpty, publishing, settle);
        emit({ kind: 'story', story: story.id, periods: [period] });
        const outcome = await compute(workspace, planned, plan, fetched, phases, options);
        if (outcome.status === 'failed') settle(planned, outcome);
        else publishing.add({ id: nameOf(planned), outcome, generation: generations.get(outcome.column) });
        emit({ kind: 'story-done', story: story.id, periods: [period] });
      }),
    ),
  );
  await takeOutForgotten(workspace, workspace.forgotten);
  const published = await publishing.finish(phases);
  await takeOutForgotten(workspace, workspace.forgotten);
  await rm(scansOf(workspace), { recursive: true, force: true });
  outcomes.sort((a, b) => (a.column < b.column ? -1 : 1));
  return { plan, outcomes, published, phases: phases.list() };
}

const nameOf = ({ story, period }: PlannedDecade) => ({ story: story.id, period });

/** What a store that keeps no files was read into, so that a read that was cut off goes on. */
const scansOf = ({ work }: Workspace): string => join(work.dir, 'scans');

/** Yearly columns that the working folder has not, out of the store's rows: all in one read of them. */
async function fetchYears(
  workspace: Workspace,
  due: readonly PlannedDecade[],
  phases: Phases,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const { store, work } = workspace;
  const columns = due
    .flatMap(({ years }) => years)
    .filter((year) => year.store !== work)
    .map(({ entry: { story, period } }) => ({ story, period }));
  if (columns.length === 0) return new Map();
  const files = await phases.timed({ phase: 'fetch' }, () =>
    store.files(columns, scansOf(workspace), signal),
  );
  return new Map(columns.map((column, index) => [columnName(column), files[index] as string]));
}

async function leave(
  workspace: Workspace,
  planned: PlannedDecade,
  isEmpty: boolean,
  publishing: Publishing,
  settle: (planned: PlannedDecade, outcome: Outcome) => void,
): Promise<void> {
  const { state, entry, from, why = '' } = planned;
  const id = nameOf(planned);
  const column = columnName(id);
  if (state === 'left-out' || (state === 'not-applicable' && isEmpty))
    return settle(planned, { column, status: 'skipped', reason: why });
  if (state === 'refused') return settle(planned, { column, status: 'failed', reason: why });
  if (state === 'not-applicable') {
    const outcome = await skip(workspace, id, from, why, entry);
    return outcome.status === 'failed' ? settle(planned, outcome) : publishing.add({ id, outcome });
  }
  if (planned.isInStoreAlone) return settle(planned, unchanged(id, entry));
  publishing.add({ id, outcome: unchanged(id, entry) });
}

async function compute(
  workspace: Workspace,
  planned: PlannedDecade,
  { period }: DecadePlan,
  fetched: ReadonlyMap<string, string>,
  phases: Phases,
  { signal, rowsAtOnce }: DecadeRunOptions,
): Promise<Outcome> {
  try {
    const scratch = await workspace.scratch();
    const made = await inSession(workspace.database, signal, (session) =>
      computeDecade(
        session,
        planned,
        { context: contextOf(workspace, period, planned), fetched, rowsAtOnce },
        scratch,
        phases,
      ),
    );
    const { written } = await phases.timed({ phase: 'columns' }, () => workspace.work.put(made));
    return { column: columnName(made), status: 'written', rows: written?.rows ?? 0 };
  } catch (error) {
    signal?.throwIfAborted();
    return fail(workspace, nameOf(planned), planned.from, damaged(workspace, planned, error) ?? error);
  }
}

/** The error for a year's column whose file can't be read; undefined where it is another. */
function damaged({ work }: Workspace, { years }: PlannedDecade, error: unknown): Error | undefined {
  const [message = ''] = messageOf(error).split('\n');
  const year = years.find(
    ({ entry: { written } }) => written !== undefined && message.includes(work.path(written)),
  );
  if (year === undefined) return undefined;
  const { story } = year.entry;
  return new Error(
    `column ${columnName(year.entry)} can't be read: ${message}; compute it anew with \`wrapped run --story ${story} --year ${year.year} --force\``,
  );
}
