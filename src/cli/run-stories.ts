import { makePlan } from '../engine/plan.ts';
import { type RunResult, run } from '../engine/run.ts';
import { openWorkspace } from '../engine/workspace.ts';
import { listYears } from '../years.ts';
import { interruptible } from './interrupt.ts';
import { chooseStories, type PlaceOptions, places } from './options.ts';
import { duration, plural, print, printJson, say, talkColors } from './output.ts';
import { printPlan } from './print-plan.ts';
import { showProgress } from './progress.ts';

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
      report(result, (performance.now() - started) / 1000, options.json === true, workspace.store.name);
    } finally {
      progress.stop();
      await workspace.close();
    }
  });
}

function report({ outcomes, without }: RunResult, seconds: number, json: boolean, store: string): void {
  const of = (status: string) => outcomes.filter((outcome) => outcome.status === status);
  const failed = of('failed');
  const skipped = of('skipped');
  if (failed.length > 0) process.exitCode = 1;
  const parts = (['written', 'unchanged', 'skipped', 'failed'] as const)
    .map((status) => [of(status).length, status] as const)
    .filter(([number]) => number > 0)
    .map(([number, status]) => `${number} ${status}`);
  const summary = `${plural(outcomes.length, 'column')} in ${store}: ${parts.join(', ')} (${duration(seconds)})`;
  if (json) say(summary);
  else print(summary);
  const { red, dim } = talkColors();
  if (without.length > 0) say(`the lake has no plays of ${listYears(without)}`);
  for (const [reason, columns] of byReason(skipped)) say(dim(`skipped ${columns}: ${reason}`));
  for (const [reason, columns] of byReason(failed)) say(`${red('failed')} ${columns}: ${reason}`);
}

/** `top-genre 2010–2014, 2016` by the reason that these columns share. */
function byReason(outcomes: RunResult['outcomes']): Map<string, string> {
  const reasons = new Map<string, Map<string, number[]>>();
  for (const { column, reason = '' } of outcomes) {
    const [story = '', year] = column.split('#');
    const stories = reasons.get(reason) ?? new Map<string, number[]>();
    stories.set(story, [...(stories.get(story) ?? []), Number(year)]);
    reasons.set(reason, stories);
  }
  return new Map(
    [...reasons].map(([reason, stories]) => [
      reason,
      [...stories].map(([story, years]) => `${story} ${listYears(years)}`).join(', '),
    ]),
  );
}
