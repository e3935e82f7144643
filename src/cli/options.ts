import { type Command, InvalidArgumentError } from 'commander';
import { stories as builtIn } from '../../stories/index.ts';
import { CONFIG_FILE, readConfig } from '../config.ts';
import { type Period, parsePeriod } from '../decade/period.ts';
import { isFolderName, joinStories, loadStories, pickStories } from '../engine/stories.ts';
import { DEFAULTS, type WorkspaceOptions } from '../engine/workspace.ts';
import { DEFAULT_GIVE_UP_SECONDS } from '../store/remote.ts';
import type { AnyStory } from '../story/index.ts';
import { isYear } from '../years.ts';

/** Options that say where things are; every command that has one means the same by it. */
export interface PlaceOptions {
  readonly lake?: string;
  readonly store?: string;
  readonly work?: string;
  readonly config?: string;
  readonly timezone?: string;
  readonly threads?: number;
  readonly memory?: number;
  readonly mouthful?: number;
  readonly temp?: string;
  readonly tempSize?: number;
}

/** `--config` */
export const withConfig = (command: Command): Command =>
  command.option('--config <file>', `configuration to read (default: ./${CONFIG_FILE}, where there is one)`);

/** `--store`, `--config` */
export const withStore = (command: Command): Command =>
  withConfig(
    command.option(
      '--store <dir>',
      `where the columns live: a folder, or dynamodb://TABLE?region=… (default: ${DEFAULTS.store})`,
    ),
  );

/** `--work` */
export const withWork = (command: Command): Command =>
  command.option(
    '--work <dir>',
    `totals and columns on their way to a store that is no folder (default: ${DEFAULTS.work})`,
  );

/** `--lake`, `--timezone`, and those of {@link withStore} and {@link withWork} */
export const withLake = (command: Command): Command =>
  withWork(withStore(command.option('--lake <dir>', `the input (default: ${DEFAULTS.lake})`))).option(
    '--timezone <iana>',
    `zone of users that the lake gives none (default: ${DEFAULTS.timezone})`,
  );

/** `--threads`, `--memory`, `--temp`, `--temp-size` */
export const withBounds = (command: Command): Command =>
  command
    .option(
      '--threads <n>',
      'threads of one query (default: all cores, and three on two for a large year; at most 64, or four a core)',
      wholeNumber,
    )
    .option(
      '--memory <size>',
      'memory to stay within, such as 4GB (default: 60 % of the machine, or of its cgroup)',
      (value) => bytes(value, '256MB'),
    )
    .option('--temp <dir>', 'where what does not fit in memory goes (default: tmp, in the working folder)')
    .option('--temp-size <size>', 'what that may grow to (default: 90 % of what is free there)', (value) =>
      bytes(value),
    );

/** `--mouthful` */
export const withMouthful = (command: Command): Command =>
  command.option(
    '--mouthful <size>',
    'plays, as Parquet, to be worked on at once (default: a quarter of the memory)',
    (value) => bytes(value, '1MB'),
  );

/** `--write-units`, `--give-up-after` */
export const withPace = (command: Command): Command =>
  command
    .option(
      '--write-units <n>',
      'DynamoDB write units a second that are never passed (default: more until throttled)',
      wholeNumber,
    )
    .option(
      '--give-up-after <time>',
      `stop publishing when nothing was acknowledged for so long: 30s, 10min, 2h (default: ${DEFAULT_GIVE_UP_SECONDS / 60}min)`,
      seconds,
    );

/** Settles where things are: option, then environment, then configuration, then default. */
export async function places(
  options: PlaceOptions,
): Promise<WorkspaceOptions & { store: string; lake: string; storiesFolder?: string | undefined }> {
  const config = await readConfig(options.config);
  return {
    lake: options.lake ?? (process.env.WRAPPED_LAKE || undefined) ?? config.lake ?? DEFAULTS.lake,
    store: options.store ?? (process.env.WRAPPED_STORE || undefined) ?? config.store ?? DEFAULTS.store,
    work: options.work ?? config.work,
    timezone: options.timezone ?? config.timezone,
    layout: config.layout,
    threads: options.threads,
    memory: options.memory,
    mouthful: options.mouthful,
    temp: options.temp,
    tempSize: options.tempSize,
    storiesFolder: config.stories,
  };
}

/**
 * The stories that `--stories` means: ids pick among all that there are, folders add one's own.
 * @param values as given: `a,b`, or a folder
 */
export async function chooseStories(
  values: readonly string[],
  configured: string | undefined,
): Promise<AnyStory[]> {
  const folders: string[] = configured === undefined ? [] : [configured];
  const ids: string[] = [];
  for (const value of values) {
    if (!builtIn.some(({ id }) => id === value) && (await isFolderName(value))) folders.push(value);
    else
      ids.push(
        ...value
          .split(',')
          .map((id) => id.trim())
          .filter((id) => id !== ''),
      );
  }
  const all = joinStories(builtIn, ...(await Promise.all(folders.map(loadStories))));
  return ids.length === 0 ? all : pickStories(all, ids);
}

/** Collects an option that may be given several times. */
export const several = (value: string, before: readonly string[] = []): string[] => [...before, value];

/** A whole number, 1 or more. */
export function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,14}$/.test(value))
    throw new InvalidArgumentError(`found '${value}', expected a whole number, 1 or more`);
  return Number(value);
}

const UNITS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600 };

/** A time, in seconds: `30s`, `10min`, `2h`. */
function seconds(value: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(s|min|h)$/.exec(value) ?? [];
  if (number === undefined || Number(number) === 0)
    throw new InvalidArgumentError(`found '${value}', expected a time such as 30s, 10min or 2h`);
  return Number(number) * (UNITS[unit] as number);
}

const SIZES: Readonly<Record<string, number>> = {
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** A size, in bytes: `512MB`, `4GB`, `1.5GiB`; with a least one, not below it. */
function bytes(value: string, least?: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([KMGT]i?B)$/.exec(value) ?? [];
  if (number === undefined || Number(number) === 0)
    throw new InvalidArgumentError(`found '${value}', expected a size such as 512MB or 4GB`);
  const size = Math.floor(Number(number) * (SIZES[unit] as number));
  if (least !== undefined && size < bytes(least))
    throw new InvalidArgumentError(`found '${value}', expected ${least} or more`);
  return size;
}

/** One year. */
export function oneYear(value: string): number {
  if (!isYear(value)) throw new InvalidArgumentError(`found '${value}', expected a year such as 2019`);
  return Number(value);
}

/** Two years or more as one period, such as a decade: `2010-2019`. */
export function onePeriod(value: string): Period {
  const found = parsePeriod(value);
  if (found === undefined)
    throw new InvalidArgumentError(`found '${value}', expected years such as 2010-2019`);
  return found;
}

/** `2019`, `2010-2019`, `2010,2012-2014`: years in order, each once. */
export function manyYears(value: string): number[] {
  const years = value.split(',').flatMap((part) => {
    const match = /^(\d{4})(?:[-–](\d{4}))?$/.exec(part.trim());
    const from = Number(match?.[1]);
    const to = Number(match?.[2] ?? match?.[1]);
    if (match === null || to < from) {
      throw new InvalidArgumentError(
        `found '${value}', expected years such as 2019, 2010-2019 or 2010,2012-2014`,
      );
    }
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
  return [...new Set(years)].sort((a, b) => a - b);
}
