import { makePlan } from '../engine/plan.ts';
import { run } from '../engine/run.ts';
import { openWorkspace } from '../engine/workspace.ts';
import { listYears } from '../years.ts';
import { interruptible } from './interrupt.ts';
import { chooseStories, type PlaceOptions, places } from './options.ts';
import { printJson, say } from './output.ts';
import { printPlan } from './print-plan.ts';
import { showProgress } from './progress.ts';
import { report } from './report.ts';

/** What `run` and `run-all` share. */
export interface RunCommandOptions extends PlaceOptions {
  readonly parallel?: number;
  readonly force?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** Plans or runs stories, and prints what came of it. */
export async function runStories(
  options: RunCommandOptions & { readonly stories: readonly string[]; readonly years?: readonly number[] },
): Promise<void> {
  const place = await places(options);
  const stories = await chooseStories(options.stories, place.storiesFolder);
  const started = performance.now();
  await interruptible(async (signal) => {
    const workspace = await openWorkspace(place);
    const progress = showProgress();
    try {
      if (options.dryRun) {
        printPlan(
          workspace,
          await makePlan(workspace, { stories, years: options.years, force: options.force }),
          options,
        );
        return;
      }
      const result = await run(workspace, {
        stories,
        years: options.years,
        parallel: options.parallel,
        force: options.force,
        signal,
        onEvent(event) {
          progress.on(event);
          if (options.json && event.kind === 'column') printJson(event.outcome);
        },
      });
      progress.stop();
      const seconds = (performance.now() - started) / 1000;
      if (result.without.length > 0) say(`the lake has no plays of ${listYears(result.without)}`);
      report(result.outcomes, { seconds, store: workspace.store.name, json: options.json === true });
    } finally {
      progress.stop();
      await workspace.close();
    }
  });
}
