// Measures how far one machine goes: growth, what new files cost, what a plan of many files costs, and whether stories side by side cost more.
// `npm run bench:scale`; `--only growth,new-files` measures some of it; `--sizes 10,100,1000` are millions of plays (1,000 take an hour, and 40 GB).
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDuckDB } from './duckdb.mjs';
import { machine, median, ratio, seconds, wrapped } from './measure.mjs';

const PARTS = { growth, 'new-files': newFiles, status, 'dry-run': dryRun, parallel };

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(PARTS).join(',') },
    sizes: { type: 'string', default: '10,100' },
    memory: { type: 'string', default: '4GB' },
    files: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
    dir: { type: 'string', default: '.bench' },
  },
});

const YEAR = '2019';
const PLAYS_PER_USER = 500;
const session = await openDuckDB();

console.log(machine());
for (const part of options.only.split(',')) {
  if (!(part in PARTS)) throw new Error(`no part '${part}'; there are ${Object.keys(PARTS).join(', ')}`);
  await PARTS[part]();
}
session.close();

/** A lake of so many million plays, all of one year. */
function lakeOf(millions) {
  const users = String((millions * 1_000_000) / PLAYS_PER_USER);
  const lake = join(options.dir, `${users}x${PLAYS_PER_USER}`, 'lake');
  if (!existsSync(lake)) generate(lake, users, YEAR);
  return lake;
}

function generate(lake, users, years, plays = PLAYS_PER_USER) {
  wrapped(
    'generate',
    '--users',
    users,
    '--plays-per-user',
    String(plays),
    '--years',
    years,
    '--seed',
    '1',
    '--lake',
    lake,
  );
}

function runAll(lake, ...more) {
  const store = join(options.dir, 'scale-store');
  if (!more.includes('--keep')) rmSync(store, { recursive: true, force: true });
  const rest = more.filter((option) => option !== '--keep');
  return wrapped('run-all', '--lake', lake, '--store', store, '--memory', options.memory, '--json', ...rest);
}

/** Every story of a year, at one size after the other. */
async function growth() {
  console.log(`\nevery story of a year, with --memory ${options.memory}\n`);
  console.log('| million plays | seconds | of a million | grew by | peak memory |\n|---|---|---|---|---|');
  let before;
  for (const size of options.sizes.split(',')) {
    const { seconds: took, peak = 0 } = runAll(lakeOf(Number(size)), '--years', YEAR);
    const each = took / Number(size);
    const grew = before === undefined ? '' : ratio(each / before);
    console.log(`| ${size} | ${took.toFixed(1)} | ${each.toFixed(2)} | ${grew} | ${megabytes(peak)} |`);
    before = each;
  }
}

/** A year of which one play in a hundred, the last ones, come in a file of their own, after the rest was told. */
async function newFiles() {
  const millions = Math.max(...options.sizes.split(',').map(Number));
  const from = lakeOf(millions);
  const lake = join(options.dir, 'scale-new-files');
  const december = `${lake}/plays/year=${YEAR}/month=12`;
  rmSync(lake, { recursive: true, force: true });
  cpSync(from, lake, { recursive: true });
  const all = `read_parquet('${from}/plays/**/*.parquet', hive_partitioning = false)`;
  const own = `read_parquet('${from}/plays/year=${YEAR}/month=12/*.parquet', hive_partitioning = false)`;
  const [{ since }] = await session.rows(
    `SELECT epoch_ms(quantile_disc(played_at, 0.99)) AS since FROM ${all}`,
  );
  rmSync(december, { recursive: true });
  mkdirSync(december);
  const write = (name, where) =>
    session.run(
      `COPY (SELECT * FROM ${own} WHERE epoch_ms(played_at) ${where} ${since} ORDER BY user_id, played_at) TO '${december}/${name}.parquet'`,
    );
  await write('part-000', '<');
  const whole = runAll(lake, '--years', YEAR);
  await write('part-001', '>=');
  const added = runAll(lake, '--years', YEAR, '--keep', '--profile');
  const phases = added.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ phase }) => phase !== undefined);
  const spent = (name) =>
    seconds(phases.filter(({ phase }) => phase === name).reduce((sum, phase) => sum + phase.seconds, 0));
  console.log(
    `\n1 % new files: ${seconds(added.seconds)} after ${seconds(whole.seconds)} for the whole year of ${millions} million plays: ` +
      `${((100 * added.seconds) / whole.seconds).toFixed(0)} % (${[...new Set(phases.map(({ phase }) => phase))].map((name) => `${name} ${spent(name)}`).join(', ')}; parts overlap)`,
  );
  rmSync(lake, { recursive: true });
}

