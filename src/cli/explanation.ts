import { type AnyStory, explain, GROUPS, PAST_YEARS, ROW_PER, type TotalsName } from '../story/index.ts';
import { clean } from '../view/clean.ts';
import type { Colors } from '../view/page.ts';
import { wrap } from '../view/text.ts';

/** What a story says of itself, for a terminal: lines of at most `width` columns. */
export function explanation(story: AnyStory, width: number, { bold, dim }: Colors): string {
  const told = explain(story);
  const facts: readonly (readonly [label: string, texts: readonly string[]])[] = [
    ['source', [told.source ?? 'it does not say whose definition it is']],
    ['group', [told.group === null ? 'none' : GROUPS[told.group]]],
    ['version', [String(told.version)]],
    ['needs', [told.needs.length === 0 ? 'nothing that a lake may lack' : told.needs.join(', ')]],
    ['reads', told.reads.map((name) => `${name}: a row per ${ROW_PER[name as TotalsName]}`)],
    ...(told.past === null
      ? []
      : [['past', [`${PAST_YEARS[told.past.years]}: ${told.past.reads.join(', ')}`]] as const]),
    ['column', [told.column]],
    ['decade', [told.decade ?? 'none', ...paragraphs(told.decade_definition ?? '')]],
  ];
  const indent = Math.max(...facts.map(([label]) => label.length)) + GAP;
  return [
    `${bold(clean(told.id))} · ${clean(told.title)}`,
    '',
    ...paragraphs(told.definition ?? `${told.summary}. It has no definition beside this line.`).flatMap(
      (text) => [...wrap(clean(text), width), ''],
    ),
    ...facts.flatMap(([label, texts]) =>
      texts
        .flatMap((text) => wrap(clean(text), width - indent))
        .map((line, index) => `${dim((index === 0 ? label : '').padEnd(indent))}${line}`),
    ),
  ].join('\n');
}

const GAP = 2;

const paragraphs = (text: string): string[] => text.split('\n\n').filter((part) => part !== '');
