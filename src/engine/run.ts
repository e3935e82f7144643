import pLimit from 'p-limit';
import { allDone } from '../all-done.ts';
import { WrappedError } from '../error.ts';
import { checkFiles, whyUnreadable } from '../lake/broken-files.ts';
import { checkKeys } from '../lake/keys.ts';
import { type PlaysFile, partitionYears } from '../lake/lake.ts';
import type { Session } from '../sql/database.ts';
import { inSession } from '../sql/stoppable.ts';
import { columnName, columnOf } from '../store/store.ts';
import type { AnyStory } from '../story/index.ts';
import { sameIn } from '../totals/identity.ts';
import { type ColumnTask, type Computing, computeColumns } from './compute.ts';
import { takeOutForgotten } from './forget.ts';
import { withoutForgotten } from './forgotten.ts';
import { fail, type Outcome, type RunEvent, skip, unchanged } from './outcome.ts';
import { type Phase, Phases, secondsSince } from './phases.ts';
import { isToDo, makePlan, type PlannedColumn, type PlannedYear, type PlanOptions } from './plan.ts';
import { type Published, Publishing, type PublishingOptions } from './publish.ts';
import { reasonOf } from './too-large.ts';
import type { YearTotals } from './totals.ts';
import { tableFiles, type Workspace } from './workspace.ts';

export interface RunOptions
  extends PlanOptions,
    Pick<PublishingOptions, 'publish' | 'writeUnits' | 'giveUpAfter' | 'onEvent' | 'signal'> {
  /** How many totals or stories are computed at once. Default 4. */
  readonly parallel?: number | undefined;
}

export interface RunResult {
  /** By story, then year. */
  readonly outcomes: readonly Outcome[];
  /** Years that were asked for and that the lake has no plays of. */
  readonly without: readonly number[];
  /** What was sent to a remote store, if anything was. */
  readonly published: Published | undefined;
  /** Where the time went. */
  readonly phases: readonly Phase[];
}

/** Bytes of a year's plays whose grouping is a large one: some 25 million. */
const MANY_BYTES = 2 ** 30;

export const DEFAULT_PARALLEL = 4;

/** Years are computed together up to this many bytes of plays: one query for many small years, one year at a time where years are large. */
const BATCH_BYTES = 64 * 2 ** 20;

/**
 * Computes what is missing or stale, and puts it into the store. A story that fails takes no other with it: its column is `failed`, and
 * what was there stays. Safe to repeat and to interrupt: each column is committed by itself.
 * @throws WrappedError where nothing can start: the store can't be written, or a table of the lake has an id twice
 */
export async function run(workspace: Workspace, options: RunOptions): Promise<RunResult> {
  const phases = new Phases();
  const since = performance.now();
  const naming = async (cause: unknown) => {
    throw await whyUnreadable(workspace.session, tableFiles(workspace.lake), cause);
  };
  const plan = await makePlan(workspace, options).catch(naming);
  const emit = options.onEvent ?? (() => {});
  const outcomes: Outcome[] = [];
  const settle = (outcome: Outcome) => {
    outcomes.push(outcome);
    emit({ kind: 'column', outcome });
  };
  const columns = plan.years.flatMap((year) => year.columns);
  const all = [...plan.past, ...plan.years].sort((a, b) => a.year - b.year);
  const totals = all.filter((year) => year.missingTotals.length > 0).length;
  const bytes = all.flatMap(({ source }) => source.files).reduce((sum, file) => sum + file.bytes, 0);
  phases.add({ phase: 'plan', bytes, seconds: workspace.seconds + secondsSince(since) });
  emit({ kind: 'plan', columns: columns.length, totals });
  const todo = all.filter(
    (year) => year.missingTotals.length > 0 || year.columns.some((column) => isToDo(column, options.force)),
  );
  await (todo.length > 0 ? workspace.scratch() : workspace.tidy());
  if (totals > 0) await checkKeys(workspace.session, workspace.lake, workspace.tables).catch(naming);

  // What is computed anew need not be sent anew: that is for `publish` to be told.
  const publishing = new Publishing(workspace, { ...options, force: false }, settle);
  for (const column of columns) {
    const id = nameOf(column);
    if (column.state === 'not-applicable') {
      const outcome = await skip(workspace, id, column.from, column.why ?? '', column.entry);
      if (outcome.status === 'failed') settle(outcome);
      else publishing.add({ id, outcome });
    } else if (!isToDo(column, options.force)) publishing.add({ id, outcome: unchanged(id, column.entry) });
  }
  const due = columns.filter((column) => isToDo(column, options.force)).map(nameOf);
  const generations = await publishing.takeGenerations(due);

  /** Years whose totals could not be made, and what was thrown. */
  const broken = new Map<YearTotals, unknown>();
  const parallel = Math.max(1, options.parallel ?? DEFAULT_PARALLEL);
  const limit = pLimit(parallel);
  // Stories that are computed at once share the memory.
  const mouthful = workspace.budget.mouthful / parallel;
  for (const batch of batches(todo)) {
    const ready = await allDone(
      batch.map((year) =>
        limit(async () => {
          const due = year.columns.filter((column) => isToDo(column, options.force));
          try {
            await makeTotals(workspace, year, phases, emit, options.signal);
            return due.map((column): ColumnTask => ({ column, totals: year.totals }));
          } catch (error) {
            options.signal?.throwIfAborted();
            broken.set(year.totals, error);
            for (const column of due) settle(await fail(workspace, nameOf(column), column.from, error));
            return [];
          }
        }),
      ),
    );
    const tasks: ColumnTask[] = [];
    for (const task of ready.flat()) {
      const other = task.column.past.find((one) => broken.has(one));
      if (other === undefined) tasks.push(task);
      else {
        const why = new WrappedError(
          `totals of ${other.year}: ${reasonOf(broken.get(other), workspace.budget)}`,
        );
        settle(await fail(workspace, nameOf(task.column), task.column.from, why));
      }
    }
    await allDone(
      options.stories.map((story) =>
        limit(async () => {
          const own = tasks.filter(({ column }) => column.story === story);
          if (own.length === 0) return;
          const periods = own.map(({ column }) => String(column.year));
          emit({ kind: 'story', story: story.id, periods });
          for (const outcome of await compute(workspace, story, own, { mouthful, phases }, options.signal)) {
            if (outcome.status === 'failed') settle(outcome);
            else
              publishing.add({
                id: columnOf(outcome.column),
                outcome,
                generation: generations.get(outcome.column),
              });
          }
          emit({ kind: 'story-done', story: story.id, periods });
        }),
      ),
    );
  }
  await takeOutForgotten(workspace, workspace.forgotten);
  const published = await publishing.finish(phases);
  await takeOutForgotten(workspace, workspace.forgotten);
  outcomes.sort((a, b) => (a.column < b.column ? -1 : a.column > b.column ? 1 : 0));
  return { outcomes, without: plan.without, published, phases: phases.list() };
}

