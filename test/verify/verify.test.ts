import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runDecade } from '../../src/decade/run.ts';
import { run } from '../../src/engine/run.ts';
import { withWorkspace } from '../../src/engine/workspace.ts';
import type { History, Identity, Play } from '../../src/oracle/history.ts';
import { STORIES } from '../../src/oracle/oracle.ts';
import { withDatabase } from '../../src/sql/database.ts';
import { sql, unsafe } from '../../src/sql/sql.ts';
import { type AnyStory, defineStory, integer, object } from '../../src/story/index.ts';
import { type VerifyOptions, type VerifyResult, verify } from '../../src/verify/verify.ts';
import { stories as builtIn } from '../../stories/index.ts';
import { combineHistories, historyArbitrary } from '../histories.ts';
import { manyPlays, play, tempFolder, writeLake, writePlays } from '../lakes.ts';

interface Places {
  readonly lake: string;
  readonly store: string;
  readonly timezone?: string | undefined;
}

const PERIOD = { from: 2018, to: 2019 };
const known = builtIn.filter(({ id }) => (STORIES as readonly string[]).includes(id));

/** A lake, and a store with all that is computed from it. */
async function computed(
  history: History,
  {
    identity,
    stories = known,
    ...more
  }: { identity?: Identity; stories?: readonly AnyStory[]; timezone?: string } = {},
): Promise<Places> {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  const places = { lake: join(dir, 'lake'), store: join(dir, 'store'), ...more };
  await writeLake(places.lake, history, identity);
  await withWorkspace(places, (workspace) => run(workspace, { stories }));
  return places;
}

const verified = (places: Places, options: Partial<VerifyOptions> = {}): Promise<VerifyResult> =>
  withWorkspace(places, (workspace) =>
    verify(workspace, {
      stories: known,
      timezone: places.timezone ?? 'UTC',
      sample: 100,
      seed: 1,
      mostRows: 1_000_000,
      ...options,
    }),
  );

/** Replaces the rows of a column's file, behind the back of the ledger. */
async function tamper(places: Places, story: string, period: string, rows: string): Promise<void> {
  const file = await withWorkspace(places, async ({ work, store }) => {
    const entry = await store.entry({ story, period });
    return join(work.dir, entry!.written!.at);
  });
  await withDatabase(async (session) => {
    await session.run(sql`CREATE TABLE old AS FROM read_parquet(${file})`);
    await session.run(sql`COPY (${unsafe(rows)}) TO ${file} (FORMAT parquet)`);
  });
}

const HISTORY: History = { plays: [...manyPlays(2018, 150), ...manyPlays(2019, 300)] };

describe('every value of a fresh store', () => {
  test('is what the oracle says, of years and of decades', async () => {
    const places = await computed(HISTORY);
    await withWorkspace(places, (workspace) => runDecade(workspace, { stories: known, period: PERIOD }));
    const result = await verified(places);
    expect(result).toMatchObject({
      users: 3,
      ofUsers: 3,
      rows: 450,
      ofRows: 450,
      differences: [],
      unverified: [],
    });
    expect(result.columns).toEqual(
      expect.arrayContaining([
        'minutes#2018',
        'top-track#2019',
        'top-artist#2018-2019',
        'listening-axes#2018-2019',
      ]),
    );
    expect(result.values).toBeGreaterThan(3 * 8);
  });

  test('is so of a sample, the same for the same seed', async () => {
    const users = Array.from({ length: 20 }, (_, at) => `user ${at}`);
    const places = await computed({ plays: manyPlays(2019, 400, users) });
    const sampled = (seed: number) => verified(places, { sample: 4, seed, stories: known.slice(0, 1) });
    const first = await sampled(1);
    expect(first).toMatchObject({ users: 4, ofUsers: 20, rows: 400, values: 4, differences: [] });
    await tamper(places, known[0]!.id, '2019', 'SELECT * FROM old WHERE false');
    const users1 = (await sampled(1)).differences.map(({ user }) => user);
    expect((await sampled(1)).differences.map(({ user }) => user)).toEqual(users1);
    expect((await sampled(2)).differences.map(({ user }) => user)).not.toEqual(users1);
  });
});

