import type { Outcome, RunEvent } from '../engine/run.ts';
import { type Workspace, type WorkspaceOptions, withWorkspace } from '../engine/workspace.ts';
import { interruptible } from './interrupt.ts';
import { printJson } from './output.ts';
import { showProgress } from './progress.ts';
import { report } from './report.ts';

/** What a command that computes columns is given. */
interface Computing {
  readonly workspace: Workspace;
  /** Hand these on to the run. */
  readonly hooks: { readonly signal: AbortSignal; readonly onEvent: (event: RunEvent) => void };
  /** Ends the display of progress, and says what became of the columns. */
  readonly done: (outcomes: readonly Outcome[]) => void;
}

/** Computes columns in a workspace, with progress on stderr, outcomes as JSON lines if asked for, and a stop at the first Ctrl-C. */
export async function computing(
  place: WorkspaceOptions,
  { json = false }: { readonly json?: boolean | undefined },
  work: (computing: Computing) => Promise<void>,
): Promise<void> {
  const started = performance.now();
  await interruptible((signal) =>
    withWorkspace(place, async (workspace) => {
      const progress = showProgress();
      const onEvent = (event: RunEvent) => {
        progress.on(event);
        if (json && event.kind === 'column') printJson(event.outcome);
      };
      const done = (outcomes: readonly Outcome[]) => {
        progress.stop();
        report(outcomes, {
          seconds: (performance.now() - started) / 1000,
          store: workspace.store.name,
          json,
        });
      };
      try {
        await work({ workspace, hooks: { signal, onEvent }, done });
      } finally {
        progress.stop();
      }
    }),
  );
}
