import { dirname, relative } from 'node:path';
import { Command, Option } from 'commander';
import picocolors from 'picocolors';
import { pickStories } from '../engine/stories.ts';
import { byGroup, explain } from '../story/index.ts';
import { newStory } from './new-story/new-story.ts';
import { chooseStories, places, several, withConfig } from './options.ts';
import { colorful, print, printJson, say, terminalWidth } from './output.ts';

interface Options {
  readonly stories?: string[];
  readonly explain?: string;
  readonly new?: string;
  readonly config?: string;
  readonly json?: true;
}

export const storiesCommand = (): Command =>
  withConfig(new Command('stories'))
    .description('list the stories by group: what each counts')
    .option(
      '--stories <dir>',
      "a folder of one's own stories, listed too; may be given several times",
      several,
    )
    .option(
      '--explain <name>',
      "one story: its definition and whose it is, what it reads, its columns' types",
    )
    .addOption(
      new Option(
        '--new <name>',
        "write a story of one's own with a case and a test, into the --stories folder (default: my-stories)",
      ).conflicts(['explain', 'json']),
    )
    .option(
      '--json',
      'a line of JSON per story: id, version, title, summary, group, definition, source, reads, past, needs, column, decade, decade_definition',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ wrapped stories
  $ wrapped stories --explain top-artist
  $ wrapped stories --json
  $ wrapped stories --stories ./my-stories
  $ wrapped stories --new one-timers`,
    )
    .action(async (options: Options) => {
      const { storiesFolder } = await places(options);
      if (options.new !== undefined)
        return begin(options.new, options.stories?.at(-1) ?? storiesFolder ?? OWN_STORIES);
      const all = await chooseStories(options.stories ?? [], storiesFolder);
      const stories = options.explain === undefined ? all : pickStories(all, [options.explain]);
      if (options.json) {
        for (const story of stories) printJson(explain(story));
        return;
      }
      const colors = picocolors.createColors(colorful(process.stdout));
      if (options.explain !== undefined) {
        const { explanation } = await import('./explanation.ts');
        for (const story of stories) print(explanation(story, terminalWidth(process.stdout), colors));
        return;
      }
      const width = Math.max(...stories.map(({ id }) => id.length));
      for (const [index, group] of byGroup(stories).entries()) {
        print(`${index === 0 ? '' : '\n'}${colors.dim(group.heading)}`);
        for (const { id, summary, needs } of group.stories) {
          print(
            `  ${colors.bold(id.padEnd(width))}  ${summary}${needs === undefined ? '' : ` (needs ${needs.join(', ')})`}`,
          );
        }
      }
    });

/** Where a story of one's own is written if nothing else is said. */
const OWN_STORIES = 'my-stories';

/** Writes a new story, and says what to do with it. */
async function begin(id: string, folder: string): Promise<void> {
  const files = await newStory(id, folder);
  for (const file of files) print(relative('', file));
  const [story = '', test = ''] = files.map((file) => relative('', file));
  say(`\nSay in ${story} what you count, and in its case what comes of it. Then
  node --test ${test}
  wrapped stories --explain ${id} --stories ${dirname(story)}
  wrapped run-all --stories ${dirname(story)}`);
}
