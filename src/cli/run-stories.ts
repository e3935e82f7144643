import { makePlan } from '../engine/plan.ts';
import { run } from '../engine/run.ts';
import { listYears } from '../years.ts';
import { computing } from './computing.ts';
import { chooseStories, type PlaceOptions, places } from './options.ts';
import { say } from './output.ts';
import { printPlan } from './print-plan.ts';

/** What `run`, `run-all` and `decade` share. */
export interface RunCommandOptions extends PlaceOptions {
  readonly parallel?: number;
  readonly publish?: boolean;
  readonly writeUnits?: number;
  readonly giveUpAfter?: number;
  readonly force?: true;
  readonly dryRun?: true;
  readonly profile?: true;
  readonly json?: true;
}

/** How a run goes about it, as its options say. */
export const howOf = ({ parallel, publish, writeUnits, giveUpAfter, force }: RunCommandOptions) => ({
  parallel,
  publish,
  writeUnits,
  giveUpAfter,
  force,
});

/** Plans or runs stories, and prints what came of it. */
export async function runStories(
  options: RunCommandOptions & { readonly stories: readonly string[]; readonly years?: readonly number[] },
): Promise<void> {
  const place = await places(options);
  const stories = await chooseStories(options.stories, place.storiesFolder);
  await computing(place, options, async ({ workspace, hooks, done }) => {
    const chosen = { stories, years: options.years, force: options.force };
    if (options.dryRun) return printPlan(workspace, await makePlan(workspace, chosen), options);
    const { outcomes, without, published, phases } = await run(workspace, {
      ...chosen,
      ...hooks,
      ...howOf(options),
    });
    done(outcomes, published, phases);
    if (without.length > 0) say(`the lake has no plays of ${listYears(without)}`);
  });
}
