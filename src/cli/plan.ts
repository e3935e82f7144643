import { Command } from 'commander';
import { withPlace } from '../engine/place.ts';
import { type PublishPlan, planPublish } from '../engine/publish-all.ts';
import type { EstimatedPath } from '../store/remote.ts';
import { type PlaceOptions, places, wholeNumber, withStore, withWork } from './options.ts';
import { count, duration, plural, print, printJson, size, terminalWidth } from './output.ts';

interface Options extends PlaceOptions {
  readonly writeUnits?: number;
  readonly json?: true;
}

export const planCommand = (): Command =>
  withWork(
    withStore(
      new Command('plan').description(
        'what publishing would take: items, bytes, write units, dollars, hours',
      ),
    ),
  )
    .option('--write-units <n>', 'DynamoDB write units a second, for the hours (default: 40000)', wholeNumber)
    .option('--json', 'one line of JSON')
    .addHelpText(
      'after',
      `
Nothing is sent. Columns are those of the working folder; of what the table has, only what changed is counted.

Examples:
  $ wrapped run-all --store dynamodb://wrapped --no-publish
  $ wrapped plan --store dynamodb://wrapped
  $ wrapped plan --store dynamodb://wrapped --write-units 5000 --json`,
    )
    .action(async (options: Options) => {
      const where = await places(options);
      await withPlace(where, async (place) => {
        const plan = await planPublish(place, { writeUnits: options.writeUnits });
        if (options.json) printJson({ store: place.store.name, ...plan });
        else await printPlan(place.store.name, plan);
      });
    });

/** What a path is, and how one goes it. */
const PATHS: Readonly<Record<EstimatedPath['path'], string>> = {
  'one column at a time': 'one column at a time: a `run` each',
  'columns together': 'columns together: `publish`',
  'whole rows': 'whole rows: `publish --whole-rows --exclusive`',
  'import from S3': 'import from S3, into a new table (not by wrapped)',
};

async function printPlan(store: string, { columns, unchanged, estimate }: PublishPlan): Promise<void> {
  const { table } = await import('../view/table.ts');
  const { users, rows, bytes, meanRow, largestRow, tooLarge, paths, writeUnits, prices, reading } = estimate;
  print(`store ${store}`);
  print(
    `${plural(columns.length, 'column')} to publish${unchanged === 0 ? '' : `, ${unchanged} there already`}: ` +
      `${plural(rows, 'row')} of ${count(users)} change, ${size(bytes)} in all`,
  );
  print(`a row has ${size(meanRow)} on average, ${size(largestRow)} at most`);
  if (tooLarge > 0) print(`${plural(tooLarge, 'row')} would be over the 400 KB that DynamoDB holds`);
  const { head, rows: lines } = table(
    [
      { head: 'path', texts: paths.map(({ path }) => PATHS[path]) },
      {
        head: 'requests',
        texts: paths.map(({ requests }) => (requests === null ? '–' : count(requests))),
        align: 'right',
      },
      {
        head: 'write units',
        texts: paths.map(({ units }) => (units === 0 ? '–' : count(units))),
        align: 'right',
      },
      { head: 'US dollars', texts: paths.map(({ dollars }) => dollarsOf(dollars)), align: 'right' },
      {
        head: `at ${count(writeUnits)}/s`,
        texts: paths.map(({ hours }) => (hours === null ? '–' : duration(hours * 3600))),
        align: 'right',
      },
    ],
    Math.max(100, terminalWidth(process.stdout)),
  );
  print(`\n${[head, ...lines].join('\n')}`);
  print(
    `\nReading the table whole, as \`decade\` does without the working folder: ${plural(reading.units, 'read unit')}, ` +
      `$${dollarsOf(reading.dollars)}: a scan is billed for whole rows.`,
  );
  print(`Prices of ${prices.region}, on demand, ${prices.date}. Nothing was sent.`);
}

/** `0.0042`, `12.50`, `1,234.56` */
const dollarsOf = (dollars: number): string =>
  dollars === 0
    ? '0'
    : dollars < 1
      ? dollars.toLocaleString('en', { maximumSignificantDigits: 2 })
      : dollars.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
