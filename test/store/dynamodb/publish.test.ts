import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Database, openDatabase } from '../../../src/sql/database.ts';
import { sql } from '../../../src/sql/sql.ts';
import { newColumn, PROVENANCE } from '../../../src/store/contract/new-column.ts';
import { DynamoStore } from '../../../src/store/dynamodb/dynamo-store.ts';
import { type Publication, type PublishOptions, TOO_LARGE } from '../../../src/store/remote.ts';
import { type ColumnType, integer, object, text } from '../../../src/story/index.ts';
import { type LocalServer, startDynalite } from '../local-server.ts';
import { contentsOf } from './contents.ts';
import { FAULTS, type Fault, type Seen, startFaulty } from './faulty.ts';

const COUNT = object({ plays: integer() });
const LABELLED = object({ plays: integer(), label: text() });

let server: LocalServer;
let client: DynamoDBClient;
let database: Database;
let dir: string;
let tables = 0;
let table: string;
let work: string;

beforeAll(async () => {
  server = await startDynalite();
  vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new DynamoDBClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
  database = await openDatabase({ threads: 1 });
  dir = await mkdtemp(join(tmpdir(), 'wrapped-publish-'));
});

afterAll(async () => {
  vi.unstubAllEnvs();
  client.destroy();
  database.close();
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

beforeEach(() => {
  table = `table-${tables++}`;
  work = join(dir, `work-${tables}`);
});

/** Opens the store, by way of a proxy where one is given. */
async function open(endpoint = server.endpoint, options = {}): Promise<DynamoStore> {
  const store = await DynamoStore.open(`dynamodb://${table}?endpoint=${endpoint}`, database, options);
  onTestFinished(() => store.close());
  return store;
}

/** Opens the store behind a proxy. */
async function openBehind(
  decide: (request: Seen) => Fault | undefined = () => undefined,
  options: { readonly answerMs?: number } = {},
) {
  const proxy = await startFaulty(server.endpoint, decide);
  onTestFinished(() => proxy.close());
  return { store: await open(proxy.endpoint, options), seen: proxy.seen };
}

/** A column of 2019 as the working folder would have it. `null`: it is not applicable. */
async function column(
  story: string,
  values: Record<string, unknown> | null,
  type: ColumnType = COUNT,
): Promise<Publication> {
  const id = { story, period: '2019' };
  if (values === null) {
    const entry = { ...id, state: 'not-applicable', from: PROVENANCE, reason: 'no genres' } as const;
    return { ...id, entry, file: undefined };
  }
  const { file, written } = await newColumn(database, dir, { ...id, type, values });
  return {
    ...id,
    file,
    entry: { ...id, state: 'written', from: PROVENANCE, written: { ...written, at: file, when: '' } },
  };
}

const users = (count: number, plays: number, prefix = 'u'): Record<string, { plays: number }> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `${prefix}${String(index).padStart(4, '0')}`,
      { plays: plays + index },
    ]),
  );

const contents = () => contentsOf(client, table);

const updates = (seen: readonly Seen[]) =>
  seen.filter(({ operation, body }) => operation === 'UpdateItem' && body.includes(`"TableName":"${table}"`));

