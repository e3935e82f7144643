import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openWorkspace } from '../../src/engine/workspace.ts';
import { openStore, type RunEvent, runAll } from '../../src/index.ts';
import { integer, object, sql, struct } from '../../src/story/index.ts';
import { columnsOf } from '../engine.ts';
import { manyPlays, tempFolder, writeLake } from '../lakes.ts';
import { type CountStory, countStory } from '../stories-of.ts';

async function smallLake(plays = manyPlays(2019, 60)) {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  const where = { dir, lake: join(dir, 'lake'), store: join(dir, 'store') };
  await writeLake(where.lake, { plays });
  return where;
}

const good = countStory({ id: 'good' });

describe('a story that fails takes no other with it, and its old column stays', () => {
  test.each<[string, Partial<CountStory>, RegExp]>([
    [
      'throws',
      {
        query: () => {
          throw new Error('no such luck');
        },
      },
      /no such luck/,
    ],
    ['is no SQL', { query: () => sql`SELEKT 1` }, /Parser Error/],
    [
      'reads a column that is not there',
      { query: ({ user }) => sql`SELECT nothing FROM ${user}` },
      /nothing/,
    ],
    [
      'has no value',
      { query: ({ user }) => sql`SELECT user_year FROM ${user}` },
      /gives user_year; expected user_year and value/,
    ],
    [
      'gives a value of another type',
      {
        query: ({ user }) => sql`SELECT user_year, ${struct({ plays: sql`user_id` })} AS value FROM ${user}`,
      },
      /Could not convert string 'ann'|Conversion Error/,
    ],
    [
      'gives two rows for a user',
      {
        query: ({ user }) =>
          sql`SELECT user_year, ${struct({ plays: sql`plays` })} AS value FROM ${user} CROSS JOIN range(2)`,
      },
      /2 rows for user 'ann' in 2019; expected one/,
    ],
  ])('one that %s', async (_how, wrong, reason) => {
    const where = await smallLake();
    await runAll({ ...where, stories: [countStory(), good] });
    const events: RunEvent[] = [];
    const { outcomes } = await runAll({
      ...where,
      stories: [countStory({ version: 2, ...wrong }), good],
      force: true,
      onEvent: (event) => events.push(event),
    });
    expect(outcomes).toEqual([
      { column: 'count#2019', status: 'failed', reason: expect.stringMatching(reason) },
      { column: 'good#2019', status: 'written', rows: 3 },
    ]);
    const store = await openStore(where.store);
    onTestFinished(() => store.close());
    expect(await store.entry({ story: 'count', period: '2019' })).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(reason),
      written: { from: { version: 1 } },
    });
    expect((await columnsOf(store)).get('count#2019')).toHaveProperty('me');
    expect(events.filter(({ kind }) => kind === 'story')).toHaveLength(2);
    expect(events.filter(({ kind }) => kind === 'story-done')).toHaveLength(2);
  });

  test('of several years, only the one that fails', async () => {
    const where = await smallLake([...manyPlays(2018, 30), ...manyPlays(2019, 60)]);
    const { outcomes } = await runAll({
      ...where,
      stories: [
        countStory({
          query: ({ user }) => sql`
            SELECT user_year, ${struct({ plays: sql`CASE WHEN year = 2018 THEN error('not this year') ELSE plays END` })} AS value
            FROM ${user}`,
        }),
      ],
    });
    expect(outcomes.map(({ column, status }) => [column, status])).toEqual([
      ['count#2018', 'failed'],
      ['count#2019', 'written'],
    ]);
  });

  test('mended, it is computed again', async () => {
    const where = await smallLake();
    await runAll({ ...where, stories: [countStory({ query: () => sql`SELEKT 1` })] });
    const { outcomes } = await runAll({ ...where, stories: [countStory()] });
    expect(outcomes).toEqual([{ column: 'count#2019', status: 'written', rows: 3 }]);
  });

  test('a column of another shape takes the place of the one before', async () => {
    const where = await smallLake();
    await runAll({ ...where, stories: [countStory()] });
    const renamed = countStory({
      column: object({ listens: integer() }),
      query: ({ user }) => sql`SELECT user_year, ${struct({ listens: sql`listens` })} AS value FROM ${user}`,
    });
    await runAll({ ...where, stories: [renamed] });
    const store = await openStore(where.store);
    onTestFinished(() => store.close());
    expect((await columnsOf(store)).get('count#2019')?.me).toEqual({ listens: 20 });
  });
});

