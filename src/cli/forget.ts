import { Command } from 'commander';
import { type ForgetResult, forget, remember } from '../engine/forget.ts';
import { Forgotten } from '../engine/forgotten.ts';
import { type PlaceOptions as Where, withPlace, workFolderOf } from '../engine/place.ts';
import { WrappedError } from '../error.ts';
import { columnOf } from '../store/store.ts';
import { listYears } from '../years.ts';
import { interruptible } from './interrupt.ts';
import { type PlaceOptions, places, withStore, withWork } from './options.ts';
import { plural, print, printJson, say } from './output.ts';

interface Options extends PlaceOptions {
  readonly undo?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export const forgetCommand = (): Command =>
  withWork(
    withStore(
      new Command('forget')
        .description('remove a user from the store, for good: no later run takes their plays')
        .argument('<user>', 'the user id')
        .option('--undo', 'take the user off the list of the forgotten: the next run computes them again')
        .option('--dry-run', 'say what there is of the user, and touch nothing')
        .option(
          '--json',
          'one line of JSON: user, forgotten (whether they are now), columns, totals (years), row (of a table: whether it had one)',
        ),
    ),
  )
    .addHelpText(
      'after',
      `
The lake is never written: remove the user's plays there too. Everything is stale afterwards, since others' numbers counted them.

Examples:
  $ wrapped forget ann --dry-run
  $ wrapped forget ann && wrapped run-all && wrapped decade
  $ wrapped forget ann --store dynamodb://wrapped`,
    )
    .action(async (user: string, options: Options) => {
      const where = await places(options);
      if (options.undo) return undo(where, user, options);
      const result = await interruptible((signal) =>
        withPlace(where, (place) => forget(place, user, { dryRun: options.dryRun, signal })),
      );
      const { wasForgotten, columns, totals, row } = result;
      const forgotten = wasForgotten || options.dryRun !== true;
      if (options.json) printJson({ user, forgotten, columns, totals, row });
      else printResult(user, result, where, options);
      say('The lake is not touched: their plays are still in it.');
    });

function printResult(user: string, result: ForgetResult, where: Where, { dryRun = false }: Options) {
  const { wasForgotten, columns, totals, row } = result;
  const of = (done: string, toDo: string) => (dryRun ? toDo : done);
  const list = `the list of the forgotten in ${workFolderOf(where)}`;
  print(
    wasForgotten
      ? `'${user}' is on ${list} already`
      : `'${user}' ${of('is', 'would be')} on ${list}: no run takes their plays`,
  );
  if (columns.length > 0) {
    const stories = new Set(columns.map((column) => columnOf(column).story));
    const periods = [...new Set(columns.map((column) => columnOf(column).period))].sort();
    print(
      `${of('removed', 'would be removed')} from ${plural(columns.length, 'column')}: ${stories.size} stories of ${periods.join(', ')}`,
    );
  } else print('no column has a value of theirs');
  if (totals.length > 0) print(`${of('removed', 'would be removed')}: the totals of ${listYears(totals)}`);
  if (row !== undefined)
    print(`${row ? 'removed their row from' : 'there is no row of theirs in'} ${where.store}`);
  if (!wasForgotten && columns.length === 0 && totals.length === 0 && row !== true)
    say(
      `Nothing of them was found here. Is '${user}' the right id? \`wrapped forget USER --undo\` takes it off the list.`,
    );
  if (!dryRun && !wasForgotten)
    say('next: wrapped run-all. Every column is stale: what others are told may have counted this user.');
}

async function undo(where: Where, user: string, { dryRun = false, json = false }: Options): Promise<void> {
  const work = workFolderOf(where);
  const was = dryRun ? (await Forgotten.read(work)).has(user) : await remember(work, user);
  if (json) return printJson({ user, forgotten: was && dryRun });
  if (!was) return print(`'${user}' is not on the list of the forgotten in ${work}`);
  print(
    `'${user}' ${dryRun ? 'would be' : 'is'} off the list of the forgotten: the next run takes their plays again`,
  );
}

/** @throws WrappedError where a user is on the list of the forgotten of this store's working folder */
export async function refuseForgotten(where: Where, user: string, what: string): Promise<void> {
  const work = workFolderOf(where);
  if (!(await Forgotten.read(work)).has(user)) return;
  throw new WrappedError(`user '${user}' is forgotten, and ${what}: they are on the list in ${work}`, {
    hint: `\`wrapped forget USER --undo\` takes them off it, and the next run computes them again.`,
  });
}