describe('few writes', () => {
  test('columns of one user go in one request', async () => {
    const { store, seen } = await openBehind();
    const { tally, columns } = await store.publish(
      [await column('a', users(20, 1)), await column('b', users(15, 5)), await column('c', users(30, 9))],
      work,
    );
    expect([...columns.values()].map(({ status }) => status)).toEqual([
      'published',
      'published',
      'published',
    ]);
    expect(updates(seen)).toHaveLength(30);
    expect(tally).toMatchObject({ rows: 30, requests: 30, retries: 0, units: 30 });
    expect(await store.row('u0003')).toEqual({
      user_id: 'u0003',
      columns: { 'a#2019': { plays: 4 }, 'b#2019': { plays: 8 }, 'c#2019': { plays: 12 } },
    });
  });

  test('more columns than an expression can name', async () => {
    const store = await open();
    const many = await Promise.all(
      Array.from({ length: 230 }, (_, index) => column(`s${index}`, users(3, index))),
    );
    const { tally } = await store.publish(many, work);
    expect(tally).toMatchObject({ rows: 3, requests: 9 });
    expect(Object.keys((await store.row('u0001'))?.columns ?? {})).toHaveLength(230);
  });

  test('only what changed is sent, and who vanished loses the attribute in the same publish', async () => {
    const { store, seen } = await openBehind();
    const [a, b] = [await column('a', users(20, 1)), await column('b', users(20, 2))];
    await store.publish([a, b], work);
    const before = updates(seen).length;
    const { u0003: _, ...rest } = users(20, 1);
    const changed = await column('a', { ...rest, u0005: { plays: 999 }, newcomer: { plays: 7 } });
    const { tally } = await store.publish([changed, b], work);
    expect(updates(seen).slice(before)).toHaveLength(3);
    expect(tally.rows).toBe(3);
    expect((await store.row('u0003'))?.columns).toEqual({ 'b#2019': { plays: 5 } });
    expect((await store.row('u0005'))?.columns['a#2019']).toEqual({ plays: 999 });
    expect((await store.row('newcomer'))?.columns).toEqual({ 'a#2019': { plays: 7 } });

    const again = await store.publish([changed, b], work);
    expect(again.tally).toMatchObject({ rows: 0, requests: 0 });
  });

  test('of a column that goes, and of one of another type', async () => {
    const store = await open();
    await store.publish([await column('a', users(5, 1)), await column('b', users(5, 1))], work);
    const labelled = { u0001: { plays: 2, label: 'x' } };
    const { tally } = await store.publish(
      [await column('a', null), await column('b', labelled, LABELLED)],
      work,
    );
    expect(tally.rows).toBe(5);
    expect(await store.row('u0000')).toBeUndefined();
    expect((await store.row('u0001'))?.columns).toEqual({ 'b#2019': { plays: 2, label: 'x' } });
    expect((await store.entry({ story: 'a', period: '2019' }))?.state).toBe('not-applicable');
  });

  test('another working folder knows nothing of what is there: all is sent, and what is left over goes', async () => {
    const store = await open();
    await store.publish([await column('a', users(20, 1))], work);
    const { tally } = await store.publish([await column('a', users(5, 1))], `${work}-other`);
    expect(tally.rows).toBe(5);
    expect(await store.row('u0010')).toBeUndefined();
    expect(await store.row('u0004')).toEqual({ user_id: 'u0004', columns: { 'a#2019': { plays: 5 } } });
    // The first folder finds that somebody else wrote since, and trusts its memory no more.
    const back = await store.publish([await column('a', users(20, 1))], work);
    expect(back.tally.rows).toBe(20);
    expect(await contents()).toMatchObject({ rows: { length: 20 } });
  });

  test('whole rows: 25 a request, changed ones alone, deleted where nothing is left', async () => {
    const { store, seen } = await openBehind();
    const [a, b] = [await column('a', users(60, 1)), await column('b', users(40, 5))];
    const batches = () => seen.filter(({ operation }) => operation === 'BatchWriteItem').length;
    const first = await store.publish([a, b], work, { wholeRows: true });
    expect(first.tally).toMatchObject({ rows: 60, requests: 3 });
    expect(batches()).toBe(3);
    const { u0050: _, ...rest } = users(60, 1);
    const changed = await column('a', { ...rest, u0001: { plays: 0 } });
    const { tally } = await store.publish([changed, { ...b, isThere: true }], work, { wholeRows: true });
    expect(tally).toMatchObject({ rows: 2, requests: 1 });
    expect(await store.row('u0050')).toBeUndefined();
    expect(await store.row('u0001')).toEqual({
      user_id: 'u0001',
      columns: { 'a#2019': { plays: 0 }, 'b#2019': { plays: 6 } },
    });
    expect(await contents()).toMatchObject({ rows: { length: 59 } });
  });

  test('whole rows over 400 KB are named, and the others go on', async () => {
    const store = await open();
    const label = 'x'.repeat(250 * 1024);
    const values = { ...users(30, 1), u0007: { plays: 1, label } };
    const labelled = Object.fromEntries(
      Object.entries(values).map(([user, value]) => [
        user,
        { ...value, label: 'label' in value ? value.label : '' },
      ]),
    );
    const { refused, columns } = await store.publish(
      [await column('a', labelled, LABELLED), await column('b', labelled, LABELLED)],
      work,
      { wholeRows: true },
    );
    expect(refused.map(({ user_id, without }) => [user_id, without])).toEqual([
      ['u0007', ['a#2019', 'b#2019']],
    ]);
    expect(columns.get('a#2019')).toMatchObject({ refused: 1 });
    expect(await contents()).toMatchObject({ rows: { length: 29 } });
    // It is tried again with the next publish of the column, and no other row is.
    const next = await store.publish([await column('a', labelled, LABELLED)], work);
    expect(next.tally.rows).toBe(1);
    expect(next.refused).toEqual([]);
  });
});