describe('the store', () => {
  test('below a file can not be written: nothing starts, and the folder is named', async () => {
    const where = await smallLake();
    writeFileSync(join(where.dir, 'file'), '');
    const store = join(where.dir, 'file', 'store');
    await expect(runAll({ ...where, store })).rejects.toMatchObject({
      name: 'WrappedError',
      message: expect.stringContaining(`store ${store} can't be written`),
      hint: expect.stringContaining('--store'),
    });
  });

  test('on a full disk: columns fail, each says why, and what was finished stays readable', async (context) => {
    const where = await smallLake(manyPlays(2019, 3000));
    const disk = join(where.dir, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      context.skip('takes the right to mount');
    }
    onTestFinished(() => void execFileSync('/usr/bin/umount', [disk]));
    const store = join(disk, 'store');
    const { outcomes } = await runAll({ ...where, store });
    const failed = outcomes.filter(({ status }) => status === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    for (const { reason } of failed) expect(reason).toMatch(/no space left|No space left/i);
    const opened = await openStore(store);
    onTestFinished(() => opened.close());
    const readable = [...(await columnsOf(opened))].filter(([, values]) => Object.keys(values).length > 0);
    const written = outcomes
      .filter(({ status, rows }) => status === 'written' && rows !== 0)
      .map(({ column }) => column);
    expect(readable.map(([column]) => column)).toEqual(written);
  });

  test('is rid of what a killed process left in it, and keeps what a living one has', async () => {
    const where = await smallLake();
    const tmp = join(where.store, 'tmp');
    const gone = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
    const [dead, living, elsewhere] = [
      `${hostname()}-${gone}-abc`,
      `${hostname()}-${process.ppid}-abc`,
      'another-host-1-abc',
    ];
    for (const name of [dead, living, elsewhere]) {
      mkdirSync(join(tmp, name!), { recursive: true });
      writeFileSync(join(tmp, name!, 'half.parquet'), 'PAR1');
    }
    await runAll({ ...where, stories: [good] });
    expect(readdirSync(tmp).sort()).toEqual([elsewhere, living].sort());
  });

  test('is rid of what a process of the same number left, as in a container where each has the first', async () => {
    const where = await smallLake();
    const tmp = join(where.store, 'tmp');
    const before = `${hostname()}-${process.pid}-${(Date.now() - 86_400_000).toString(36)}_0`;
    mkdirSync(join(tmp, before), { recursive: true });
    await runAll({ ...where, stories: [good] });
    expect(readdirSync(tmp)).toEqual([]);
  });

  test('has nothing below --temp of processes that are gone, and what is not of wrapped stays there', async () => {
    const where = await smallLake();
    const temp = join(where.dir, 'temp');
    const gone = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
    const [dead, living] = [`wrapped-${hostname()}-${gone}-abc`, `wrapped-${hostname()}-${process.ppid}-abc`];
    for (const name of [dead, living, 'wrapped-notes', `${hostname()}-${gone}-abc`])
      mkdirSync(join(temp, name), { recursive: true });
    await runAll({ ...where, stories: [good], temp });
    expect(readdirSync(temp).sort()).toEqual([living, 'wrapped-notes', `${hostname()}-${gone}-abc`].sort());
  });

  test('is rid of a column’s file that a killed process left unnamed, with the next commit of that column', async () => {
    const where = await smallLake();
    await runAll({ ...where, stories: [good] });
    const folder = join(where.store, 'columns/good');
    const gone = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
    const [dead, living, other] = [
      `2019~${hostname()}-${gone}-abc.parquet`,
      `2019~${hostname()}-${process.ppid}-abc.parquet`,
      `2018~${hostname()}-${gone}-abc.parquet`,
    ] as const;
    for (const name of [dead, living, other]) writeFileSync(join(folder, name), 'PAR1');
    await runAll({ ...where, stories: [good], force: true });
    const left = readdirSync(folder);
    expect(left).toHaveLength(3);
    expect(left).toEqual(expect.arrayContaining([living, other]));
  });

  test('has nothing of a run left in tmp', async () => {
    const where = await smallLake();
    await runAll(where);
    expect(readdirSync(join(where.store, 'tmp'))).toEqual([]);
  });

  test('whose totals are damaged says so, and what to do', async () => {
    const where = await smallLake();
    await runAll({ ...where, stories: [good] });
    const totals = join(where.store, 'totals');
    const [folder = ''] = readdirSync(join(totals, '2019'));
    truncateSync(join(totals, '2019', folder, 'user', '0000.parquet'), 50);
    const other = [countStory({ id: 'other' })];
    const { outcomes } = await runAll({ ...where, stories: other });
    expect(outcomes).toEqual([
      {
        column: 'other#2019',
        status: 'failed',
        reason: expect.stringContaining(`remove ${totals} and run again`),
      },
    ]);
    rmSync(totals, { recursive: true });
    expect((await runAll({ ...where, stories: other })).outcomes).toMatchObject([{ status: 'written' }]);
  });

  test('without its totals gives the same answers', async () => {
    const where = await smallLake();
    await runAll({ ...where, stories: [good] });
    rmSync(join(where.store, 'totals'), { recursive: true });
    const other = countStory({ id: 'other' });
    const { outcomes } = await runAll({ ...where, stories: [good, other] });
    expect(outcomes.map(({ status }) => status)).toEqual(['unchanged', 'written']);
  });
});

test('an aborted run rejects with the reason, and goes on from there', async () => {
  const where = await smallLake();
  const controller = new AbortController();
  const stop = new Error('stop');
  const stopped = runAll({
    ...where,
    signal: controller.signal,
    parallel: 1,
    onEvent: (event) => event.kind === 'story-done' && controller.abort(stop),
  });
  await expect(stopped).rejects.toBe(stop);
  expect(existsSync(join(where.store, 'ledger', 'minutes', '2019.json'))).toBe(true);
  const { outcomes } = await runAll(where);
  expect(outcomes.find(({ column }) => column === 'minutes#2019')?.status).toBe('unchanged');
  expect(outcomes.filter(({ status }) => status === 'failed')).toEqual([]);
});

test('a workspace whose store can not be written closes without a second error', async () => {
  const where = await smallLake();
  writeFileSync(join(where.dir, 'file'), '');
  const workspace = await openWorkspace({ ...where, store: join(where.dir, 'file', 'store') });
  await expect(workspace.scratch()).rejects.toThrow("can't be written");
  await workspace.close();
});
