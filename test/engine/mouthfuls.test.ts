import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RunEvent } from '../../src/engine/outcome.ts';
import { makePlan } from '../../src/engine/plan.ts';
import { run } from '../../src/engine/run.ts';
import { openWorkspace, type WorkspaceOptions } from '../../src/engine/workspace.ts';
import type { History, Play } from '../../src/oracle/history.ts';
import type { Database } from '../../src/sql/database.ts';
import type { Sql } from '../../src/sql/sql.ts';
import type { FolderStore } from '../../src/store/folder/folder-store.ts';
import { columnName } from '../../src/store/store.ts';
import type { AnyStory } from '../../src/story/index.ts';
import { stories as everyStory } from '../../stories/index.ts';
import { combineHistories, historyArbitrary } from '../histories.ts';
import { hookedDatabase } from '../hooked-database.ts';
import { manyPlays, tempFolder, writeLake, writePlays } from '../lakes.ts';

/** The stories that read any totals, of their own year or of others, that none before them reads: together they read all. */
const read = new Set<string>();
const stories = everyStory.filter(({ reads, past }) => {
  const own = [...reads, ...(past?.reads ?? []).map((name) => `past ${name}`)];
  const isFirst = own.some((name) => !read.has(name));
  for (const name of own) read.add(name);
  return isFirst;
});

/** Less than any file of plays: each is a mouthful of its own, and users come in many buckets. */
const TINY = 10_000;

describe('however a year is cut into mouthfuls, and users into buckets', () => {
  test('columns are those of a run from nothing, whatever files are added, changed and removed', {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(historyArbitrary({ identity: 'track_id', timezone: 'UTC' }), { minLength: 4, maxLength: 4 }),
        fc.array(fc.array(fc.nat({ max: FILES }), { minLength: 40, maxLength: 40 }), {
          minLength: 2,
          maxLength: 2,
        }),
        async (histories, steps) => {
          const { history } = combineHistories(histories);
          const { dir, remove } = tempFolder();
          try {
            const lake = join(dir, 'lake');
            await writeLake(lake, { ...history, plays: [] });
            const written = new Map<string, string>();
            let before: Record<string, string> = {};
            for (const [index, places] of steps.entries()) {
              await writeFiles(lake, history, places, written);
              const grown = await bytesOfColumns({ lake, store: join(dir, 'grown'), mouthful: TINY });
              const anew = await bytesOfColumns({ lake, store: join(dir, `anew-${index}`) });
              const years = new Set(Object.keys(anew).map(yearOf));
              // Columns of a year whose last play is gone are kept as they were.
              const kept = Object.entries(before).filter(([name]) => !years.has(yearOf(name)));
              expect(grown).toEqual({ ...Object.fromEntries(kept), ...anew });
              before = grown;
            }
          } finally {
            remove();
          }
        },
      ),
      { numRuns: 1, endOnFailure: true, ...(process.env.SEED && { seed: Number(process.env.SEED) }) },
    );
  });
});