test('a row that is too large when put whole takes what was there with it, and the ledger says so', async () => {
  const store = await open();
  const label = 'x'.repeat(250 * 1024);
  const small = Object.fromEntries(Object.keys(users(5, 1)).map((user) => [user, { plays: 1, label: '' }]));
  const a = await column('a', { ...small, big: { plays: 1, label } }, LABELLED);
  await store.publish([a], work);
  const b = await column('b', { ...small, big: { plays: 2, label } }, LABELLED);
  const { refused } = await store.publish([b, { ...a, isThere: true }], work, { wholeRows: true });
  expect(refused.map(({ user_id }) => user_id)).toEqual(['big']);
  expect(await store.row('big')).toBeUndefined();
  for (const { entry } of (await store.ledger()).map((entry) => ({ entry })))
    expect(entry.written).toMatchObject({ rows: 5, absent: { [TOO_LARGE]: 1 } });
  // Each of them fits alone: a publish of one brings it back.
  const { tally } = await store.publish(
    [await column('a', { ...small, big: { plays: 1, label } }, LABELLED)],
    work,
  );
  expect(tally.rows).toBe(1);
  expect((await store.row('big'))?.columns['a#2019']).toEqual({ plays: 1, label });
});

test('a table that is gone while its ledger is not is an error, and not a store that has everything', async () => {
  const store = await open();
  await store.publish([await column('a', users(3, 1))], work);
  await client.send(new DeleteTableCommand({ TableName: table }));
  const anew = await open();
  await vi.waitUntil(
    async () =>
      (await anew.ledger().then(
        () => 'there',
        (error) => error.message,
      )) !== 'there',
  );
  await expect(anew.ledger()).rejects.toThrow(
    `table ${table} is gone, and its ledger ${table}-ledger tells of 1 columns`,
  );
});

test('the rate of whole rows is kept from the first batch on', async () => {
  const store = await open();
  const label = 'x'.repeat(3500);
  const labelled = Object.fromEntries(
    Object.entries(users(100, 1)).map(([user, value]) => [user, { ...value, label }]),
  );
  const started = performance.now();
  const { tally } = await store.publish([await column('a', labelled, LABELLED)], work, {
    wholeRows: true,
    writeUnits: 200,
  });
  const seconds = (performance.now() - started) / 1000;
  // Four batches of 100 units: the last may begin once those before it are paid for.
  expect(tally.units).toBe(400);
  expect(seconds).toBeGreaterThan((400 - 100) / 200 - 0.5);
});

