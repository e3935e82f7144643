import { Command } from 'commander';
import { lengthOf, type Period, periodName } from '../decade/period.ts';
import { type DecadePlan, isDecadeToDo, planDecade } from '../decade/plan.ts';
import { type DecadeOutcome, runDecade } from '../decade/run.ts';
import { columnOf } from '../store/store.ts';
import { listYears } from '../years.ts';
import { computing } from './computing.ts';
import { chooseStories, onePeriod, places, several, withLake } from './options.ts';
import { print, printJson, say, talkColors } from './output.ts';
import { withComputeOptions } from './run.ts';
import { howOf, type RunCommandOptions } from './run-stories.ts';

interface Options extends RunCommandOptions {
  readonly years?: Period;
  readonly stories?: string[];
  readonly partial?: true;
}

export const decadeCommand = (): Command =>
  withComputeOptions(
    withLake(
      new Command('decade')
        .description("reduce the yearly columns of every story to a decade's")
        .option(
          '--years <a-b>',
          'such as 2010-2019 (default: the ten years that end with the newest of the lake)',
          onePeriod,
        )
        .option(
          '--stories <ids|dir>',
          "stories such as a,b; or a folder of one's own, added to all (may be given several times)",
          several,
        )
        .option(
          '--partial',
          'take the years that there are, where some are missing, stale or cut in another way',
        ),
    ),
  )
    .addHelpText(
      'after',
      `
Years that the lake has no plays of count as zero. Where totals are gone, rankings are bounds and say so.

Examples:
  $ wrapped run-all && wrapped decade
  $ wrapped decade --years 2010-2019 --stories top-artist,top-track
  $ wrapped decade --partial
  $ wrapped show me --decade`,
    )
    .action(async (options: Options) => {
      const place = await places(options);
      const stories = await chooseStories(options.stories ?? [], place.storiesFolder);
      await computing(place, options, async ({ workspace, hooks, done }) => {
        const wanted = { stories, period: options.years, partial: options.partial };
        if (options.dryRun) return printPlan(await planDecade(workspace, wanted), options);
        const { plan, outcomes, published, phases } = await runDecade(workspace, {
          ...wanted,
          ...hooks,
          ...howOf(options),
        });
        done(outcomes, published, phases);
        sayWhatItCovers(plan, outcomes);
      });
    });

function sayWhatItCovers({ period: asked, years }: DecadePlan, outcomes: readonly DecadeOutcome[]): void {
  const { dim, yellow } = talkColors();
  const name = periodName(asked);
  const there = outcomes.filter((outcome) => outcome.years !== undefined);
  if (there.length === 0) return;
  if (years.length < lengthOf(asked))
    say(dim(`${name} covers ${listYears(years)}: the lake has no plays of its other years`));
  const idOf = ({ column }: DecadeOutcome) => columnOf(column).story;
  for (const outcome of there) {
    if (outcome.without !== undefined)
      say(yellow(`${idOf(outcome)} is partial: without ${listYears(outcome.without)}`));
  }
  const inexact = there.filter(({ exact }) => !exact);
  if (inexact.length > 0) {
    say(
      yellow(
        `bounds instead of sums: ${inexact.map(idOf).join(', ')}; totals are gone, and \`wrapped run-all --years ${name} --force\` makes them again`,
      ),
    );
  }
}

function printPlan(plan: DecadePlan, options: { readonly force?: true; readonly json?: true }): void {
  for (const column of plan.columns) {
    const { story, period: name, state, why, years, without, exact } = column;
    const compute = isDecadeToDo(column, options.force);
    if (options.json) {
      printJson({
        column: `${story.id}#${name}`,
        state,
        why: why ?? null,
        compute,
        years: years.map(({ year }) => year),
        without,
        exact,
      });
    } else {
      const of = compute ? ` of ${listYears(years.map(({ year }) => year))}${exact ? '' : ', bounds'}` : '';
      print(`${story.id}#${name}  ${state.replace('-', ' ')}${of}${why === undefined ? '' : ` (${why})`}`);
    }
  }
  const todo = plan.columns.filter((column) => isDecadeToDo(column, options.force)).length;
  if (!options.json) print(`\n${todo} of ${plan.columns.length} columns to compute. Nothing was touched.`);
}
