// The decade over ten generated years, beside plain SQL over the same totals. `npm run bench:decade -- --users 30000`; figures are ratios
// within one run, each side in a process of its own.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openTotals } from './decade-totals.mjs';
import { machine, median, ratio, seconds, wrapped } from './measure.mjs';

const { values: options } = parseArgs({
  options: {
    users: { type: 'string', default: '30000' },
    'plays-per-user': { type: 'string', default: '500' },
    rounds: { type: 'string', default: '3' },
    dir: { type: 'string', default: '.bench' },
  },
});

const YEARS = '2010-2019';
const RANKINGS = 'top-artist,top-track,top-genre';
const dir = join(options.dir, `decade-${options.users}x${options['plays-per-user']}`);
const [lake, store] = [join(dir, 'lake'), join(dir, 'store')];
const places = ['--lake', lake, '--store', store];

mkdirSync(dir, { recursive: true });
if (!existsSync(lake)) {
  const shape = [
    '--users',
    options.users,
    '--plays-per-user',
    options['plays-per-user'],
    '--years',
    YEARS,
    '--seed',
    '1',
  ];
  console.log(`generated in ${seconds(wrapped('generate', ...shape, '--lake', lake).seconds)}`);
}
console.log(
  `years computed in ${seconds(wrapped('run-all', ...places, '--years', YEARS, '--json').seconds)}`,
);

/** The plain queries in a process of their own, as the command is. */
function plain() {
  const started = performance.now();
  const script = join(import.meta.dirname, 'plain-decade.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, store], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return { ...JSON.parse(stdout), hand: (performance.now() - started) / 1000 };
}

console.log(
  `${options.users} users, ${options['plays-per-user']} plays of each a year, ${YEARS}; ${machine()}`,
);
const rounds = [];
for (let round = 0; round < Number(options.rounds); round++) {
  const byHand = plain();
  const decade = wrapped('decade', ...places, '--years', YEARS, '--stories', RANKINGS, '--force', '--json');
  const all = wrapped('decade', ...places, '--years', YEARS, '--force', '--json');
  const { hand } = byHand;
  rounds.push({ ...byHand, decade: decade.seconds, all: all.seconds, peak: all.peak ?? 0 });
  console.log(
    `round ${round + 1}: plain ${seconds(hand)}, all rankings ${seconds(decade.seconds)} (${ratio(decade.seconds / hand)})`,
  );
}

const of = (what) => median(rounds.map((round) => round[what]));
console.log('\n| what | seconds | of plain |\n|---|---|---|');
for (const what of ['user and artist', 'user and track', 'hand', 'decade', 'all']) {
  const name = {
    hand: 'both plain queries',
    decade: 'all rankings: artists, tracks, genres',
    all: 'wrapped decade, every story',
  }[what];
  console.log(`| ${name ?? `  plain: ${what}`} | ${of(what).toFixed(1)} | ${ratio(of(what) / of('hand'))} |`);
}
console.log(
  `\npeak memory: ${Math.round(Math.max(...rounds.map(({ peak }) => peak)) / 2 ** 20).toLocaleString('en')} MB`,
);

// The threshold method's second phase: of the totals, the rows that could still bring an entry into the first ten.
const session = await openTotals(store);
for (const [story, list, id, from] of [
  ['top-artist', 'artists', 'artist_id', 'user_artist'],
  ['top-track', 'tracks', 'track_id', 'user_track'],
]) {
  const files = readdirSync(join(store, 'columns', story))
    .filter((name) => /^201\d~/.test(name))
    .map((name) => `'${join(store, 'columns', story, name)}'`);
  const [{ kept, total }] = await session.rows(
    `
    WITH known AS (SELECT user_id, entry.${id} AS id, sum(entry.plays) AS plays
      FROM (SELECT user_id, unnest(value.${list}) AS entry FROM read_parquet([${files}])) GROUP BY ALL),
    threshold AS (SELECT user_id, CASE WHEN count(*) >= 10 THEN min(list_extract(tops, 10)) ELSE 0 END AS least
      FROM (SELECT user_id, max(plays, 10) AS tops, unnest(max(plays, 10)) FROM known GROUP BY user_id) GROUP BY user_id)
    SELECT count(*) FILTER (${from}.plays * 10 >= least)::INTEGER AS kept, count(*)::INTEGER AS total
    FROM ${from} JOIN "user" USING (user_year) JOIN threshold USING (user_id)`,
  );
  console.log(
    `phase 2 of the threshold method would keep ${((100 * kept) / total).toFixed(0)} % of ${total.toLocaleString('en')} rows of ${from}`,
  );
}
session.close();
