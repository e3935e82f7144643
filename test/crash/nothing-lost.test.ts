import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filesWith, jsonLines, type Spawned, wrapped } from '../cli/wrapped.ts';
import { manyPlays, tempFolder, writeLake, writePlays } from '../lakes.ts';

/** `npm run test:crash` asks for more. */
const KILLS = Number(process.env.RUN_KILLS ?? 20);
const FAULTS = Number(process.env.RUN_FAULTS ?? 8);
const FORGETS = Math.ceil(KILLS / 5);

/** What makes few files and many kinds of steps. `top-genre` is not applicable. */
const CHOSEN = ['--stories', 'minutes,top-artist,top-genre', '--parallel', '2'];
const PRELOAD = join(import.meta.dirname, 'faults.mjs');
const ANN = 'ann-who-left';

const { dir, remove } = tempFolder();
afterAll(remove);

/** By scene: the steps that its run takes, and the columns that it ends with. */
const SCENES = ['a first run', 'a run after new files'] as const;
type Scene = (typeof SCENES)[number];
const steps = new Map<Scene, number>();
let before: Columns;
let expected: Columns;

/** Runs the command line with a fault; see faults.mjs. */
const withFault = (fault: string, args: readonly string[], log?: string): Promise<Spawned> =>
  wrapped(args, {
    cwd: dir,
    env: {
      NODE_OPTIONS: `--import ${PRELOAD}`,
      FAULT: fault,
      ...(log === undefined ? {} : { FAULT_LOG: log }),
    },
  });

const run = (store: string) => ['run-all', '--store', store, ...CHOSEN];

/** Digests of columns by name. Throws where the ledger or a file that it names is half. */
type Columns = Readonly<Record<string, string>>;
function columnsOf(store: string): Columns {
  const folder = join(dir, store, 'ledger');
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  return Object.fromEntries(
    names
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => {
        const { written, state, reason } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
        if (written === undefined) return state === 'failed' ? [] : [[name, `${state}: ${reason}`]];
        const bytes = readFileSync(join(dir, store, written.at));
        return [[name, createHash('sha256').update(bytes).digest('hex')]];
      }),
  );
}

/** A store as it is before the run of a scene. */
function storeOf(scene: Scene, name: string): string {
  if (scene === 'a run after new files') cpSync(join(dir, 'old'), join(dir, name), { recursive: true });
  return name;
}

/** A number from 1 to `most`, the same for the same seed. */
const seeded = (seed: number, most: number): number => 1 + ((Math.imul(seed, 2654435761) >>> 0) % most);

beforeAll(async () => {
  await writeLake(join(dir, 'lake'), { plays: [...manyPlays(2018, 60), ...manyPlays(2019, 60)] });
  expect(await wrapped(run('old'), { cwd: dir })).toMatchObject({ code: 0 });
  before = columnsOf('old');
  for (const year of [2018, 2019]) {
    const more = manyPlays(year, 30, ['bob', ANN]);
    await writePlays(join(dir, `lake/plays/year=${year}/new.parquet`), more);
  }
  for (const scene of SCENES) {
    const store = storeOf(scene, `clean ${scene}`);
    const log = join(dir, `${scene}.log`);
    expect(await withFault('count@0', run(store), log)).toMatchObject({ code: 0 });
    steps.set(scene, Number(readFileSync(log, 'utf8')));
    expected = columnsOf(store);
  }
  expect(Object.keys(expected)).toHaveLength(6);
}, 120_000);

/** Every column is what it was or what it is to be; then a run ends as if nothing had been. */
async function goesOn(store: string, scene: Scene): Promise<void> {
  for (const [name, digest] of Object.entries(columnsOf(store))) {
    const old = scene === 'a first run' ? undefined : before[name];
    expect([expected[name], old], name).toContain(digest);
  }
  const next = await wrapped(run(store), { cwd: dir });
  expect(next).toMatchObject({ code: 0 });
  expect(columnsOf(store)).toEqual(expected);
  expect(readdirSync(join(dir, store, 'tmp'))).toEqual([]);
}

describe.each(SCENES)('%s', (scene) => {
  test(
    `killed at ${KILLS / 2} seeded steps: the next ends as if nothing had been`,
    async () => {
      for (let seed = 1; seed <= KILLS / 2; seed++) {
        const at = seeded(seed, steps.get(scene)!);
        const store = storeOf(scene, `${scene} killed ${seed}`);
        const killed = await withFault(`kill@${at}`, run(store));
        expect(killed, `seed ${seed}`).toMatchObject({ code: null, stdout: '' });
        await goesOn(store, scene);
      }
    },
    20_000 * KILLS,
  );

  test(
    `with a fault of the file system at ${FAULTS / 2} seeded steps: it ends with 1, says where, and the next goes on`,
    async () => {
      let failed = 0;
      for (let seed = 1; seed <= FAULTS / 2; seed++) {
        const at = seeded(seed + 1000, steps.get(scene)!);
        const store = storeOf(scene, `${scene} failed ${seed}`);
        const [code, found] =
          seed % 2 === 0
            ? ['EIO', /can't be written: EIO: i\/o error/]
            : ['ENOSPC', /can't be written: ENOSPC: no space/];
        const done = await withFault(`${code}@${at}${seed % 4 === 1 ? '+' : ''}`, run(store));
        // A link that fails is made up for by a rename.
        if (done.code === 0) expect(columnsOf(store), `seed ${seed}`).toEqual(expected);
        else {
          failed += 1;
          expect(done, `seed ${seed}`).toMatchObject({ code: 1 });
          expect(done.stderr, `seed ${seed}`).toMatch(found);
          expect(done.stderr, `seed ${seed}`).toMatch(/^failed .*(2018|2019)/m);
        }
        await goesOn(store, scene);
      }
      expect(failed).toBeGreaterThan(FAULTS / 8);
    },
    20_000 * FAULTS,
  );
});

test(
  `forget, killed at ${FORGETS} seeded steps: the same command removes what is left`,
  async () => {
    const store = 'clean a first run';
    const all = await withFault(
      'count@0',
      ['forget', ANN, '--store', copyOf(store, 'forget')],
      join(dir, 'forget.log'),
    );
    expect(all).toMatchObject({ code: 0 });
    const most = Number(readFileSync(join(dir, 'forget.log'), 'utf8'));
    for (let seed = 1; seed <= FORGETS; seed++) {
      const name = copyOf(store, `forget ${seed}`);
      const killed = await withFault(`kill@${seeded(seed + 2000, most)}`, ['forget', ANN, '--store', name]);
      expect(killed, `seed ${seed}`).toMatchObject({ code: null });
      const again = await wrapped(['forget', ANN, '--store', name, '--json'], { cwd: dir });
      expect(jsonLines(again.stdout)).toMatchObject([{ user: ANN, forgotten: true }]);
      expect(await filesWith(join(dir, name), ANN)).toEqual([]);
    }
  },
  20_000 * FORGETS,
);

function copyOf(store: string, name: string): string {
  cpSync(join(dir, store), join(dir, name), { recursive: true });
  return name;
}