describe('only what is new is read', () => {
  /** Stories that together read all that is made of plays. */
  const chosen = everyStory.filter(({ id }) =>
    ['clock', 'session', 'skip', 'top-album', 'top-artist'].includes(id),
  );
  const columns = (options: WorkspaceOptions, { stories: asked = chosen } = {}) =>
    bytesOfColumns(options, { stories: asked });
  const day = (index: number) => `plays/year=2019/day-${String(index).padStart(2, '0')}.parquet`;
  const some = (index: number, count = 40) =>
    manyPlays(2019, count, [`user-${index % 3}`, `user-${index % 5}`, 'me']);

  /** A lake of so many files of one year, each a mouthful of its own. */
  async function lakeOf(files: number) {
    const { dir, remove } = tempFolder();
    onTestFinished(remove);
    const lake = join(dir, 'lake');
    for (let index = 0; index < files; index++) await writePlays(join(lake, day(index)), some(index));
    const options = { lake, store: join(dir, 'store'), mouthful: SMALL };
    const anew = () => columns({ lake, store: join(dir, `anew-${anews++}`) });
    return { lake, options, anew };
  }
  let anews = 0;
  /** Less than two of the files. */
  const SMALL = 5_000;

  /** The files that a run of the year would read, by mouthful, and how many mouthfuls there are. */
  async function planned(options: WorkspaceOptions) {
    const workspace = await openWorkspace(options);
    try {
      const plan = await makePlan(workspace, { stories: chosen });
      const year = plan.years.find((one) => one.year === 2019)!;
      const read = year.unread.map(({ files }) => files.map(({ path }) => basename(path, '.parquet')));
      return { read, of: year.totals.mouthfuls.length, why: year.columns[0]!.why };
    } finally {
      await workspace.close();
    }
  }

  test('a new file costs itself; one that changed, or went, what it was with', async () => {
    const { lake, options, anew } = await lakeOf(4);
    expect(await planned(options)).toMatchObject({ read: [['day-00'], ['day-01'], ['day-02'], ['day-03']] });
    await columns(options);
    expect(await planned(options)).toMatchObject({ read: [], of: 4, why: undefined });

    await writePlays(join(lake, day(4)), some(4));
    expect(await planned(options)).toMatchObject({
      read: [['day-04']],
      of: 5,
      why: `input changed: ${day(4)} is new`,
    });
    expect(await columns(options)).toEqual(await anew());

    await writePlays(join(lake, day(1)), some(1, 50));
    expect(await planned(options)).toMatchObject({
      read: [['day-01']],
      of: 5,
      why: `input changed: ${day(1)} is changed`,
    });
    expect(await columns(options)).toEqual(await anew());

    rmSync(join(lake, day(2)));
    expect(await planned(options)).toMatchObject({
      read: [],
      of: 4,
      why: `input changed: ${day(2)} is gone`,
    });
    expect(await columns(options)).toEqual(await anew());
  });

  test('a run that was cut off between two mouthfuls reads the second alone', async () => {
    const { options, anew } = await lakeOf(3);
    const workspace = await openWorkspace(options);
    const controller = new AbortController();
    const onEvent = (event: RunEvent) => {
      if (event.kind === 'totals' && event.mouthful === 2) controller.abort(new Error('stop'));
    };
    await expect(run(workspace, { stories: chosen, onEvent, signal: controller.signal })).rejects.toThrow(
      'stop',
    );
    await workspace.close();
    expect(await planned(options)).toMatchObject({ read: [['day-01'], ['day-02']], of: 3 });
    expect(await columns(options)).toEqual(await anew());
  });

  describe('too many small mouthfuls become fewer', () => {
    const few = chosen.filter(({ id }) => id === 'top-artist');
    const larger = (options: WorkspaceOptions) => ({ ...options, mouthful: 40_000 });

    test('no play is read for it, and what there is stays, though not all is asked for', {
      timeout: 120_000,
    }, async () => {
      const { lake, options, anew } = await lakeOf(17);
      await columns(options);
      await writePlays(join(lake, day(17)), some(17));
      const { read, of } = await planned(larger(options));
      expect(read).toEqual([['day-17']]);
      expect(of).toBeLessThan(17);
      await columns(larger(options), { stories: few });
      expect(await planned(larger(options))).toMatchObject({ read: [['day-17']], of });
      expect(await columns(larger(options))).toEqual(await anew());
      expect(await planned(larger(options))).toMatchObject({ read: [], of, why: undefined });
    });

    test('what they lack of what is asked for is read, and planned', { timeout: 120_000 }, async () => {
      const { options, anew } = await lakeOf(17);
      await columns(options, { stories: few });
      const { read } = await planned(larger(options));
      expect(read.flat().sort()).toEqual(
        Array.from({ length: 17 }, (_, index) => basename(day(index), '.parquet')),
      );
      expect(await columns(larger(options))).toEqual(await anew());
    });

    test('not for totals that are made of totals alone', { timeout: 120_000 }, async () => {
      const { options } = await lakeOf(17);
      await columns(options, { stories: everyStory.filter(({ id }) => id === 'top-track') });
      const folders = readdirSync(join(options.store, 'totals/2019'));
      expect(folders).toHaveLength(18);
      await columns(larger(options), { stories: few });
      expect(readdirSync(join(options.store, 'totals/2019'))).toEqual(folders);
    });
  });

  test('a mouthful whose totals were removed is read again', async () => {
    const { options, anew } = await lakeOf(3);
    await columns(options, { stories: chosen.filter(({ id }) => id === 'top-artist') });
    const totals = join(options.store, 'totals/2019');
    for (const name of readdirSync(totals)) {
      const { mouthfuls, plays } = JSON.parse(readFileSync(join(totals, name, 'input.json'), 'utf8'));
      if (mouthfuls === 1 && day(1) in plays) rmSync(join(totals, name), { recursive: true });
    }
    expect(await columns(options)).toEqual(await anew());
  });

  test('totals that say of themselves what nobody can read are none', async () => {
    const { options, anew } = await lakeOf(3);
    await columns(options);
    const totals = join(options.store, 'totals/2019');
    for (const name of readdirSync(totals)) truncateSync(join(totals, name, 'input.json'), 20);
    expect(await planned(options)).toMatchObject({ read: [], why: undefined });
    expect(await columns(options)).toEqual(await anew());
  });

  test('a small year is one mouthful, whatever it was before', async () => {
    const { lake, options, anew } = await lakeOf(3);
    await columns(options);
    await writePlays(join(lake, day(3)), some(3));
    const roomy = { lake, store: options.store };
    expect(await planned(roomy)).toMatchObject({ of: 1 });
    expect(await columns(roomy)).toEqual(await anew());
  });

  test('what does not fit in memory is done with fewer users at once, and to the same bytes', async () => {
    const { options } = await lakeOf(3);
    const expected = await bytesOfColumns({
      ...options,
      store: `${options.store}-anew`,
      mouthful: undefined,
    });
    const done = { merge: 0, story: 0 };
    expect(await bytesOfColumns(options, { through: (database) => stingy(database, done) })).toEqual(
      expected,
    );
    const { of } = await planned(options);
    expect(done.merge).toBeGreaterThanOrEqual(4 * of);
    expect(done.story).toBeGreaterThanOrEqual(4 * of);
  });
});

