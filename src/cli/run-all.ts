import { Command } from 'commander';
import { manyYears, several, withLake, withMouthful } from './options.ts';
import { withComputeOptions } from './run.ts';
import { type RunCommandOptions, runStories } from './run-stories.ts';

export const runAllCommand = (): Command =>
  withMouthful(
    withComputeOptions(
      withLake(
        new Command('run-all')
          .description('compute every story of every year that is missing or stale')
          .option(
            '--years <years>',
            'such as 2019, 2010-2019 or 2010,2012-2014 (default: all that the lake has)',
            manyYears,
          )
          .option(
            '--stories <ids|dir>',
            "stories such as a,b; or a folder of one's own, added to all (may be given several times)",
            several,
          ),
      ),
    ),
  )
    .addHelpText(
      'after',
      `
Examples:
  $ wrapped run-all --parallel 8
  $ wrapped run-all --years 2010-2019 --stories top-artist,top-track
  $ wrapped run-all --stories ./my-stories
  $ wrapped run-all --dry-run`,
    )
    .action(async (options: RunCommandOptions & { years?: number[]; stories?: string[] }) => {
      await runStories({ ...options, stories: options.stories ?? [] });
    });
