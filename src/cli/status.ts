import { Command } from 'commander';
import picocolors from 'picocolors';
import { parsePeriod } from '../decade/period.ts';
import { holdsSums, planDecade } from '../decade/plan.ts';
import { type ColumnState, makePlan } from '../engine/plan.ts';
import { type Workspace, withWorkspace } from '../engine/workspace.ts';
import type { LedgerEntry } from '../store/store.ts';
import type { AnyStory } from '../story/index.ts';
import { isYear, listYears } from '../years.ts';
import { chooseStories, type PlaceOptions, places, several, withLake } from './options.ts';
import { colorful, count, plural, print, printJson, terminalWidth } from './output.ts';

interface Options extends PlaceOptions {
  readonly stories?: string[];
  readonly json?: true;
}

export const statusCommand = (): Command =>
  withLake(
    new Command('status')
      .description('show stories × years: fresh, stale, missing, failed, not applicable or kept, and why')
      .option(
        '--stories <ids|dir>',
        "stories such as a,b; or a folder of one's own, added to all (may be given several times)",
        several,
      )
      .option(
        '--json',
        'a line of JSON per column: column, state, why, rows, absent, when, note, reads_years',
      ),
  )
    .addHelpText('after', '\nExamples:\n  $ wrapped status\n  $ wrapped status --json | grep stale')
    .action(async (options: Options) => {
      const place = await places(options);
      const stories = await chooseStories(options.stories ?? [], place.storiesFolder);
      await withWorkspace(place, async (workspace) => {
        const ledger = await workspace.store.ledger();
        const { years } = await makePlan(workspace, { stories, ledger: workspace.store });
        const columns: Cell[] = [
          ...[
            ...years.flatMap((year) =>
              year.columns.map((column) => ({ ...column, period: String(year.year) })),
            ),
            ...kept(ledger, stories, new Set(years.map(({ year }) => String(year)))),
          ].sort((a, b) => Number(a.period) - Number(b.period)),
          ...(await decades(workspace, ledger, stories)),
        ];
        if (options.json) for (const column of columns) printJson(asJson(column));
        else await printGrid(columns, stories, workspace.store.name);
      });
    });

/** kept: of a year that the lake has no plays of, or no more. What the store has of it stays as it is. */
type CellState = ColumnState | 'kept';

/** One column as the grid shows it. */
interface Cell {
  readonly story: AnyStory;
  readonly period: string;
  readonly state: CellState;
  readonly why: string | undefined;
  readonly entry: LedgerEntry | undefined;
  /** Of a year's column, the totals of other years that it reads. */
  readonly past?: readonly { readonly year: number }[];
}

/** The columns that the store has of years of which the lake has no plays. */
function kept(
  ledger: readonly LedgerEntry[],
  stories: readonly AnyStory[],
  inLake: ReadonlySet<string>,
): Cell[] {
  const gone = ledger.filter(
    ({ written, period }) => written !== undefined && isYear(period) && !inLake.has(period),
  );
  return stories.flatMap((story) =>
    gone
      .filter((entry) => entry.story === story.id)
      .map((entry): Cell => {
        const { period } = entry;
        return { story, period, entry, state: 'kept', why: 'the lake has no plays of that year' };
      }),
  );
}

/** The decades that the store has, of those stories that have one. */
async function decades(
  workspace: Workspace,
  ledger: readonly LedgerEntry[],
  stories: readonly AnyStory[],
): Promise<Cell[]> {
  const cells: Cell[] = [];
  const periods = [...new Set(ledger.map(({ period }) => period))].flatMap((name) => parsePeriod(name) ?? []);
  for (const period of periods) {
    const { columns } = await planDecade(workspace, {
      stories,
      period,
      partial: true,
      ledger: workspace.store,
    });
    for (const planned of columns) {
      if (planned.state === 'left-out') continue;
      const { story, period: name, without } = planned;
      const lacks = [
        ...(without.length > 0 ? [`partial, without ${listYears(without)}`] : []),
        ...(holdsSums(planned) ? [] : ['bounds, since totals were gone']),
      ];
      cells.push({
        story,
        period: name,
        entry: planned.entry,
        state: planned.state === 'refused' ? 'stale' : planned.state,
        why: planned.state === 'fresh' && lacks.length > 0 ? lacks.join('; ') : planned.why,
      });
    }
  }
  return cells;
}

