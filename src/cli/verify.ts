import { Command } from 'commander';
import picocolors from 'picocolors';
import { DEFAULTS, withWorkspace } from '../engine/workspace.ts';
import { columnOf } from '../store/store.ts';
import type { ColumnDifference, VerifyResult } from '../verify/verify.ts';
import { cleanValue } from '../view/clean.ts';
import {
  chooseStories,
  type PlaceOptions,
  places,
  several,
  wholeNumber,
  withBounds,
  withLake,
} from './options.ts';
import { colorful, count, plural, print, printJson } from './output.ts';

interface Options extends PlaceOptions {
  readonly sample: number;
  readonly seed: number;
  readonly rows: number;
  readonly stories?: string[];
  readonly json?: true;
}

const SAMPLE = 100;
const SEED = 1;
const MOST_ROWS = 500_000;
/** As many users and columns that differ are printed. */
const SHOWN = 20;

export const verifyCommand = (): Command =>
  withBounds(
    withLake(
      new Command('verify')
        .description('recompute some users from raw plays with another program, and compare every column')
        .option('--sample <n>', 'how many users; all, where there are fewer', wholeNumber, SAMPLE)
        .option('--seed <n>', 'chooses the users: any whole number', wholeNumber, SEED)
        .option(
          '--rows <n>',
          'as many listen rows are held in memory, at some 3 kB each; of a larger lake only what takes no more than the rows of its own users is verified',
          wholeNumber,
          MOST_ROWS,
        )
        .option(
          '--stories <ids|dir>',
          "stories such as a,b; or a folder of one's own, added to all (may be given several times)",
          several,
        )
        .option(
          '--json',
          'a line of JSON per difference: user, column, path, stored, recomputed; per column not verified: column, why; then one of the whole',
        ),
    ),
  )
    .addHelpText(
      'after',
      `
Exits with 1 where anything differs.

Examples:
  $ wrapped verify
  $ wrapped verify --sample 1000 --seed 2
  $ wrapped verify --stories top-artist --json | grep '"stored"'`,
    )
    .action(async (options: Options) => {
      const { verify } = await import('../verify/verify.ts');
      const place = await places(options);
      const stories = await chooseStories(options.stories ?? [], place.storiesFolder);
      const result = await withWorkspace(place, (workspace) =>
        verify(workspace, {
          stories,
          timezone: place.timezone ?? DEFAULTS.timezone,
          sample: options.sample,
          seed: options.seed,
          mostRows: options.rows,
        }),
      );
      if (options.json) printLines(result);
      else printResult(result);
      if (result.differences.length > 0) process.exitCode = 1;
    });

function printResult(result: VerifyResult): void {
  const { users, ofUsers, rows, ofRows, columns, values, differences, unverified } = result;
  const colors = picocolors.createColors(colorful(process.stdout));
  const share = (some: number, all: number, noun: string) =>
    some === all ? plural(all, noun) : `${count(some)} of ${plural(all, noun)}`;
  print(
    `${plural(values, 'value')} of ${share(users, ofUsers, 'user')} in ${plural(columns.length, 'column')}, ` +
      `recomputed from ${share(rows, ofRows, 'listen row')}`,
  );
  const byColumn = new Map<string, ColumnDifference[]>();
  for (const one of differences) {
    const key = JSON.stringify([one.user, one.column]);
    byColumn.set(key, [...(byColumn.get(key) ?? []), one]);
  }
  for (const of of [...byColumn.values()].slice(0, SHOWN)) {
    const { user, column } = of[0]!;
    print(`${colors.red('✗')} ${cleanValue(user)} ${column}`);
    for (const { path, stored, recomputed } of of) {
      const name = path === '' ? '' : `${cleanValue(path)}: `;
      print(`    ${name}stored ${shown(stored)}, recomputed ${shown(recomputed)}`);
    }
  }
  const rest = byColumn.size - SHOWN;
  if (rest > 0) print(`  and ${plural(rest, 'value')} more; --json prints all`);
  if (differences.length === 0) print(`${colors.green('✓')} every one is the same, to the last digit`);
  else {
    const verb = byColumn.size === 1 ? 'differs' : 'differ';
    print(`${colors.red('✗')} ${count(byColumn.size)} of ${plural(values, 'value')} ${verb}`);
  }
  for (const line of reasons(unverified)) print(colors.dim(`? not verified: ${line}`));
}

/** A value as JSON; what is not there is nothing. */
const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : JSON.stringify(cleanValue(value));

/** `my-story#2018, my-story#2019: why`: a line per reason. */
function reasons(unverified: VerifyResult['unverified']): string[] {
  const columns = new Map<string, string[]>();
  for (const { column, why } of unverified) columns.set(why, [...(columns.get(why) ?? []), column]);
  return [...columns].map(([why, of]) => {
    const stories = [...new Set(of.map((column) => columnOf(column).story))];
    return `${of.length > SHOWN ? `${stories.join(', ')} (${plural(of.length, 'column')})` : of.join(', ')}: ${why}`;
  });
}

function printLines({ differences, unverified, columns, ...whole }: VerifyResult): void {
  for (const one of differences) printJson(one);
  for (const one of unverified) printJson(one);
  printJson({ ...whole, columns: columns.length, differences: differences.length });
}