describe('a publish that is cut off', () => {
  /** Lets so many row updates through, then none. */
  async function openLettingThrough(count: number) {
    let left = count;
    const { store } = await openBehind(({ operation, body }) =>
      operation === 'UpdateItem' && body.includes(`"TableName":"${table}"`) && left-- <= 0
        ? 'throttle'
        : undefined,
    );
    const mend = () => {
      left = Number.POSITIVE_INFINITY;
    };
    return { store, mend };
  }

  test('gives up without progress, says what is missing, and the next one sends exactly that', async () => {
    const { store, mend } = await openLettingThrough(100);
    const both = [await column('a', users(250, 1)), await column('b', users(200, 1))];
    const { columns } = await store.publish(both, work, { giveUpAfter: 0.3 });
    const a = columns.get('a#2019');
    const b = columns.get('b#2019');
    expect(a).toMatchObject({
      status: 'failed',
      missing: 150,
      reason: expect.stringContaining(
        'nothing was acknowledged for 0.3 s; the last answer was ProvisionedThroughputExceededException',
      ),
    });
    expect(b).toMatchObject({ status: 'failed', missing: 100 });
    expect(await store.ledger()).toEqual([]);

    mend();
    const { tally } = await store.publish(both, work);
    expect(tally.rows).toBe(150);
    expect((await store.ledger()).map(({ state }) => state)).toEqual(['written', 'written']);
    expect(await contents()).toMatchObject({ rows: { length: 250 } });
  });

  test('is stopped by its signal, and goes on where it was', async () => {
    const stop = new AbortController();
    const store = await open();
    const one = await column('a', users(3000, 1));
    const cut = store.publish([one], work, {
      signal: stop.signal,
      onProgress: ({ rows }) => rows === 1500 && stop.abort(new Error('enough')),
    });
    await expect(cut).rejects.toThrow('enough');
    const { tally } = await store.publish([one], work);
    expect(tally.rows).toBeLessThanOrEqual(1500);
    expect(tally.rows).toBeGreaterThan(1300);
    expect(await contents()).toMatchObject({ rows: { length: 3000 } });
  });

  test('is gone on with column by column, whatever is published in between', async () => {
    const { store, mend } = await openLettingThrough(100);
    const [a, b, c] = [
      await column('a', users(250, 1)),
      await column('b', users(250, 1)),
      await column('c', users(40, 1)),
    ];
    await store.publish([a, b], work, { giveUpAfter: 0.1 });
    mend();
    expect((await store.publish([c], work)).tally.rows).toBe(40);
    expect((await store.publish([b], work)).tally.rows).toBe(150);
    expect((await store.publish([a, b, c], work)).tally.rows).toBe(150 + 250 + 40 - 250 - 40);
    expect((await store.publish([a, b, c], work)).tally.requests).toBe(0);
    expect(await contents()).toMatchObject({ rows: { length: 250 }, ledger: { length: 3 } });
  });

  test('is begun anew where a column was computed anew meanwhile', async () => {
    const { store, mend } = await openLettingThrough(100);
    await store.publish([await column('a', users(250, 1))], work, { giveUpAfter: 0.1 });
    mend();
    const { tally } = await store.publish([await column('a', users(240, 2))], work);
    expect(tally.rows).toBe(240);
    expect(await contents()).toMatchObject({ rows: { length: 240 } });
    expect((await store.row('u0000'))?.columns).toEqual({ 'a#2019': { plays: 2 } });
  });
});

describe('writers at once', () => {
  test('a computation that began earlier does not overwrite a later one, however late it publishes', async () => {
    const store = await open();
    const [early] = await store.takeGenerations([{ story: 'a', period: '2019' }]);
    const later = await store.publish([await column('a', users(20, 100))], `${work}-later`);
    expect(later.columns.get('a#2019')).toMatchObject({ status: 'published' });
    const late = await store.publish([{ ...(await column('a', users(30, 1))), generation: early }], work);
    expect(late.columns.get('a#2019')).toMatchObject({ status: 'overtaken' });
    expect(late.tally.requests).toBe(0);
    expect(await contents()).toMatchObject({ rows: { length: 20 } });
    expect((await store.row('u0000'))?.columns).toEqual({ 'a#2019': { plays: 100 } });
  });

  test('columns beside one that is newer in a row are written all the same', async () => {
    const { store, seen } = await openBehind();
    const generations = await store.takeGenerations([
      { story: 'a', period: '2019' },
      { story: 'b', period: '2019' },
    ]);
    await store.publish([await column('b', users(5, 1))], work);
    // As if the later writer of `a` had come between this one's beginning and its rows.
    const { GetItemCommand, UpdateItemCommand } = await import('@aws-sdk/client-dynamodb');
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { user_id: { S: 'u0002' } },
        UpdateExpression: 'SET #a = :a',
        ExpressionAttributeNames: { '#a': 'a#2019' },
        ExpressionAttributeValues: {
          ':a': { M: { '#': { N: String((generations[0] as number) + 1) }, plays: { N: '777' } } },
        },
      }),
    );
    await store.publish(
      [{ ...(await column('a', users(5, 10))), generation: generations[0] }, await column('b', users(5, 20))],
      work,
    );
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { user_id: { S: 'u0002' } } }),
    );
    expect(Item?.['a#2019']?.M?.plays).toEqual({ N: '777' });
    expect(Item?.['b#2019']?.M?.plays).toEqual({ N: '22' });
    expect(updates(seen).length).toBe(5 + 5 + 1);
  });
});

