import type { ChildProcess } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Database, openDatabase } from '../../src/sql/database.ts';
import { newColumn } from '../../src/store/contract/new-column.ts';
import { FolderStore } from '../../src/store/folder/folder-store.ts';
import type { Estimate } from '../../src/store/remote.ts';
import { integer, object } from '../../src/story/index.ts';
import { tempFolder } from '../lakes.ts';
import { contentsOf } from '../store/dynamodb/contents.ts';
import { type Seen, startFaulty } from '../store/dynamodb/faulty.ts';
import { type LocalServer, startDynalite } from '../store/local-server.ts';
import { jsonLines, wrapped } from './wrapped.ts';

const USERS = 1300;
/** Rows that may be sent again at most. */
const CHECKPOINT = 1000;
/** `npm run test:crash` asks for more. */
const KILLS = Number(process.env.KILLS ?? 3);

const { dir, remove } = tempFolder();
let server: LocalServer;
let client: DynamoDBClient;
let database: Database;
let tables = 0;

beforeAll(async () => {
  server = await startDynalite();
  vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new DynamoDBClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
  database = await openDatabase({ threads: 1 });
  await writeWork('work', 1);
  await writeWork('later', 5000);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  client.destroy();
  database.close();
  await server.close();
  remove();
});

/** A working folder with two columns of 2019, whose values begin at `plays`. */
async function writeWork(name: string, plays: number): Promise<void> {
  const work = FolderStore.open(join(dir, name), database);
  const type = object({ plays: integer() });
  for (const story of ['minutes', 'top-artist']) {
    const values = Object.fromEntries(
      Array.from({ length: USERS }, (_, index) => [
        `u${String(index).padStart(5, '0')}`,
        { plays: plays + index },
      ]),
    );
    const column = await newColumn(database, dir, { story, period: '2019', type, values });
    await work.put({
      ...column,
      written: { ...column.written, from: { ...column.written.from, input: name } },
    });
  }
}

/** A table of its own behind a proxy, and a working folder of its own. `onUpdate` sees each update of a row before it goes on. */
async function scene(onUpdate: (index: number) => void = () => {}) {
  const table = `table-${tables++}`;
  const work = `work-${tables}`;
  cpSync(join(dir, 'work'), join(dir, work), { recursive: true });
  const updates: Seen[] = [];
  const proxy = await startFaulty(server.endpoint, (request) => {
    if (request.operation === 'UpdateItem' && request.body.includes(`"TableName":"${table}"`)) {
      updates.push(request);
      onUpdate(updates.length);
    }
    return undefined;
  });
  onTestFinished(() => proxy.close());
  const store = `dynamodb://${table}?endpoint=${proxy.endpoint}`;
  const publish = (from = work, onSpawn: (child: ChildProcess) => void = () => {}, ...more: string[]) =>
    wrapped(
      [
        'publish',
        '--json',
        '--work',
        from,
        '--store',
        `dynamodb://${table}?endpoint=${proxy.endpoint}`,
        ...more,
      ],
      { cwd: dir, onSpawn },
    );
  return { table, work, updates, publish, store };
}

const statuses = (stdout: string) => jsonLines<{ status: string }>(stdout).map(({ status }) => status);

/** What a table holds after one publish of the first working folder that nothing happened to. */
let published: ReturnType<typeof contentsOf> | undefined;
function clean(): ReturnType<typeof contentsOf> {
  published ??= scene().then(async ({ table, publish }) => {
    expect(await publish()).toMatchObject({ code: 0 });
    return contentsOf(client, table);
  });
  return published;
}

test('publish brings the working folder into the table, and again sends nothing', async () => {
  const { table, updates, publish } = await scene();
  const first = await publish();
  expect({ code: first.code, statuses: statuses(first.stdout) }).toEqual({
    code: 0,
    statuses: ['written', 'written'],
  });
  expect(first.stderr).toContain(`sent 1,300 rows in 1,300 requests`);
  expect(updates).toHaveLength(USERS);
  expect(await contentsOf(client, table)).toMatchObject({ rows: { length: USERS } });
  const second = await publish();
  expect({ code: second.code, statuses: statuses(second.stdout) }).toEqual({
    code: 0,
    statuses: ['unchanged', 'unchanged'],
  });
  expect(updates).toHaveLength(USERS);
});

