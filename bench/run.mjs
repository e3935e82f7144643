// Measures what README says of speed. `npm run bench -- --users 100000 --plays-per-user 500`; figures are ratios within one run.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDuckDB } from './duckdb.mjs';
import { writeExport } from './export.mjs';
import { handWritten } from './hand-written.mjs';
import { machine, median, ratio, seconds, wrapped } from './measure.mjs';

const { values: options } = parseArgs({
  options: {
    users: { type: 'string', default: '100000' },
    'plays-per-user': { type: 'string', default: '500' },
    year: { type: 'string', default: '2019' },
    rounds: { type: 'string', default: '3' },
    dir: { type: 'string', default: '.bench' },
  },
});

const STORIES = 'minutes,top-artist,top-track,top-genre,listening-personality';
const IMPORT_ROWS = 1_000_000;
const dir = join(options.dir, `${options.users}x${options['plays-per-user']}`);
const lake = join(dir, 'lake');
const store = join(dir, 'store');

const session = await openDuckDB();
const plays = `read_parquet('${lake}/plays/**/*.parquet')`;

/** Seconds of one query. */
async function time(query) {
  const started = performance.now();
  await session.run(query);
  return (performance.now() - started) / 1000;
}

mkdirSync(dir, { recursive: true });
if (!existsSync(lake)) {
  const { seconds: took } = wrapped(
    'generate',
    '--users',
    options.users,
    '--plays-per-user',
    options['plays-per-user'],
    '--years',
    options.year,
    '--seed',
    '1',
    '--lake',
    lake,
  );
  console.log(`generated in ${seconds(took)}`);
}

const FLOOR = `SELECT count(*) FROM (
  SELECT user_id, track_id, count(*), sum(ms_played) FROM plays WHERE ms_played >= 30000 GROUP BY ALL
)`;
await session.run(`CREATE VIEW plays AS SELECT * FROM ${plays}`);
for (const table of ['tracks', 'artist_genres', 'users']) {
  await session.run(`CREATE VIEW ${table} AS SELECT * FROM read_parquet('${lake}/${table}.parquet')`);
}
const [{ rows }] = await session.rows('SELECT count(*) AS rows FROM plays');

console.log(`${Number(rows).toLocaleString('en')} plays of ${options.users} users, ${machine()}`);

const rounds = [];
for (let round = 0; round < Number(options.rounds); round++) {
  rmSync(store, { recursive: true, force: true });
  const before = await time(FLOOR);
  const all = wrapped(
    'run-all',
    '--lake',
    lake,
    '--store',
    store,
    '--years',
    options.year,
    '--stories',
    STORIES,
    '--json',
  );
  const again = wrapped(
    'run',
    '--lake',
    lake,
    '--store',
    store,
    '--year',
    options.year,
    '--story',
    'top-artist',
    '--force',
    '--json',
  );
  const unchanged = wrapped(
    'run-all',
    '--lake',
    lake,
    '--store',
    store,
    '--years',
    options.year,
    '--stories',
    STORIES,
    '--json',
  );
  const floor = (before + (await time(FLOOR))) / 2;
  rounds.push({ floor, all, again, unchanged });
  console.log(
    `round ${round + 1}: floor ${seconds(floor)}, run-all ${seconds(all.seconds)} (${ratio(all.seconds / floor)}), ` +
      `one story again ${seconds(again.seconds)} (${ratio(again.seconds / floor)}), unchanged ${seconds(unchanged.seconds)}`,
  );
}

const byHand = {};
for (const [story, query] of Object.entries(handWritten(Number(options.year))))
  byHand[story] = await time(query);
const floor = median(rounds.map((round) => round.floor));
const table = [
  ['the floor: one GROUP BY user, track', floor],
  ['run-all, five stories, totals kept', median(rounds.map(({ all }) => all.seconds))],
  ['one story changed, run again', median(rounds.map(({ again }) => again.seconds))],
  ['run-all, nothing changed', median(rounds.map(({ unchanged }) => unchanged.seconds))],
  ['five hand-written queries on raw plays', Object.values(byHand).reduce((sum, value) => sum + value, 0)],
  ...Object.entries(byHand).map(([story, value]) => [`  of these ${story}`, value]),
];
console.log('\n| what | seconds | of the floor |\n|---|---|---|');
for (const [what, value] of table) console.log(`| ${what} | ${value.toFixed(1)} | ${ratio(value / floor)} |`);
console.log(
  `\npeak memory of run-all: ${Math.round(Math.max(...rounds.map(({ all }) => all.peak ?? 0)) / 2 ** 20).toLocaleString('en')} MB`,
);

reportEveryStory(floor);

const exported = join(dir, 'export.json');
const imported = join(dir, 'imported');
writeExport(exported, IMPORT_ROWS);
rmSync(imported, { recursive: true, force: true });
const { seconds: took, peak } = wrapped('import', exported, '--user', 'me', '--lake', imported, '--json');
console.log(
  `import: ${Math.round(IMPORT_ROWS / took).toLocaleString('en')} rows a second (${IMPORT_ROWS.toLocaleString('en')} rows of Spotify's extended history, peak ${Math.round((peak ?? 0) / 2 ** 20)} MB)`,
);
session.close();

/** What every story takes, and each one's own share; one after the other, so that each second is one story's. */
function reportEveryStory(floor) {
  rmSync(store, { recursive: true, force: true });
  const place = ['--lake', lake, '--store', store, '--years', options.year];
  const {
    stdout,
    seconds: took,
    peak,
  } = wrapped('run-all', ...place, '--parallel', '1', '--profile', '--json');
  const phases = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ phase }) => phase !== undefined && phase !== 'whole');
  const shares = new Map();
  for (const { phase, name, seconds: own } of phases) {
    const what = phase === 'story' ? name : [phase, name].join(' ').trim();
    shares.set(what, (shares.get(what) ?? 0) + own);
  }
  console.log(
    `\nevery story: ${seconds(took)}, ${ratio(took / floor)} of the floor, peak ${Math.round((peak ?? 0) / 2 ** 20).toLocaleString('en')} MB`,
  );
  console.log('\n| of these | seconds | of the floor |\n|---|---|---|');
  for (const [what, own] of [...shares].sort((a, b) => b[1] - a[1]))
    console.log(`| ${what} | ${own.toFixed(1)} | ${ratio(own / floor)} |`);
}