function asJson({ story, period, state, why, entry, past = [] }: Cell) {
  const { rows, absent, when, note } = entry?.written ?? {};
  return {
    column: `${story.id}#${period}`,
    state,
    why: why ?? null,
    rows: rows ?? null,
    absent: absent ?? {},
    when: when ?? null,
    ...(note === undefined ? {} : { note }),
    ...(past.length > 0 && { reads_years: past.map(({ year }) => year) }),
  };
}

/** Between two columns of the grid. */
const GAP = 2;

const MARKS: Readonly<Record<CellState, string>> = {
  fresh: '✓',
  stale: '~',
  missing: '·',
  failed: '✗',
  'not-applicable': '–',
  kept: '=',
};

async function printGrid(
  columns: readonly Cell[],
  chosen: readonly AnyStory[],
  store: string,
): Promise<void> {
  const { table } = await import('../view/table.ts');
  const colors = picocolors.createColors(colorful(process.stdout));
  const paint: Readonly<Record<CellState, (text: string) => string>> = {
    fresh: colors.green,
    stale: colors.yellow,
    missing: colors.dim,
    failed: colors.red,
    'not-applicable': colors.dim,
    kept: colors.dim,
  };
  const stories = chosen.map(({ id }) => id).filter((id) => columns.some(({ story }) => story.id === id));
  const periods = [...new Set(columns.map(({ period }) => period))];
  const at = (id: string, period: string) =>
    columns.find(({ story, period: of }) => story.id === id && of === period);
  const cell = (column: Cell | undefined): string => {
    const rows = column?.entry?.written?.rows;
    return column === undefined ? '' : `${MARKS[column.state]}${rows === undefined ? '' : ` ${count(rows)}`}`;
  };
  const nameWidth = Math.max(...stories.map((id) => id.length));
  const cellWidth =
    Math.max(...columns.map((column) => Math.max(cell(column).length, column.period.length))) + GAP;
  const width = terminalWidth(process.stdout);
  const perTable = Math.max(1, Math.floor((width - nameWidth) / cellWidth));
  for (let from = 0; from < periods.length; from += perTable) {
    const { head, rows } = table(
      [
        { texts: stories },
        ...periods.slice(from, from + perTable).map((period) => ({
          head: period,
          texts: stories.map((id) => cell(at(id, period))),
          align: 'right' as const,
          paint: (text: string, row: number) =>
            paint[at(stories[row] ?? '', period)?.state ?? 'missing'](text),
        })),
      ],
      width,
    );
    print(`${[head, ...rows].join('\n')}\n`);
  }
  const legend = (Object.keys(MARKS) as CellState[])
    .map((state) => [state, columns.filter((column) => column.state === state).length] as const)
    .filter(([, number]) => number > 0)
    .map(([state, number]) => `${paint[state](MARKS[state])} ${number} ${state.replace('-', ' ')}`);
  print(`${plural(columns.length, 'column')} in ${store}, users in each: ${legend.join(', ')}`);
  for (const line of reasons(columns)) print(colors.dim(line));
}

/** More stories than this are counted, and not named. */
const MOST_NAMED = 8;

/** Why columns are not fresh, and why users are in none: a line per reason. */
function reasons(columns: readonly Cell[]): string[] {
  const lines = new Map<string, Cell[]>();
  const note = (line: string, column: Cell) => lines.set(line, [...(lines.get(line) ?? []), column]);
  for (const column of columns) {
    if (column.why !== undefined && column.why !== 'never computed')
      note(`${column.state.replace('-', ' ')}: ${column.why.split('\n', 1)[0]}`, column);
    for (const reason of Object.keys(column.entry?.written?.absent ?? {})) note(`absent: ${reason}`, column);
  }
  return [...lines].map(([line, of]) => {
    const ids = [...new Set(of.map(({ story }) => story.id))];
    const periods = [...new Set(of.map(({ period }) => period))];
    const absent = ({ entry }: Cell) => entry?.written?.absent[line.replace('absent: ', '')] ?? 0;
    // The same users are absent from several stories of a year; in another year they may be others, or not.
    const users = periods
      .map((period) => Math.max(...of.filter((column) => column.period === period).map(absent)))
      .reduce((sum, number) => sum + number, 0);
    const which = ids.length > MOST_NAMED ? `${ids.length} stories` : ids.join(', ');
    const where = `${which} of ${periods.length > 3 ? `${periods.length} ${periods.every(isYear) ? 'years' : 'periods'}` : periods.join(', ')}`;
    return line.startsWith('absent: ')
      ? `${line} (${where}: ${plural(users, periods.length === 1 ? 'user' : 'user-year')})`
      : `${line} (${where})`;
  });
}