describe('what differs is told by user and column, with both values:', () => {
  test('a number, and a value in place of another', async () => {
    const places = await computed(HISTORY);
    await tamper(
      places,
      'minutes',
      '2019',
      "SELECT user_id, CASE user_id WHEN 'ann' THEN (SELECT value FROM old WHERE user_id = 'bob') ELSE value END AS value FROM old ORDER BY user_id",
    );
    const { differences } = await verified(places);
    expect(differences.map(({ user, column }) => `${user} ${column}`)).toEqual(
      differences.map(() => 'ann minutes#2019'),
    );
    expect(differences).toContainEqual({
      user: 'ann',
      column: 'minutes#2019',
      path: 'ms',
      stored: expect.any(Number),
      recomputed: expect.any(Number),
    });
  });

  test('a user who is not there, and one who should not be', async () => {
    const places = await computed(HISTORY);
    await tamper(
      places,
      'minutes',
      '2018',
      "SELECT CASE user_id WHEN 'ann' THEN 'a ghost' ELSE user_id END AS user_id, value FROM old ORDER BY user_id",
    );
    const { differences, values } = await verified(places, {
      stories: known.filter(({ id }) => id === 'minutes'),
    });
    expect(differences).toEqual([
      {
        user: 'a ghost',
        column: 'minutes#2018',
        path: '',
        stored: expect.any(Object),
        recomputed: undefined,
      },
      { user: 'ann', column: 'minutes#2018', path: '', stored: undefined, recomputed: expect.any(Object) },
    ]);
    expect(values).toBe(7);
    const sampled = await verified(places, {
      sample: 2,
      stories: known.filter(({ id }) => id === 'minutes'),
    });
    expect(sampled.users).toBe(2);
  });
});

describe('not verified, and said so:', () => {
  test('a story that the oracle does not know', async () => {
    const own = defineStory({
      id: 'own-story',
      version: 1,
      title: 'Own',
      summary: 'plays',
      reads: ['user'],
      column: object({ plays: integer() }),
      query: ({ user }) => sql`SELECT user_year, {'plays': plays} AS value FROM ${user}`,
    }) as AnyStory;
    const stories = [...known, own];
    const places = await computed(HISTORY, { stories });
    const { unverified, differences } = await verified(places, { stories });
    expect(differences).toEqual([]);
    expect(unverified).toEqual([
      { column: 'own-story#2018', why: 'the oracle has no definition of it' },
      { column: 'own-story#2019', why: 'the oracle has no definition of it' },
    ]);
    await expect(verified(places, { stories: [own] })).rejects.toThrow(
      'has no column that can be verified: the oracle has no definition of it (2 columns)',
    );
  });

  test('what is stale or missing, since the lake is another', async () => {
    const places = await computed(HISTORY);
    const stories = known.filter(({ id }) => id === 'minutes');
    const partition = (year: number) => join(places.lake, 'plays', `year=${year}`, 'plays.parquet');
    await writePlays(partition(2018), manyPlays(2018, 151));
    await writePlays(partition(2017), [play('2017-05-01T00:00:00Z')]);
    expect(await verified(places, { stories })).toMatchObject({
      columns: ['minutes#2019'],
      differences: [],
      unverified: [
        { column: 'minutes#2017', why: 'never computed' },
        { column: 'minutes#2018', why: 'input changed: plays/year=2018/plays.parquet is changed' },
      ],
    });
  });

  test('a decade that goes without a year', async () => {
    const places = await computed(HISTORY);
    const stories = known.filter(({ id }) => id === 'minutes');
    await withWorkspace(places, (workspace) => run(workspace, { stories }));
    await writePlays(join(places.lake, 'plays', 'year=2017', 'a.parquet'), [play('2017-05-01T00:00:00Z')]);
    await withWorkspace(places, (workspace) =>
      runDecade(workspace, { stories, period: { from: 2017, to: 2019 }, partial: true }),
    );
    expect((await verified(places, { stories })).unverified).toContainEqual({
      column: 'minutes#2017-2019',
      why: 'it goes without 2017',
    });
  });

  test('what takes everybody’s rows, where these are too many to hold', async () => {
    const places = await computed(HISTORY);
    const { unverified, rows, differences } = await verified(places, { sample: 1, mostRows: 200 });
    expect(differences).toEqual([]);
    expect(rows).toBe(150);
    expect(unverified).toContainEqual({
      column: 'listening-axes#2019',
      why: 'it takes all 450 rows of the lake, more than --rows 200',
    });
    expect(unverified.some(({ column }) => column.startsWith('top-track'))).toBe(false);
  });
});