test(
  `kill -9 at ${KILLS} seeded points, and the next publish ends as if nothing had been`,
  async () => {
    const expected = await clean();
    for (let seed = 1; seed <= KILLS; seed++) {
      const point = 1 + ((Math.imul(seed, 2654435761) >>> 0) % USERS);
      let child: ChildProcess | undefined;
      const { table, updates, publish } = await scene((index) => {
        if (index === point) child?.kill('SIGKILL');
      });
      const killed = await publish(undefined, (process) => {
        child = process;
      });
      expect({ seed, code: killed.code }).toEqual({ seed, code: null });
      child = undefined;
      expect({ seed, ...(await publish()) }).toMatchObject({ seed, code: 0 });
      expect({ seed, contents: await contentsOf(client, table) }).toEqual({ seed, contents: expected });
      expect(updates.length - USERS).toBeLessThanOrEqual(CHECKPOINT);
    }
  },
  20_000 * KILLS,
);

test('a publish that is interrupted says so, and the next one goes on', async () => {
  let child: ChildProcess | undefined;
  const { table, updates, publish } = await scene((index) => {
    if (index === 700) child?.kill('SIGINT');
  });
  const interrupted = await publish(undefined, (process) => {
    child = process;
  });
  expect(interrupted).toMatchObject({ code: 130, stderr: expect.stringContaining('interrupted') });
  child = undefined;
  const before = updates.length;
  expect(await publish()).toMatchObject({ code: 0 });
  // What was acknowledged is noted, so that nothing is sent twice.
  expect(updates.length - before).toBe(USERS - before);
  expect(await contentsOf(client, table)).toEqual(await clean());
});

describe('two processes', () => {
  test('at once: one of them stays, whole', async () => {
    const { table, publish } = await scene();
    const [one, other] = await Promise.all([publish(), publish('later')]);
    expect([one.code, other.code]).toEqual([0, 0]);
    const { rows, ledger } = await contentsOf(client, table);
    expect(rows).toHaveLength(USERS);
    const playsOf = (row: unknown, name: string) =>
      ((row as [string, Record<string, { plays: { N: string } }>])[1][name] as { plays: { N: string } }).plays
        .N;
    for (const [place, name] of ['minutes#2019', 'top-artist#2019'].entries()) {
      const [, entry] = ledger[place] as [string, { from: { input: string } }];
      const { input } = entry.from;
      const least = input === 'work' ? 1 : 5000;
      expect(playsOf(rows[0], name)).toBe(String(least));
      expect(playsOf(rows.at(-1), name)).toBe(String(least + USERS - 1));
    }
  });

  test('one that is stopped (SIGSTOP) and wakes late does not overwrite what came meanwhile', async () => {
    let child: ChildProcess | undefined;
    let sleeping: () => void = () => {};
    const asleep = new Promise<void>((done) => {
      sleeping = done;
    });
    const { table, publish } = await scene((index) => {
      if (index !== 400 || child === undefined) return;
      child.kill('SIGSTOP');
      sleeping();
    });
    const early = publish(undefined, (process) => {
      child = process;
    });
    await asleep;
    expect(await publish('later')).toMatchObject({ code: 0 });
    const expected = await contentsOf(client, table);
    child?.kill('SIGCONT');
    const { code, stdout } = await early;
    expect({ code, statuses: statuses(stdout) }).toEqual({ code: 0, statuses: ['unchanged', 'unchanged'] });
    expect(await contentsOf(client, table)).toEqual(expected);
  });
});

test('whole rows ask for --exclusive, and refuse to remove columns that are not here', async () => {
  const { publish } = await scene();
  expect(await publish(undefined, undefined, '--whole-rows')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('needs --exclusive'),
  });
  expect(await publish(undefined, undefined, '--whole-rows', '--exclusive')).toMatchObject({ code: 0 });
  const empty = await publish('nothing-here');
  expect(empty).toMatchObject({ code: 2, stderr: expect.stringContaining('has no columns to publish') });
});

test('gives up after the time that it is given, and says what is missing', async () => {
  const table = `table-${tables++}`;
  const proxy = await startFaulty(server.endpoint, ({ operation, body }) =>
    operation === 'UpdateItem' && body.includes(`"TableName":"${table}"`) ? 'throttle' : undefined,
  );
  onTestFinished(() => proxy.close());
  const { code, stdout, stderr } = await wrapped(
    [
      'publish',
      '--json',
      '--work',
      'work',
      '--store',
      `dynamodb://${table}?endpoint=${proxy.endpoint}`,
      '--give-up-after',
      '1s',
    ],
    { cwd: dir },
  );
  expect(code).toBe(1);
  expect(jsonLines(stdout)).toMatchObject([
    { column: 'minutes#2019', status: 'failed', missing: USERS },
    { column: 'top-artist#2019', status: 'failed', missing: USERS },
  ]);
  expect(stderr).toContain('nothing was acknowledged for 1 s');
});

