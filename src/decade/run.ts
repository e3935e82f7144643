import pLimit from 'p-limit';
import { publishColumn } from '../engine/publish.ts';
import {
  allDone,
  DEFAULT_PARALLEL,
  fail,
  inSession,
  type Outcome,
  type RunEvent,
  skip,
} from '../engine/run.ts';
import type { Workspace } from '../engine/workspace.ts';
import { messageOf } from '../error.ts';
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

export interface DecadeRunOptions extends DecadeOptions {
  /** Compute what is fresh too. */
  readonly force?: boolean | undefined;
  /** How many stories are computed at once. Default 4. */
  readonly parallel?: number | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DecadeResult {
  readonly plan: DecadePlan;
  /** By story. */
  readonly outcomes: readonly DecadeOutcome[];
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
  const plan = await planDecade(workspace, options);
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

  const limit = pLimit(Math.max(1, options.parallel ?? DEFAULT_PARALLEL));
  await allDone(
    plan.columns.map((planned) =>
      limit(async () => {
        const { story, period } = planned;
        if (!isDecadeToDo(planned, options.force))
          return settle(planned, await leave(workspace, planned, isEmpty));
        emit({ kind: 'story', story: story.id, periods: [period] });
        settle(planned, await computeAndPublish(workspace, planned, plan, options.signal));
        emit({ kind: 'story-done', story: story.id, periods: [period] });
      }),
    ),
  );
  outcomes.sort((a, b) => (a.column < b.column ? -1 : 1));
  return { plan, outcomes };
}

const nameOf = ({ story, period }: PlannedDecade) => ({ story: story.id, period });

async function leave(workspace: Workspace, planned: PlannedDecade, isEmpty: boolean): Promise<Outcome> {
  const { state, entry, from, why = '' } = planned;
  const column = columnName(nameOf(planned));
  if (state === 'left-out' || (state === 'not-applicable' && isEmpty)) {
    return { column, status: 'skipped', reason: why };
  }
  if (state === 'refused') return { column, status: 'failed', reason: why };
  if (state === 'not-applicable') return skip(workspace, nameOf(planned), from, why, entry);
  if (planned.isInStoreAlone) return { column, status: 'unchanged', rows: entry?.written?.rows ?? 0 };
  return publishColumn(workspace, nameOf(planned), entry);
}

async function computeAndPublish(
  workspace: Workspace,
  planned: PlannedDecade,
  { period }: DecadePlan,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  try {
    const scratch = await workspace.scratch();
    const made = await inSession(workspace, signal, (session) =>
      computeDecade(session, planned, contextOf(workspace, period, planned), scratch),
    );
    const entry = await workspace.work.put(made);
    const published = await publishColumn(workspace, nameOf(planned), entry);
    return published.status === 'failed' ? published : { ...published, status: 'written' };
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