describe('of a lake too large to hold', () => {
  /** Most call a track and its artist otherwise than the one who is verified. */
  const named = (user_id: string, track: string, artist: string, minute: number): Play =>
    play('2019-05-01T00:00:00Z', {
      user_id,
      track,
      artist,
      artist_id: 'a1',
      played_at: Date.parse('2019-05-01T00:00:00Z') + minute * 60_000,
    });
  const plays = [
    named('me', 'Song (typo)', 'Singr', 0),
    ...[1, 2, 3].map((minute) => named('you', 'Song', 'Singer', minute)),
    ...Array.from({ length: 20 }, (_, minute) =>
      play('2019-06-01T00:00:00Z', { user_id: 'she', track_id: `x${minute}` }),
    ),
  ];

  test('names are those that all rows of a track give it', async () => {
    const places = await computed({ plays });
    const seeds = Array.from({ length: 12 }, (_, seed) => seed + 1);
    const all = await Promise.all(seeds.map((seed) => verified(places, { sample: 1, mostRows: 20, seed })));
    expect(all.flatMap(({ differences }) => differences)).toEqual([]);
    // Mine is one row; that there are others' among them shows that I was chosen.
    expect(all.some(({ rows }) => rows === 4)).toBe(true);
  });

  test('and whose names take too many rows, only what shows none is verified', async () => {
    const places = await computed({ plays });
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, seed) => verified(places, { sample: 1, mostRows: 1, seed: seed + 1 })),
    );
    const me = all.find(({ rows }) => rows === 1);
    expect(me?.columns).toEqual(['minutes#2019', 'weekday#2019', 'clock#2019', 'session#2019']);
    expect(me?.unverified).toContainEqual({
      column: 'top-track#2019',
      why: 'its names are decided by 3 rows of others, more than --rows 1',
    });
    expect(all.flatMap(({ differences }) => differences)).toEqual([]);
  });

  const IDENTITIES = ['title', 'track_id'] as const;
  const SLOW = { timeout: 120_000 };
  test.each(IDENTITIES)(
    'generated histories of identity %s are verified as whole ones are',
    SLOW,
    async (identity) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(historyArbitrary({ identity, timezone: 'Pacific/Auckland' }), {
            minLength: 8,
            maxLength: 8,
          }),
          fc.integer({ min: 1, max: 1000 }),
          async (histories, seed) => {
            const { history, timezone } = combineHistories(histories);
            const { dir, remove } = tempFolder();
            try {
              const places = { lake: join(dir, 'lake'), store: join(dir, 'store'), timezone };
              await writeLake(places.lake, history, identity);
              await withWorkspace(places, (workspace) => run(workspace, { stories: known }));
              const whole = await verified(places, { seed });
              const sampled = await verified(places, { sample: 3, seed, mostRows: history.plays.length - 1 });
              expect(whole.differences).toEqual([]);
              expect(sampled.differences).toEqual([]);
              expect(sampled.columns.some((column) => column.startsWith('top-artist'))).toBe(true);
            } finally {
              remove();
            }
          },
        ),
        { numRuns: 1, endOnFailure: true },
      );
    },
  );
});