/** Consecutive years, together up to {@link BATCH_BYTES} of plays. */
function batches(years: readonly PlannedYear[]): PlannedYear[][] {
  const made: PlannedYear[][] = [];
  let room = 0;
  for (const year of years) {
    const { bytes } = year.totals;
    if (made.length === 0 || bytes > room) {
      made.push([]);
      room = BATCH_BYTES;
    }
    made.at(-1)?.push(year);
    room -= bytes;
  }
  return made;
}

async function makeTotals(
  workspace: Workspace,
  { year, source, totals, reads, missingTotals }: PlannedYear,
  phases: Phases,
  emit: (event: RunEvent) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (missingTotals.length > 0 && source.broken !== undefined) throw source.broken;
  const scratch = await workspace.scratch();
  const of = totals.parts;
  const unread = (await totals.unread(reads)).flatMap(({ files }) => files);
  const make = () =>
    readingPlays(workspace, unread, signal, async (session) =>
      totals.make({
        totals: reads,
        session,
        tables: workspace.tables,
        schema: workspace.years.schema,
        source: await withoutForgotten(session, source, unread, workspace.forgotten),
        scratch,
        phases,
        isAlone: workspace.isAlone,
        onStep: (files, mouthful) =>
          emit({ kind: 'totals', year, files, ...(mouthful !== undefined && of > 1 && { mouthful, of }) }),
      }),
    );
  // A year of this size is the only one of its batch.
  await (totals.bytes >= MANY_BYTES ? workspace.database.groupingMany(make) : make());
  emit({ kind: 'totals-done', year });
}

/** Does what reads these files of plays, and says which of them can't be read. */
const readingPlays = (
  workspace: Workspace,
  files: readonly PlaysFile[],
  signal: AbortSignal | undefined,
  work: (session: Session) => Promise<void>,
): Promise<void> =>
  inSession(workspace.database, signal, async (session) => {
    await checkFiles(session, files, workspace.years.schema.required);
    try {
      await work(session);
    } catch (cause) {
      signal?.throwIfAborted();
      throw await whyUnreadable(session, [...files, ...tableFiles(workspace.lake)], cause);
    }
  });

/** Computes a story's columns into the working folder. */
async function compute(
  workspace: Workspace,
  story: AnyStory,
  tasks: readonly ColumnTask[],
  how: Pick<Computing, 'mouthful' | 'phases'>,
  signal: AbortSignal | undefined,
): Promise<Outcome[]> {
  try {
    const scratch = await workspace.scratch();
    const made = await inSession(workspace.database, signal, (session) =>
      computeColumns(session, story, tasks, {
        ...how,
        scratch,
        same: sameIn(workspace.years.schema.identity),
        since: partitionYears(workspace.lake)[0] ?? 0,
      }),
    );
    const outcomes: Outcome[] = [];
    for (const column of made) {
      const { written } = await how.phases.timed({ phase: 'columns' }, () => workspace.work.put(column));
      outcomes.push({ column: columnName(column), status: 'written', rows: written?.rows ?? 0 });
    }
    return outcomes;
  } catch (error) {
    signal?.throwIfAborted();
    const [only] = tasks;
    if (tasks.length === 1 && only !== undefined)
      return [await fail(workspace, nameOf(only.column), only.column.from, error)];
    const alone: Outcome[] = [];
    for (const task of tasks) alone.push(...(await compute(workspace, story, [task], how, signal)));
    return alone;
  }
}

const nameOf = ({ story, year }: PlannedColumn) => ({ story: story.id, period: String(year) });
