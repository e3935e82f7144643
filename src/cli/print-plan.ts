import { bytesOf } from '../engine/mouthfuls.ts';
import { isToDo, type Plan, type PlannedColumn, type PlannedYear } from '../engine/plan.ts';
import type { Workspace } from '../engine/workspace.ts';
import { listYears } from '../years.ts';
import { plural, print, printJson, size } from './output.ts';

/** Prints what a run would do, and why. */
export function printPlan(
  { lake, store }: Workspace,
  plan: Plan,
  options: { readonly force?: true; readonly json?: true },
): void {
  if (options.json) {
    for (const year of plan.past)
      printJson({ year: year.year, ...volume(year), totals_to_make: year.missingTotals });
    for (const year of plan.years) {
      printJson({ year: year.year, ...volume(year), totals_to_make: year.missingTotals });
      for (const column of year.columns) {
        const { state, why, story } = column;
        printJson({
          column: `${story.id}#${year.year}`,
          state,
          why: why ?? null,
          compute: isToDo(column, options.force),
          ...(column.past.length > 0 && { reads_years: column.past.map(({ year: other }) => other) }),
        });
      }
    }
    return;
  }
  const columns = plan.years.flatMap((year) => year.columns);
  const todo = columns.filter((column) => isToDo(column, options.force));
  print(`lake ${lake.dir}\nstore ${store.name}`);
  for (const year of plan.years) {
    const { files, bytes } = volume(year);
    print(`\n${year.year}: ${plural(files, 'file')}, ${size(bytes)}${toRead(year)}`);
    if (year.missingTotals.length > 0) print(`  totals to make: ${year.missingTotals.join(', ')}`);
    for (const [line, ids] of grouped(year.columns, options.force))
      print(`  ${line.replace('%', ids.join(', '))}`);
  }
  for (const { year, missingTotals } of plan.past)
    print(
      `\n${year}: read by columns of later years${missingTotals.length === 0 ? '' : `\n  totals to make: ${missingTotals.join(', ')}`}`,
    );
  for (const line of pastLines(columns)) print(`\n${line}`);
  if (plan.without.length > 0) print(`\nno plays of ${listYears(plan.without)}`);
  print(`\n${plural(todo.length, 'column')} of ${columns.length} to compute. Nothing was touched.`);
}

/** Which stories read years before their own: `new-artists of 2019 reads 2017–2018 too`. */
function pastLines(columns: readonly PlannedColumn[]): string[] {
  const newest = new Map<string, PlannedColumn>();
  for (const column of columns) if (column.past.length > 0) newest.set(column.story.id, column);
  return [...newest.values()].map(
    ({ story, year, past }) => `${story.id} of ${year} reads ${listYears(past.map((one) => one.year))} too`,
  );
}

/** What a year's plays are, and what of them is to be read. */
const volume = ({ source, totals, unread }: PlannedYear) => ({
  files: source.files.length,
  bytes: totals.bytes,
  mouthfuls: totals.mouthfuls.length,
  mouthfuls_to_read: unread.length,
  bytes_to_read: bytesOf(unread.flatMap(({ files }) => files)),
});

/** `, 1 of 12 mouthfuls to read (80.1 MB)`, of a year whose plays are cut into several. */
const toRead = (year: PlannedYear): string => {
  const { mouthfuls, mouthfuls_to_read: unread, bytes_to_read: bytes } = volume(year);
  if (mouthfuls === 1) return '';
  return unread === 0
    ? `, ${plural(mouthfuls, 'mouthful')}, none to read`
    : `, ${unread} of ${plural(mouthfuls, 'mouthful')} to read (${size(bytes)})`;
};

/** Stories by what is to be said of them: `stale: top-artist, top-track (input changed)`. */
function grouped(columns: readonly PlannedColumn[], force: true | undefined): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const column of columns) {
    const forced = force && column.state === 'fresh' ? ' (forced)' : '';
    const line = `${column.state}${forced}: %${column.why === undefined ? '' : ` (${column.why})`}`;
    groups.set(line, [...(groups.get(line) ?? []), column.story.id]);
  }
  return groups;
}
