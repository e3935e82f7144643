import { Command } from 'commander';
import { DEFAULT_PARALLEL } from '../engine/run.ts';
import { oneYear, several, wholeNumber, withBounds, withLake, withMouthful, withPace } from './options.ts';
import { type RunCommandOptions, runStories } from './run-stories.ts';

export const runCommand = (): Command =>
  withMouthful(
    withComputeOptions(
      withLake(
        new Command('run')
          .description("compute one story's column of one year")
          .requiredOption('--story <id>', 'the story')
          .requiredOption('--year <year>', 'the year', oneYear),
      ),
    ),
  )
    .option('--stories <dir>', "a folder of one's own stories, beside those there are", several)
    .addHelpText(
      'after',
      '\nExamples:\n  $ wrapped run --story top-artist --year 2019\n  $ wrapped run --story top-artist --year 2019 --force',
    )
    .action(async (options: RunCommandOptions & { story: string; year: number; stories?: string[] }) => {
      await runStories({
        ...options,
        stories: [...(options.stories ?? []), options.story],
        years: [options.year],
      });
    });

/** The options of `run`, `run-all` and `decade`. */
export const withComputeOptions = (command: Command): Command =>
  withPace(withBounds(command))
    .option(
      '--parallel <n>',
      `totals and stories computed at once (default: ${DEFAULT_PARALLEL})`,
      wholeNumber,
    )
    .option(
      '--no-publish',
      'leave columns in the working folder; `wrapped publish` brings them into the store',
    )
    .option('--force', 'compute what is fresh too')
    .option('--dry-run', 'print the plan, and touch nothing')
    .option('--profile', 'print where the time went: phases with rows, bytes and seconds')
    .option('--json', 'a line of JSON per column: column, status, rows, reason');