describe('before anything is sent', () => {
  test('plan says what it would take, by path, as it is billed then', async () => {
    const { updates, publish, store } = await scene();
    const plan = async () => {
      const { code, stdout } = await wrapped(
        ['plan', '--json', '--work', 'work', '--store', store, '--write-units', '100'],
        { cwd: dir },
      );
      expect(code).toBe(0);
      return jsonLines<{ columns: string[]; unchanged: number; estimate: Estimate }>(stdout)[0];
    };
    const before = await plan();
    expect(updates).toEqual([]);
    expect(before).toMatchObject({
      columns: ['minutes#2019', 'top-artist#2019'],
      unchanged: 0,
      estimate: {
        users: USERS,
        rows: USERS,
        tooLarge: 0,
        paths: [
          { path: 'one column at a time', requests: 2 * USERS, units: 2 * USERS },
          {
            path: 'columns together',
            requests: USERS,
            units: USERS,
            dollars: (USERS / 1e6) * 0.625,
            hours: USERS / 100 / 3600,
          },
          { path: 'whole rows', requests: USERS / 25, units: USERS },
          { path: 'import from S3', requests: null },
        ],
      },
    });
    const { stderr } = await publish('work');
    expect(stderr).toContain('sent 1,300 rows in 1,300 requests');
    expect(stderr).toContain('1,300 write units');
    expect(await plan()).toMatchObject({ columns: [], unchanged: 2, estimate: { users: USERS, rows: 0 } });
    const { stdout } = await wrapped(['plan', '--work', 'work', '--store', store], { cwd: dir });
    expect(stdout).toContain('0 columns to publish, 2 there already');
    expect(stdout).toContain('Prices of us-east-1, on demand');
    expect(stdout).toMatch(/\$0\.0000\d+: a scan is billed/);
  });

  test('plan of a folder says that nothing is billed', async () => {
    const { code, stderr } = await wrapped(['plan', '--work', 'work', '--store', 'folder'], { cwd: dir });
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('nothing is billed') });
  });
});

describe('wrapped store', () => {
  test('init makes the tables, as often as one likes, with the capacity that is asked for', async () => {
    const { table, store } = await scene();
    for (let times = 0; times < 2; times++) {
      const made = await wrapped(['store', 'init', '--store', store, '--provisioned', '7,11'], { cwd: dir });
      expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('is ready') });
    }
    const { Table: rows } = await client.send(new DescribeTableCommand({ TableName: table }));
    expect(rows?.ProvisionedThroughput).toMatchObject({ ReadCapacityUnits: 7, WriteCapacityUnits: 11 });
    const folder = await wrapped(['store', 'init', '--store', 'folder'], { cwd: dir });
    expect(folder).toMatchObject({ code: 2, stderr: expect.stringContaining('is a folder') });
  });

  test('check holds an endpoint to the contract, says which sentence is broken, and leaves nothing behind', async () => {
    // Numbers lose what is after the point on their way in.
    const bent = await startFaulty(
      server.endpoint,
      () => undefined,
      (body) => body.replaceAll(/"N":"(-?\d+)\.\d+"/g, '"N":"$1"'),
    );
    onTestFinished(() => bent.close());
    const check = (...args: string[]) => wrapped(['store', 'check', ...args], { cwd: dir });
    const [sound, broken] = await Promise.all([
      check('--endpoint', server.endpoint),
      check('--json', '--endpoint', bent.endpoint),
    ]);
    expect({ code: sound.code, last: sound.stdout.trimEnd().split('\n').at(-1) }).toEqual({
      code: 0,
      last: expect.stringMatching(/^(\d+) sentences of \1 hold$/),
    });
    expect(broken.code).toBe(1);
    const sentences = jsonLines<{ name: string; holds: boolean }>(broken.stdout).filter(
      ({ holds }) => !holds,
    );
    expect(sentences.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['gives back exactly: numbers']),
    );
    const { TableNames } = await client.send(new ListTablesCommand({}));
    expect(TableNames?.filter((name) => name.startsWith('wrapped-check'))).toEqual([]);
  }, 180_000);
});
