import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import picocolors from 'picocolors';
import { type Bounds, budgetOf } from '../engine/budget.ts';
import { checkTemp } from '../engine/place.ts';
import {
  CHECK_IDS,
  CHECKS,
  type CheckId,
  type Finding,
  isOver,
  type Limit,
  parseLimit,
} from '../lake/check/checks.ts';
import { type CheckReport, checkLake } from '../lake/check.ts';
import { openLake } from '../lake/lake.ts';
import { openDatabase, type Session } from '../sql/database.ts';
import { stoppable } from '../sql/stoppable.ts';
import { clean } from '../view/clean.ts';
import { percent } from '../view/format.ts';
import { interruptible } from './interrupt.ts';
import { manyYears, type PlaceOptions, places, withBounds, withConfig } from './options.ts';
import { colorful, count, plural, print, printJson, say, talkColors } from './output.ts';

interface Options extends PlaceOptions {
  readonly years?: number[];
  readonly max?: Limits;
  readonly strict?: true;
  readonly json?: true;
}

type Limits = Partial<Record<CheckId, Limit>>;

/** As many examples are shown of one check. */
const SHOWN = 6;

export const checkCommand = (): Command =>
  withBounds(withConfig(new Command('check')))
    .description('look for what is wrong with a lake: gaps, nulls, the future, duplicates, and more')
    .option('--lake <dir>', 'the lake to look at (default: ./lake)')
    .option('--years <years>', '2019, 2010-2019, 2010,2012-2014: these partitions (default: all)', manyYears)
    .option('--timezone <iana>', 'zone of users that the lake gives none (default: UTC)')
    .option('--strict', 'exit with 1 where more is found than a limit allows')
    .option(
      '--max <check=limit>',
      'the limit of a check, as a number or a share: gap=3, duplicate=0.1% (may be given several times)',
      oneLimit,
    )
    .option(
      '--json',
      'a line of JSON per check: check, state, found, of, limit, examples; then one of the whole',
    )
    .addHelpText(
      'after',
      `
Checks, and their limits:
${CHECK_IDS.map((id) => `  ${id.padEnd(18)} a ${CHECKS[id].unit} ${CHECKS[id].is} (${told(CHECKS[id].limit)})`).join('\n')}

Examples:
  $ wrapped check
  $ wrapped check --strict --max gap=3 --max duplicate=0.1% && wrapped run-all
  $ wrapped check --years 2019 --json | grep '"state":"over"'`,
    )
    .action(async (options: Options) => {
      const place = await places(options);
      const lake = await openLake(place.lake, place.layout);
      const report = await interruptible(
        (signal) =>
          withSession(place, (own) =>
            stoppable(own, signal, (session) =>
              checkLake({
                lake,
                session,
                timezone: place.timezone ?? 'UTC',
                now: new Date(),
                years: options.years,
                limits: options.max,
                onYear: (year) => {
                  if (process.stderr.isTTY) say(talkColors().dim(`looking at ${year}`));
                },
              }),
            ),
          ),
        'interrupted; the lake was only looked at',
      );
      if (options.json) printLines(report);
      else printReport(report);
      if (options.strict && report.findings.some(isOver)) process.exitCode = 1;
    });

/** A session of a database that spills to a folder of its own, gone afterwards. */
async function withSession<Result>(
  { threads, memory, temp: within = tmpdir(), tempSize }: Bounds,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  await checkTemp(within);
  const temp = await mkdtemp(join(within, 'wrapped-check-'));
  try {
    const database = await openDatabase({ threads, memory: budgetOf({ memory }).memory, temp, tempSize });
    try {
      return await work(await database.session());
    } finally {
      database.close();
    }
  } finally {
    await rm(temp, { recursive: true, force: true });
  }
}

