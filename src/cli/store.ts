import { Command, InvalidArgumentError } from 'commander';
import { WrappedError } from '../error.ts';
import { openDatabase } from '../sql/database.ts';
import { openStoreIn } from '../store/open.ts';
import { interruptible } from './interrupt.ts';
import { type PlaceOptions, places, withStore } from './options.ts';
import { plural, print, printJson, talkColors } from './output.ts';

interface InitOptions extends PlaceOptions {
  readonly provisioned?: { readonly read: number; readonly write: number };
  readonly json?: true;
}

interface CheckOptions {
  readonly endpoint?: string;
  readonly region?: string;
  readonly json?: true;
}

export const storeCommand = (): Command =>
  new Command('store')
    .description('make the tables of a store, or check an endpoint')
    .addCommand(initCommand())
    .addCommand(checkCommand());

const initCommand = (): Command =>
  withStore(new Command('init').description('make the tables of a DynamoDB store, and wait for them'))
    .option(
      '--provisioned <r,w>',
      'read and write units a second that the table of rows is given (default: billed on demand)',
      capacity,
    )
    .option('--json', 'one line of JSON: store, ready')
    .addHelpText(
      'after',
      `
Safe to repeat: tables that are there stay as they are.

Examples:
  $ wrapped store init --store 'dynamodb://wrapped?region=eu-west-1'
  $ wrapped store init --store dynamodb://wrapped --provisioned 100,5000`,
    )
    .action(async (options: InitOptions) => {
      const { store: name } = await places(options);
      const { DynamoStore } = await import('../store/dynamodb/dynamo-store.ts');
      const database = await openDatabase();
      try {
        const store = await openStoreIn(name, database);
        if (!(store instanceof DynamoStore)) {
          throw new WrappedError(`store ${name} is a folder, which the first column makes`, {
            hint: 'Name a table with --store dynamodb://TABLE.',
          });
        }
        // Refuses to make a table of rows beside the ledger of one that is gone.
        await store.ledger();
        await store.ensureTables(options.provisioned);
        await store.close();
        if (options.json) printJson({ store: name, ready: true });
        else print(`${name} is ready`);
      } finally {
        database.close();
      }
    });

const checkCommand = (): Command =>
  new Command('check')
    .description('hold an endpoint to what a store must do, on tables of its own that are removed')
    .option('--endpoint <url>', 'of a server that speaks DynamoDB (default: AWS)')
    .option('--region <region>', "the AWS region (default: that of the SDK's own chain)")
    .option('--json', 'a line of JSON per sentence of the contract: name, holds, found')
    .addHelpText(
      'after',
      `
Examples:
  $ wrapped store check --endpoint http://localhost:8000
  $ wrapped store check --region eu-west-1`,
    )
    .action(async ({ endpoint, region, json }: CheckOptions) => {
      const { checkEndpoint } = await import('../store/dynamodb/check.ts');
      const query = new URLSearchParams({
        ...(region === undefined ? {} : { region }),
        ...(endpoint === undefined ? {} : { endpoint }),
      });
      const { green, red } = talkColors();
      const database = await openDatabase();
      let [held, broken] = [0, 0];
      try {
        await interruptible(
          (signal) =>
            checkEndpoint(
              query.size === 0 ? '' : `?${query}`,
              database,
              (checked) => {
                if (checked.holds) held += 1;
                else broken += 1;
                if (json) return printJson(checked);
                print(`${checked.holds ? green('✓') : red('✗')} ${checked.name}`);
                if (checked.found !== undefined) print(`    ${checked.found.replaceAll('\n', '\n    ')}`);
              },
              signal,
            ),
          'interrupted; tables named wrapped-check-… may be left over',
        );
      } finally {
        database.close();
      }
      if (broken > 0) process.exitCode = 1;
      if (!json) print(`\n${plural(held, 'sentence')} of ${held + broken} hold`);
    });

/** `100,5000` */
function capacity(value: string): { read: number; write: number } {
  const [, read, write] = /^([1-9]\d{0,6}),([1-9]\d{0,6})$/.exec(value) ?? [];
  if (read === undefined)
    throw new InvalidArgumentError(`found '${value}', expected read and write units such as 100,5000`);
  return { read: Number(read), write: Number(write) };
}
