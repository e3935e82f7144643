import picocolors from 'picocolors';
import { z } from 'zod';
import { columnName, columnOf, type Row } from '../store/store.ts';
import { isYear, listYears } from '../years.ts';
import { banner } from './banner.ts';
import { clean, cleanValue } from './clean.ts';
import { decadeViews } from './decades/index.ts';
import { renderGeneric } from './generic.ts';
import { decadeLines, renderOverview, yearLines } from './overview.ts';
import type { Colors, Page } from './page.ts';
import { storyViews } from './stories/index.ts';
import type { StoryView } from './story-view.ts';
import { wrap } from './text.ts';

/** How a row is to be shown. */
export interface RowOptions {
  /** The period to show, a year or a decade; without it the newest year in full, and all years in short. */
  readonly period?: string;
  /** The stories in the order in which they are shown. Others that the row has follow, under their ids. */
  readonly stories: readonly { readonly id: string; readonly title: string }[];
  /** The terminal's columns. What is shown takes 48 at least and 100 at most. */
  readonly width: number;
  readonly color: boolean;
  /** Why the user lacks a column: `listening-personality#2019`; undefined where nothing is to be said. */
  readonly missing?: (columnName: string) => string | undefined;
  /** What the ledger keeps of how a column was made: the cuts of the axes. Without it the fixed cuts are drawn. */
  readonly note?: (columnName: string) => unknown;
}

const NARROWEST = 48;
/** Longer lines are hard to read. */
const WIDEST = 100;
const MARGIN = '  ';

/** Left out where the other is shown, its reason where the other's is given: the personality contains the axes. */
const CONTAINED_IN: Readonly<Record<string, string>> = { 'listening-axes': 'listening-personality' };

/** One user's Wrapped for a terminal: lines of at most `width` columns, no colours unless `color`. Names are made harmless. Ends with a line feed. */
export function renderRow(row: Row, options: RowOptions): string {
  const columns = cleanValue(row.columns) as Row['columns'];
  const colors = picocolors.createColors(options.color);
  const width = Math.min(Math.max(options.width, NARROWEST), WIDEST) - 2 * MARGIN.length;
  const years = [...new Set(Object.keys(columns).map((name) => columnOf(name).period))].filter(isYear).sort();
  const period = options.period === undefined ? years.at(-1) : clean(options.period);

  const blocks =
    period === undefined
      ? [[colors.bold(clean(row.user_id))], [colors.dim('No year to show.')]]
      : [
          banner(period, clean(row.user_id), width, colors),
          ...renderPeriod(columns, period, options, { width, colors }),
        ];
  if (options.period === undefined && years.length > 1) {
    blocks.push(
      renderOverview(yearLines(columns, years), { width, colors, title: 'All years', note: undefined }),
    );
  }
  const lines = blocks.flatMap((block) => ['', ...block.map((line) => (line === '' ? '' : MARGIN + line))]);
  return `${lines.join('\n')}\n`;
}

function renderPeriod(
  columns: Row['columns'],
  period: string,
  options: RowOptions,
  { width, colors }: { width: number; colors: Colors },
): string[][] {
  const told: string[][] = [];
  const untold: string[] = [];
  for (const { id, title } of storiesOf(columns, period, options.stories)) {
    const name = columnName({ story: id, period });
    const container = CONTAINED_IN[id];
    const containerName = container && columnName({ story: container, period });
    if (containerName && columns[containerName] !== undefined) continue;
    const value = columns[name];
    if (value !== undefined) {
      const page = { width, colors, title: clean(title), note: options.note?.(name) };
      told.push(renderStory(isYear(period) ? storyViews : decadeViews, id, value, page));
      continue;
    }
    const reason = options.missing?.(name);
    const isSaid = containerName !== undefined && options.missing?.(containerName) !== undefined;
    if (reason !== undefined && !isSaid) untold.push(`${title}: not told (${reason})`);
  }
  if (told.length === 0) untold.unshift(`Nothing to tell of ${period}.`);
  if (!isYear(period)) {
    const lines = decadeLines(columns, period);
    if (lines.length > 0)
      told.splice(1, 0, renderOverview(lines, { width, colors, title: 'Year by year', note: undefined }));
    const lacks = whatLacks(columns, period, options).flatMap((line) => wrap(clean(line), width));
    if (lacks.length > 0) told.unshift(lacks.map(colors.yellow));
  }
  const quiet = untold.flatMap((line) => wrap(clean(line), width)).map(colors.dim);
  return quiet.length === 0 ? told : [...told, quiet];
}

const decadeNoteShape = z.object({ without: z.array(z.int()).optional(), exact: z.boolean() });

/** What a decade goes without, and where it knows bounds alone: a line each. */
function whatLacks(columns: Row['columns'], period: string, { stories, note }: RowOptions): string[] {
  const partial = new Map<string, string[]>();
  const inexact: string[] = [];
  for (const { id, title } of storiesOf(columns, period, stories)) {
    const name = columnName({ story: id, period });
    const made = decadeNoteShape.safeParse(note?.(name)).data;
    if (columns[name] === undefined || made === undefined) continue;
    if (made.without !== undefined) {
      const years = listYears(made.without);
      partial.set(years, [...(partial.get(years) ?? []), title]);
    }
    if (!made.exact) inexact.push(title);
  }
  return [
    ...[...partial].map(([years, titles]) => `Partial, without ${years}: ${titles.join(', ')}`),
    ...(inexact.length > 0 ? [`Not exact, from the lists of each year alone: ${inexact.join(', ')}`] : []),
  ];
}

const renderStory = (views: readonly StoryView[], id: string, value: unknown, page: Page): string[] =>
  views.find(({ story }) => story === id)?.render(value, page) ?? renderGeneric(value, page);

function storiesOf(columns: Row['columns'], period: string, stories: RowOptions['stories']) {
  const known = new Set(stories.map(({ id }) => id));
  const others = Object.keys(columns)
    .map(columnOf)
    .filter((column) => column.period === period && !known.has(column.story))
    .map(({ story }) => ({ id: story, title: story }));
  return [...stories, ...others];
}
