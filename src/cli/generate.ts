import { Command, InvalidArgumentError } from 'commander';
import { withDatabase } from '../sql/database.ts';
import { interruptible } from './interrupt.ts';
import { manyYears, type PlaceOptions, places, wholeNumber, withConfig } from './options.ts';
import { count, duration, plural, print, printJson, say, size } from './output.ts';

interface Options extends PlaceOptions {
  readonly users: number;
  readonly playsPerUser: number;
  readonly years: { readonly from: number; readonly to: number };
  readonly seed: number;
  readonly json?: true;
}

export const generateCommand = (): Command =>
  withConfig(new Command('generate'))
    .description(
      'make a lake of made-up listening whose shape is that of real listening; the same for the same seed',
    )
    .requiredOption('--users <n>', 'how many users', wholeNumber)
    .requiredOption('--plays-per-user <n>', 'listen rows of a user in a year, on the mean', wholeNumber)
    .requiredOption('--years <a-b>', 'such as 2019 or 2010-2019', fromTo)
    .option('--seed <n>', 'any whole number', seed, 1)
    .option('--lake <dir>', 'the folder to make (default: ./lake)')
    .option('--json', 'the report as one line of JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ wrapped generate --users 1000 --plays-per-user 500 --years 2015-2019 --seed 1 --lake ./lake',
    )
    .action(async ({ users, playsPerUser, years, seed, ...options }: Options) => {
      const { generateLake } = await import('../lake/generate.ts');
      const { lake } = await places(options);
      const started = performance.now();
      const report = await interruptible(
        (signal) =>
          withDatabase((session) =>
            generateLake({
              users,
              playsPerUser,
              years,
              seed,
              lake,
              session,
              signal,
              onYear: (year, plays) => say(`${year}: ${plural(plays, 'listen row')}`),
            }),
          ),
        'interrupted; nothing was generated',
      );
      if (options.json) return printJson(report);
      const seconds = (performance.now() - started) / 1000;
      print(
        `${plural(report.plays, 'listen row')} of ${plural(report.users, 'user')}, ${plural(report.tracks, 'track')} of ${plural(report.artists, 'artist')}: ` +
          `${size(report.bytes)} in ${lake} (${duration(seconds)}, ${count(Math.round(report.plays / seconds))} a second)`,
      );
    });

function fromTo(value: string): Options['years'] {
  const years = manyYears(value);
  const [from, to] = [years[0] as number, years.at(-1) as number];
  if (years.length !== to - from + 1)
    throw new InvalidArgumentError(`found '${value}', expected years without a gap, such as 2010-2019`);
  return { from, to };
}

function seed(value: string): number {
  if (!/^-?\d{1,15}$/.test(value))
    throw new InvalidArgumentError(`found '${value}', expected a whole number`);
  return Number(value);
}
