import { storyText } from '../src/cli/new-story/template.ts';
import { byGroup, explain, PAST_YEARS, ROW_PER, TOTALS, type TotalsName } from '../src/story/index.ts';
import { stories } from '../stories/index.ts';

/** The parts of docs/stories.md that are made from code, by the name of their markers. */
const PARTS: Readonly<Record<string, () => string>> = { catalogue, example, relations };

/** The text of docs/stories.md with its generated parts as the code has them now. @throws Error for markers that are not there */
export function withGenerated(text: string): string {
  return Object.entries(PARTS).reduce((before, [name, part]) => {
    const [start, end] = [`<!-- ${name}: made by \`npm run docs\` -->\n`, `<!-- end of ${name} -->`];
    const from = before.indexOf(start) + start.length;
    const to = before.indexOf(end);
    if (from < start.length || to < from) throw new Error(`docs/stories.md lacks the markers of '${name}'`);
    return `${before.slice(0, from)}\n${part()}\n\n${before.slice(to)}`;
  }, text);
}

/** Every story by group, as `wrapped stories --explain` tells it. */
function catalogue(): string {
  return byGroup(stories)
    .flatMap((group) => [`### ${group.heading}`, ...group.stories.map(entry)])
    .join('\n\n');
}

function entry(story: (typeof stories)[number]): string {
  const { id, title, definition, source, reads, past, needs, column, decade, decade_definition } =
    explain(story);
  return [
    `#### ${title}: \`${id}\``,
    '',
    definition,
    '',
    `- Definition: ${source}.`,
    ...(needs.length === 0 ? [] : [`- Needs ${needs.join(', ')}.`]),
    `- Reads ${reads.map((name) => `\`${name}\``).join(', ')}.`,
    ...(past === null
      ? []
      : [`- Reads of ${PAST_YEARS[past.years]} ${past.reads.map((name) => `\`${name}\``).join(', ')}.`]),
    `- Column: \`${column}\``,
    `- Decade: ${decade === null ? 'none' : `\`${decade}\``}`,
    ...(decade_definition ?? '').split('\n\n').flatMap((paragraph) => ['', `  ${paragraph}`]),
  ].join('\n');
}

/** What `wrapped stories --new one-timers` writes. */
function example(): string {
  return `\`\`\`ts\n// my-stories/one-timers.ts\n${storyText('one-timers')}\`\`\``;
}

function relations(): string {
  const names = Object.keys(TOTALS) as TotalsName[];
  return [
    '| relation | a row per | columns |',
    '|---|---|---|',
    ...names.map((name) => {
      const columns = Object.keys(TOTALS[name]).map((column) => `\`${column}\``);
      return `| \`${name}\` | ${ROW_PER[name]} | ${columns.join(', ')} |`;
    }),
  ].join('\n');
}
