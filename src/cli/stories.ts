import { Command } from 'commander';
import { describeType } from '../story/index.ts';
import { chooseStories, places, several, withConfig } from './options.ts';
import { print, printJson, talkColors } from './output.ts';

interface Options {
  readonly stories?: string[];
  readonly config?: string;
  readonly json?: true;
}

export const storiesCommand = (): Command =>
  withConfig(new Command('stories'))
    .description('list the stories: what each counts')
    .option(
      '--stories <dir>',
      "a folder of one's own stories, listed too; may be given several times",
      several,
    )
    .option('--json', 'a line of JSON per story: id, version, title, summary, reads, needs, column, decade')
    .addHelpText(
      'after',
      '\nExamples:\n  $ wrapped stories\n  $ wrapped stories --json\n  $ wrapped stories --stories ./my-stories',
    )
    .action(async (options: Options) => {
      const { storiesFolder } = await places(options);
      const stories = await chooseStories(options.stories ?? [], storiesFolder);
      if (options.json) {
        for (const { id, version, title, summary, reads, needs, column, decade } of stories) {
          printJson({
            id,
            version,
            title,
            summary,
            reads,
            needs: needs ?? [],
            column: describeType(column),
            decade: typeof decade === 'object' ? describeType(decade.column) : null,
          });
        }
        return;
      }
      const width = Math.max(...stories.map(({ id }) => id.length));
      const { bold } = talkColors();
      for (const { id, summary, needs } of stories) {
        print(
          `${bold(id.padEnd(width))}  ${summary}${needs === undefined ? '' : ` (needs ${needs.join(', ')})`}`,
        );
      }
    });