/** Every story of ten years. */
async function status() {
  const lake = join(options.dir, 'scale-decade');
  if (!existsSync(lake)) generate(lake, '1000', '2010-2019', 100);
  runAll(lake);
  const store = join(options.dir, 'scale-store');
  const took = median(times(() => wrapped('status', '--lake', lake, '--store', store, '--json').seconds));
  console.log(`\nstatus of every story of ten years: ${took.toFixed(2)} s`);
}

/** A plan of very many small files, ten years of them. */
async function dryRun() {
  const lake = join(options.dir, `scale-files-${options.files}`);
  if (!existsSync(lake)) await writeManyFiles(lake, Number(options.files));
  const store = join(options.dir, 'scale-store');
  rmSync(store, { recursive: true, force: true });
  const took = times(() => wrapped('run-all', '--lake', lake, '--store', store, '--dry-run').seconds, 3);
  console.log(
    `\n--dry-run over ${Number(options.files).toLocaleString('en')} files: ${seconds(median(took))} (${took.map(seconds).join(', ')})`,
  );
}

async function writeManyFiles(lake, files) {
  const years = Array.from({ length: 10 }, (_, index) => 2010 + index);
  for (const year of years) {
    const dir = join(lake, 'plays', `year=${year}`);
    mkdirSync(dir, { recursive: true });
    const first = join(dir, 'part-00000.parquet');
    await session.run(
      `COPY (
        SELECT
          'user-' || i % 7 AS user_id, TIMESTAMPTZ '${year}-03-01 00:00:00Z' + i * INTERVAL 1 HOUR AS played_at,
          'track-' || i % 5 AS track_id, 'artist-' || i % 3 AS artist_id, 200000::BIGINT AS ms_played,
          'Song ' || i % 5 AS track, 'Artist ' || i % 3 AS artist, 'Album' AS album, 'DE' AS country, false AS skipped
        FROM range(100) AS plays(i)) TO '${first}'`,
    );
    for (let index = 1; index < files / years.length; index++)
      copyFileSync(first, join(dir, `part-${String(index).padStart(5, '0')}.parquet`));
  }
}

/** Stories side by side against one after the other, turn by turn. */
async function parallel() {
  const lake = lakeOf(Math.min(...options.sizes.split(',').map(Number)));
  const rounds = times(() => {
    const [many, one] = ['8', '1'].map((n) => runAll(lake, '--years', YEAR, '--parallel', n));
    return { many, one };
  });
  const all = (which) => rounds.map((round) => round[which].seconds);
  console.log(
    `\n--parallel 8 against --parallel 1, every story: ${seconds(median(all('many')))} against ${seconds(median(all('one')))}, ` +
      `the median of ${rounds.length} ratios ${ratio(median(rounds.map(({ many, one }) => many.seconds / one.seconds)))}; ` +
      `peak memory ${megabytes(Math.max(...rounds.map(({ many }) => many.peak ?? 0)))} against ${megabytes(Math.max(...rounds.map(({ one }) => one.peak ?? 0)))}`,
  );
}

function times(measure, rounds = Number(options.rounds)) {
  return Array.from({ length: rounds }, measure);
}

function megabytes(bytes) {
  return `${Math.round(bytes / 2 ** 20).toLocaleString('en')} MB`;
}
