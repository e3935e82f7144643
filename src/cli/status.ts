import { Command } from 'commander';
import picocolors from 'picocolors';
import { type ColumnState, makePlan, type PlannedColumn } from '../engine/plan.ts';
import { openWorkspace } from '../engine/workspace.ts';
import { table } from '../view/table.ts';
import { chooseStories, type PlaceOptions, places, several, withLake } from './options.ts';
import { colorful, count, plural, print, printJson, terminalWidth } from './output.ts';

interface Options extends PlaceOptions {
  readonly stories?: string[];
  readonly json?: true;
}

export const statusCommand = (): Command =>
  withLake(
    new Command('status')
      .description('show stories × years: fresh, stale, missing, failed or not applicable, and why')
      .option(
        '--stories <ids|dir>',
        "stories such as a,b; or a folder of one's own, added to all (may be given several times)",
        several,
      )
      .option('--json', 'a line of JSON per column: column, state, why, rows, absent, when, note'),
  )
    .addHelpText('after', '\nExamples:\n  $ wrapped status\n  $ wrapped status --json | grep stale')
    .action(async (options: Options) => {
      const place = await places(options);
      const stories = await chooseStories(options.stories ?? [], place.storiesFolder);
      const workspace = await openWorkspace(place);
      try {
        const { years } = await makePlan(workspace, { stories, ledger: workspace.store });
        const columns = years.flatMap((year) => year.columns);
        if (options.json) for (const column of columns) printJson(asJson(column));
        else printGrid(columns, workspace.store.name);
      } finally {
        await workspace.close();
      }
    });

function asJson({ story, year, state, why, entry }: PlannedColumn) {
  const { rows, absent, when, note } = entry?.written ?? {};
  return {
    column: `${story.id}#${year}`,
    state,
    why: why ?? null,
    rows: rows ?? null,
    absent: absent ?? {},
    when: when ?? null,
    ...(note === undefined ? {} : { note }),
  };
}

/** Between two columns of the grid. */
const GAP = 2;

const MARKS: Readonly<Record<ColumnState, string>> = {
  fresh: '✓',
  stale: '~',
  missing: '·',
  failed: '✗',
  'not-applicable': '–',
};

function printGrid(columns: readonly PlannedColumn[], store: string): void {
  const colors = picocolors.createColors(colorful(process.stdout));
  const paint: Readonly<Record<ColumnState, (text: string) => string>> = {
    fresh: colors.green,
    stale: colors.yellow,
    missing: colors.dim,
    failed: colors.red,
    'not-applicable': colors.dim,
  };
  const stories = [...new Set(columns.map(({ story }) => story.id))];
  const years = [...new Set(columns.map(({ year }) => year))];
  const at = (id: string, year: number) =>
    columns.find(({ story, year: of }) => story.id === id && of === year);
  const cell = (column: PlannedColumn | undefined): string => {
    const rows = column?.entry?.written?.rows;
    return column === undefined ? '' : `${MARKS[column.state]}${rows === undefined ? '' : ` ${count(rows)}`}`;
  };
  const nameWidth = Math.max(...stories.map((id) => id.length));
  const cellWidth = Math.max(...columns.map((column) => cell(column).length), '2019'.length) + GAP;
  const width = terminalWidth(process.stdout);
  const perTable = Math.max(1, Math.floor((width - nameWidth) / cellWidth));
  for (let from = 0; from < years.length; from += perTable) {
    const { head, rows } = table(
      [
        { texts: stories },
        ...years.slice(from, from + perTable).map((year) => ({
          head: String(year),
          texts: stories.map((id) => cell(at(id, year))),
          align: 'right' as const,
          paint: (text: string, row: number) => paint[at(stories[row] ?? '', year)?.state ?? 'missing'](text),
        })),
      ],
      width,
    );
    print(`${[head, ...rows].join('\n')}\n`);
  }
  const legend = (Object.keys(MARKS) as ColumnState[])
    .map((state) => [state, columns.filter((column) => column.state === state).length] as const)
    .filter(([, number]) => number > 0)
    .map(([state, number]) => `${paint[state](MARKS[state])} ${number} ${state.replace('-', ' ')}`);
  print(`${plural(columns.length, 'column')} in ${store}, users in each: ${legend.join(', ')}`);
  for (const line of reasons(columns)) print(colors.dim(line));
}

/** Why columns are not fresh, and why users are in none: a line per reason. */
function reasons(columns: readonly PlannedColumn[]): string[] {
  const lines = new Map<string, PlannedColumn[]>();
  const note = (line: string, column: PlannedColumn) => lines.set(line, [...(lines.get(line) ?? []), column]);
  for (const column of columns) {
    if (column.why !== undefined && column.why !== 'never computed')
      note(`${column.state.replace('-', ' ')}: ${column.why}`, column);
    for (const reason of Object.keys(column.entry?.written?.absent ?? {})) note(`absent: ${reason}`, column);
  }
  return [...lines].map(([line, of]) => {
    const ids = [...new Set(of.map(({ story }) => story.id))];
    const years = [...new Set(of.map(({ year }) => year))];
    const absent = ({ entry }: PlannedColumn) => entry?.written?.absent[line.replace('absent: ', '')] ?? 0;
    // The same users are absent from several stories of a year.
    const users = years
      .map((year) => Math.max(...of.filter((column) => column.year === year).map(absent)))
      .reduce((sum, number) => sum + number, 0);
    const where = `${ids.join(', ')} of ${years.length > 3 ? `${years.length} years` : years.join(', ')}`;
    return line.startsWith('absent: ')
      ? `${line} (${where}: ${plural(users, 'user')})`
      : `${line} (${where})`;
  });
}
