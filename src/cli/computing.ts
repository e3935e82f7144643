import type { Outcome, RunEvent } from '../engine/outcome.ts';
import type { Phase } from '../engine/phases.ts';
import type { Published } from '../engine/publish.ts';
import { type Workspace, type WorkspaceOptions, withWorkspace } from '../engine/workspace.ts';
import { columnName } from '../store/store.ts';
import { Interrupted, interruptible } from './interrupt.ts';
import { plural, printJson } from './output.ts';
import { showProgress } from './progress.ts';
import { report } from './report.ts';

/** What a command that makes columns is given beside its workspace. */
export interface Doing {
  /** Hand these on to the run. */
  readonly hooks: { readonly signal: AbortSignal; readonly onEvent: (event: RunEvent) => void };
  /** Ends the display of progress, and says what became of the columns. */
  readonly done: (
    outcomes: readonly Outcome[],
    published: Published | undefined,
    phases?: readonly Phase[],
  ) => void;
}

interface DoingOptions {
  readonly json?: boolean | undefined;
  readonly profile?: boolean | undefined;
  readonly force?: boolean | undefined;
}

/** Computes columns in a workspace; see {@link doing}. */
export const computing = (
  place: WorkspaceOptions,
  options: DoingOptions & { readonly publish?: boolean | undefined },
  work: (computing: Doing & { readonly workspace: Workspace }) => Promise<void>,
): Promise<void> =>
  doing(options, (begin) =>
    withWorkspace(place, (workspace) => {
      const { store, work: folder } = workspace;
      return begin((options.publish === false ? folder : store).name, (how) => work({ ...how, workspace }));
    }),
  );

/** Begins, where the store is open. */
type Begin = (store: string, work: (how: Doing) => Promise<void>) => Promise<void>;

/** Does something to columns, with progress on stderr, outcomes as JSON lines if asked for, and a stop at the first Ctrl-C. */
export async function doing(
  { json = false, profile = false, force = false }: DoingOptions,
  open: (begin: Begin) => Promise<void>,
): Promise<void> {
  const started = performance.now();
  const { sayProfile } = profile ? await import('./profile.ts') : {};
  await interruptible((signal) =>
    open(async (store, work) => {
      const progress = await showProgress();
      const reached = new Reached();
      const onEvent = (event: RunEvent) => {
        progress.on(event);
        reached.on(event);
        if (json && event.kind === 'column') printJson(event.outcome);
      };
      const done: Doing['done'] = (outcomes, published, phases = []) => {
        progress.stop();
        const seconds = (performance.now() - started) / 1000;
        report(outcomes, { seconds, store, json, published });
        sayProfile?.(phases, { seconds, json });
      };
      try {
        await work({ hooks: { signal, onEvent }, done });
      } catch (error) {
        // All that was going on has ended by now: what is done stays so.
        if (!(error instanceof Interrupted)) throw error;
        const hint = force ? 'With --force the same command begins again.' : undefined;
        throw new Interrupted(`interrupted; ${reached.tell()}`, hint);
      } finally {
        progress.stop();
      }
    }),
  );
}

/** How far a run has come, for whoever interrupts it. */
class Reached {
  #columns: number | undefined;
  readonly #done = new Set<string>();
  readonly #failed = new Set<string>();
  #sent: number | undefined;

  on(event: RunEvent): void {
    if (event.kind === 'plan') this.#columns = event.columns;
    if (event.kind === 'publish') this.#sent = 0;
    if (event.kind === 'sent') this.#sent = event.tally.rows;
    // Columns for a table are told of when they are sent: those that are computed are kept all the same.
    if (event.kind === 'story-done')
      for (const period of event.periods) this.#done.add(columnName({ story: event.story, period }));
    if (event.kind === 'column')
      (event.outcome.status === 'failed' ? this.#failed : this.#done).add(event.outcome.column);
  }

  tell(): string {
    if (this.#columns === undefined) return 'nothing was begun';
    if (this.#sent !== undefined)
      return `${plural(this.#sent, 'row')} of the publish were sent, and are not sent again`;
    for (const column of this.#failed) this.#done.delete(column);
    const left = this.#columns - this.#done.size;
    return `${this.#done.size} of ${plural(this.#columns, 'column')} are done, ${left} are left`;
  }
}
