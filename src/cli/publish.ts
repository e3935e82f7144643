import { Command } from 'commander';
import { withPlace } from '../engine/place.ts';
import { publishAll } from '../engine/publish-all.ts';
import { WrappedError } from '../error.ts';
import { doing } from './computing.ts';
import { type PlaceOptions, places, withPace, withStore, withWork } from './options.ts';

interface Options extends PlaceOptions {
  readonly wholeRows?: true;
  readonly exclusive?: true;
  readonly writeUnits?: number;
  readonly giveUpAfter?: number;
  readonly force?: true;
  readonly json?: true;
}

export const publishCommand = (): Command =>
  withPace(
    withWork(
      withStore(new Command('publish').description('bring columns that were computed into the store')),
    ),
  )
    .option('--whole-rows', 'put rows whole, 25 in a request, in place of what the table has of them')
    .option('--exclusive', 'with --whole-rows: nobody else writes to this table')
    .option('--force', 'send every value, also those that the table is known to have')
    .option('--json', 'a line of JSON per column: column, status, rows, reason')
    .addHelpText(
      'after',
      `
A publish that was cut off goes on where it stopped. Only values that changed since the last one are sent. Whole rows carry no condition and
replace all attributes of a row: they are for a table that this store alone fills, such as an empty one.

Examples:
  $ wrapped run-all --store dynamodb://wrapped --no-publish
  $ wrapped plan --store dynamodb://wrapped
  $ wrapped publish --store dynamodb://wrapped --write-units 10000
  $ wrapped publish --store dynamodb://wrapped --whole-rows --exclusive`,
    )
    .action(async (options: Options) => {
      const { wholeRows, exclusive, writeUnits, giveUpAfter, force } = options;
      if ((wholeRows === true) !== (exclusive === true)) {
        throw new WrappedError(
          wholeRows === true
            ? '--whole-rows replaces whatever else is in a row, and needs --exclusive: nobody else writes to this table'
            : '--exclusive is for --whole-rows',
          { hint: 'Give both, or neither: then columns are set one by one, and other attributes stay.' },
        );
      }
      const where = await places(options);
      await doing(options, (begin) =>
        withPlace(where, (place) =>
          begin(place.store.name, async ({ hooks, done }) => {
            const { outcomes, published } = await publishAll(place, {
              ...hooks,
              wholeRows,
              writeUnits,
              giveUpAfter,
              force,
            });
            done(outcomes, published);
          }),
        ),
      );
    });
