import { NO_DECADE } from './decade.ts';
import { type AnyStory, GROUPS, type Group } from './story.ts';
import { describeType } from './types.ts';

/** Which other years a story reads, as a person reads it. */
export const PAST_YEARS = { earlier: 'all earlier years', last: 'the year before' } as const;

/** What a story says of itself, with its types as a person reads them. */
export interface Explained {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly summary: string;
  readonly group: Group | null;
  /** Paragraphs, an empty line between them; null where the story has no definition. */
  readonly definition: string | null;
  readonly source: string | null;
  readonly reads: readonly string[];
  /** What it reads of other years, null where it reads its own alone. */
  readonly past: { readonly years: 'earlier' | 'last'; readonly reads: readonly string[] } | null;
  readonly needs: readonly string[];
  readonly column: string;
  /** The type of its decade, null where it has none. */
  readonly decade: string | null;
  /** How its years reduce, or why they don't; null where a decade leaves it unsaid. */
  readonly decade_definition: string | null;
}

export function explain(story: AnyStory): Explained {
  const { id, version, title, summary, group, definition, source, reads, past, needs, column, decade } =
    story;
  return {
    id,
    version,
    title,
    summary,
    group: group ?? null,
    definition: definition === undefined ? null : tidied(definition),
    source: source ?? null,
    reads,
    past: past ?? null,
    needs: needs ?? [],
    column: describeType(column),
    decade: typeof decade === 'object' ? describeType(decade.column) : null,
    decade_definition:
      typeof decade === 'object'
        ? decade.definition === undefined
          ? null
          : tidied(decade.definition)
        : (decade ?? NO_DECADE),
  };
}

/** Stories by group, in the order of {@link GROUPS}; those without one last. */
export function byGroup(stories: readonly AnyStory[]): { heading: string; stories: AnyStory[] }[] {
  const groups = [...Object.entries(GROUPS), [undefined, 'Others'] as const];
  return groups
    .map(([group, heading]) => ({ heading, stories: stories.filter((story) => story.group === group) }))
    .filter((group) => group.stories.length > 0);
}

/** A text of several lines in a file's code: line breaks are spaces, an empty line ends a paragraph. */
const tidied = (text: string): string =>
  text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll(/\s+/g, ' ').trim())
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');