test('columns are read out of the rows in one scan, and a read that is cut off goes on where each segment was', async () => {
  let scans = 0;
  let failing = 0;
  const { store, seen } = await openBehind(({ operation, body }) => {
    if (operation !== 'Scan' || !body.includes(`"TableName":"${table}"`)) return undefined;
    scans += 1;
    return failing-- > 0 && scans > 5 ? 'unlucky' : undefined;
  });
  const ids = ['a', 'b'].map((story) => ({ story, period: '2019' }));
  await store.publish([await column('a', users(300, 1)), await column('b', users(200, 5))], work);
  failing = Number.POSITIVE_INFINITY;
  const folder = join(dir, `scans-${tables}`);
  await expect(store.files(ids, folder)).rejects.toThrow('not this one');
  const begun = scans;
  failing = 0;
  const files = await store.files(ids, folder);
  // Eight segments of a page each, of which five were read before.
  expect([begun, scans - begun]).toEqual([8, 3]);
  const session = await database.session();
  const rows = await session.rows(
    sql`SELECT count(*)::INTEGER AS rows, sum(value.plays)::INTEGER AS plays FROM read_parquet(${files[1] as string})`,
  );
  session.close();
  expect(rows).toEqual([{ rows: 200, plays: 200 * 5 + (199 * 200) / 2 }]);
  expect(
    seen
      .filter(({ operation }) => operation === 'Scan')
      .every(({ body }) => body.includes('ProjectionExpression') || body.includes('-ledger')),
  ).toBe(true);
});

describe('each fault at each request of a publish', () => {
  /** What is published: a second time, so that there is something to change, to leave and to remove. */
  async function twice(store: DynamoStore, options: PublishOptions) {
    const before = [
      await column('a', users(6, 1)),
      await column('b', users(6, 1, 'v')),
      await column('c', users(3, 1)),
    ];
    await store.publish(before, work, options);
    return [await column('a', users(4, 2)), await column('b', users(6, 1, 'v')), await column('c', null)];
  }

  test.each([
    ['columns', {}],
    ['whole rows', { wholeRows: true }],
  ])(
    'ends as without: %s',
    async (_, options) => {
      const clean = await openBehind();
      const after = await twice(clean.store, options);
      const from = clean.seen.length;
      await clean.store.publish(after, work, options);
      const expected = await contents();
      const requests = clean.seen.length - from;
      expect(requests).toBeGreaterThan(8);

      for (const fault of FAULTS) {
        for (let request = 0; request < requests; request++) {
          table = `table-${tables++}`;
          work = join(dir, `work-${tables}`);
          let left = -1;
          const { store } = await openBehind(() => (left >= 0 && left-- === 0 ? fault : undefined), {
            answerMs: 500,
          });
          const next = await twice(store, options);
          left = request;
          const { columns } = await store.publish(next, work, options);
          expect([...columns.values()].every(({ status }) => status === 'published')).toBe(true);
          expect({ fault, request, ...((await contents()) as object) }).toEqual({
            fault,
            request,
            ...(expected as object),
          });
        }
      }
    },
    120_000,
  );
});
