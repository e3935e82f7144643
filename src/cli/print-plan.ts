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
    for (const year of plan.years) {
      printJson({ year: year.year, ...volume(year), totals_to_make: year.missingTotals });
      for (const column of year.columns) {
        const { state, why, story } = column;
        printJson({
          column: `${story.id}#${year.year}`,
          state,
          why: why ?? null,
          compute: isToDo(column, options.force),
        });
      }
    }
    return;
  }
  const columns = plan.years.flatMap((year) => year.columns);
  const todo = columns.filter((column) => isToDo(column, options.force));
  print(`lake ${lake.dir}\nstore ${store.name}`);
  for (const year of plan.years) {
    const { files, bytes, mouthfuls } = volume(year);
    print(`\n${year.year}: ${plural(files, 'file')}, ${size(bytes)}, ${plural(mouthfuls, 'mouthful')}`);
    if (year.missingTotals.length > 0) print(`  totals to make: ${year.missingTotals.join(', ')}`);
    for (const [line, ids] of grouped(year.columns, options.force))
      print(`  ${line.replace('%', ids.join(', '))}`);
  }
  if (plan.without.length > 0) print(`\nno plays of ${listYears(plan.without)}`);
  print(`\n${plural(todo.length, 'column')} of ${columns.length} to compute. Nothing was touched.`);
}

/** A year's plays are one mouthful: read in one pass. */
const volume = ({ source }: PlannedYear) => ({
  files: source.files.length,
  bytes: source.files.reduce((sum, { bytes }) => sum + bytes, 0),
  mouthfuls: 1,
});

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