function oneLimit(value: string, before: Limits = {}): Limits {
  const [id = '', text = ''] = value.split('=');
  const limit = parseLimit(text);
  if (!(CHECK_IDS as string[]).includes(id) || limit === undefined) {
    throw new InvalidArgumentError(
      `found '${value}', expected CHECK=LIMIT such as duplicate=10 or duplicate=0.1%, CHECK being one of ${CHECK_IDS.join(', ')}`,
    );
  }
  return { ...before, [id]: limit };
}

function printReport({ rows, users, first, last, findings, unchecked }: CheckReport): void {
  const colors = picocolors.createColors(colorful(process.stdout));
  const wrong = findings.filter(({ found }) => found > 0);
  const fine = findings.filter(({ found }) => found === 0).map(({ check }) => check);
  const span =
    first === null || last === null
      ? ''
      : `, ${first.toISOString().slice(0, 10)} to ${last.toISOString().slice(0, 10)}`;
  print(`${plural(rows, 'listen row')} of ${plural(users, 'user')}${span}`);
  for (const finding of wrong) {
    const [mark, paint] = isOver(finding) ? ['✗', colors.red] : ['·', colors.yellow];
    print(`${paint(mark)} ${finding.check}: ${sentence(finding)}`);
  }
  const praise = GOOD.filter(([checks]) => checks.every((check) => fine.includes(check))).map(
    ([, says]) => says,
  );
  if (praise.length > 0) {
    print(
      `${colors.green('✓')} ${wrong.length === 0 ? 'a clean lake' : 'apart from that'}: ${listed(praise)}`,
    );
  }
  for (const { check, why } of unchecked) print(colors.dim(`? ${check}: not looked at, since ${why}`));
}

/** What is good where these checks found nothing. */
const GOOD: readonly (readonly [checks: readonly CheckId[], says: string])[] = [
  [['gap'], 'no month without music'],
  [['no-user', 'no-time', 'no-track', 'no-length'], 'nothing missing'],
  [['duplicate'], 'nothing twice'],
  [['future'], 'nothing from the future'],
  [['longer-than-track'], 'nothing longer than it lasts'],
  [['beyond-human'], 'nobody beyond any human'],
];

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** `12 of 120 months have no rows: 2013-05, 2014-02 to 2014-04` */
function sentence({ check, found, of, limit, examples }: Finding): string {
  if (check === 'refused') return `a run refuses this lake: ${clean(examples[0] ?? '')}`;
  const { unit, is, are } = CHECKS[check];
  const share = unit === 'month' || of === 0 ? '' : ` (${shareOf(found / of)})`;
  const shown = examples.slice(0, SHOWN).map(clean);
  const rest = examples.length - shown.length;
  const such = unit === 'month' ? ': ' : ', such as ';
  const isPlain = 'most' in limit ? limit.most === 0 : limit.share === 1;
  const allowed = isPlain ? '' : `; the limit is ${told(limit)}`;
  return (
    `${count(found)} of ${many(of, unit)}${share} ${found === 1 ? is : are}` +
    (shown.length === 0 ? '' : such + shown.join(', ')) +
    (rest > 0 ? ` and ${unit === 'month' ? plural(rest, 'more span') : `${rest} more`}` : '') +
    allowed
  );
}

/** `1 day of a user`, `2 days of a user`: the first word is what there is of. */
const many = (number: number, unit: string): string =>
  `${count(number)} ${number === 1 ? unit : unit.replace(/^\w+/, '$&s')}`;

/** However small a share is, it is not nothing. */
const shareOf = (share: number): string => (share < 0.0005 ? 'less than 0.1%' : percent(share));

const told = (limit: Limit): string => ('most' in limit ? count(limit.most) : `${count(limit.share * 100)}%`);

function printLines({ findings, unchecked, ...whole }: CheckReport): void {
  for (const finding of findings) {
    const { check, found, of, limit, examples } = finding;
    const state = isOver(finding) ? 'over' : found > 0 ? 'found' : 'clean';
    printJson({ check, state, found, of, limit: told(limit), examples });
  }
  for (const { check, why } of unchecked) printJson({ check, state: 'unchecked', why });
  printJson({ ...whole, clean: findings.every(({ found }) => found === 0) });
}