/** A database to which a merge of plays by track, and a story, are too large at first. Counts what was `done` then, a query a bucket. */
function stingy(database: Database, done: { merge: number; story: number }): Database {
  const refused = new Set<string>();
  const sizeUp = ({ text }: Sql) => {
    const isMerge = /^\s*COPY/.test(text) && / UNION ALL /.test(text) && /-user_track\//.test(text);
    const isStory = / told\b/.test(text) && /in_a_row/.test(text);
    const kind = isMerge ? 'merge' : isStory ? 'story' : undefined;
    if (kind === undefined) return;
    done[kind]++;
    if (refused.has(kind)) return;
    refused.add(kind);
    throw new Error('Out of Memory Error: injected');
  };
  return hookedDatabase(database, sizeUp);
}

/** Files of plays of a year; a place of {@link FILES} is none, so that those plays are not in the lake. */
const FILES = 5;

/** Writes the plays into files by `places`, by which the nth play of a history goes; a file that is what it was is left alone. */
async function writeFiles(
  lake: string,
  { plays }: History,
  places: readonly number[],
  written: Map<string, string>,
): Promise<void> {
  const files = new Map<string, Play[]>();
  for (const [index, play] of plays.entries()) {
    // Blocks of plays change their place together, so that some files stay what they were. The first has one: a lake without a file is none.
    const block = Math.floor(index / 25);
    const place = block === 0 ? places[0]! % FILES : places[block % places.length]!;
    if (place === FILES) continue;
    const path = join(lake, 'plays', `year=${new Date(play.played_at).getUTCFullYear()}`, `${place}.parquet`);
    files.set(path, [...(files.get(path) ?? []), play]);
  }
  for (const path of written.keys()) {
    if (files.has(path)) continue;
    rmSync(path);
    written.delete(path);
  }
  for (const [path, some] of files) {
    const text = JSON.stringify(some);
    if (written.get(path) === text) continue;
    await writePlays(path, some);
    written.set(path, text);
  }
}

const yearOf = (column: string) => column.split('#')[1];

/** The digest of each column's file. */
async function bytesOfColumns(
  options: WorkspaceOptions,
  {
    through = (database) => database,
    stories: asked = stories,
  }: { through?: (database: Database) => Database; stories?: readonly AnyStory[] } = {},
): Promise<Record<string, string>> {
  const opened = await openWorkspace(options);
  const workspace = { ...opened, database: through(opened.database) };
  try {
    // One at a time: several would share the memory, and take yet more buckets.
    const { outcomes } = await run(workspace, { stories: asked, parallel: 1 });
    expect(outcomes.filter(({ status }) => status === 'failed')).toEqual([]);
    const store = workspace.store as FolderStore;
    const entries = (await store.ledger()).map((entry) => {
      const what =
        entry.written === undefined
          ? entry.state
          : createHash('sha256')
              .update(readFileSync(store.path(entry.written)))
              .digest('hex');
      return [columnName(entry), what];
    });
    return Object.fromEntries(entries);
  } finally {
    await workspace.close();
  }
}
