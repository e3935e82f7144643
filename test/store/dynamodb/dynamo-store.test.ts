import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest';
import { WrappedError } from '../../../src/error.ts';
import { type Database, openDatabase } from '../../../src/sql/database.ts';
import { newColumn, PROVENANCE } from '../../../src/store/contract/new-column.ts';
import { DynamoStore } from '../../../src/store/dynamodb/dynamo-store.ts';
import { tooLarge } from '../../../src/store/remote.ts';
import type { ColumnId, NewColumn, Store } from '../../../src/store/store.ts';
import { integer, list, nullable, number, object, optional, text } from '../../../src/story/index.ts';
import { type LocalServer, listen, startDynalite } from '../local-server.ts';

const MINUTES: ColumnId = { story: 'minutes', period: '2019' };
const COUNT = object({ plays: integer() });
const LABELLED = object({ plays: integer(), label: text() });
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** A ledger that is begun anew this much later counts from a higher number. */
const GENERATION_MS = 1100;

let server: LocalServer;
let client: DynamoDBClient;
let database: Database;
let dir: string;
let tables = 0;
let table: string;
let url: string;
let store: DynamoStore;

beforeAll(async () => {
  server = await startDynalite();
  vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true');
  client = new DynamoDBClient({
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: CREDENTIALS,
  });
  database = await openDatabase({ threads: 1 });
  dir = await mkdtemp(join(tmpdir(), 'wrapped-dynamodb-'));
});

afterAll(async () => {
  client.destroy();
  database.close();
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

beforeEach(async () => {
  table = `table-${tables++}`;
  url = `dynamodb://${table}?endpoint=${server.endpoint}`;
  store = await DynamoStore.open(url, database);
});

afterEach(async () => {
  await store.close();
  vi.unstubAllEnvs();
});

const column = (
  values: Record<string, unknown>,
  type = COUNT as NewColumn['written']['type'],
  id = MINUTES,
) => newColumn(database, dir, { ...id, type, values });

const rowOf = async (user: string) =>
  (await client.send(new GetItemCommand({ TableName: table, Key: { user_id: { S: user } } }))).Item;

type Key = [name: string, type: 'S' | 'N'];

async function createTable(TableName: string, ...keys: Key[]): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keys.map(([AttributeName], index) => ({
        AttributeName,
        KeyType: index === 0 ? 'HASH' : 'RANGE',
      })),
      AttributeDefinitions: keys.map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    }),
  );
  const command = new DescribeTableCommand({ TableName });
  await vi.waitUntil(async () => (await client.send(command)).Table?.TableStatus === 'ACTIVE');
}

/** The error's message and hint, as a person gets them. */
async function errorOf(result: Promise<unknown>): Promise<string> {
  const error = await result.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(WrappedError);
  return `${error.message}\n${error.hint}`;
}

async function valuesOf(from: Store, id = MINUTES): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for await (const values of from.values(id)) {
    for (const { user_id, value } of values) found[user_id] = value;
  }
  return found;
}

const PASSED_ON = ['x-amz-target', 'x-amz-date', 'authorization', 'content-type'];

/** The store behind a proxy that looks at the bodies of its requests: what `look` answers is the answer. */
async function openBehind(look: (body: string) => Promise<{ status: number; text: string } | undefined>) {
  const proxy = await listen(
    createServer(async (request, response) => {
      const body = await textOf(request);
      const own = await look(body);
      if (own !== undefined) return response.writeHead(own.status).end(own.text);
      const headers = PASSED_ON.map((name): [string, string] => [name, String(request.headers[name])]);
      const answer = await fetch(server.endpoint, { method: 'POST', headers, body });
      response.writeHead(answer.status).end(await answer.text());
    }),
  );
  const other = await DynamoStore.open(url.replace(server.endpoint, proxy.endpoint), database);
  onTestFinished(async () => {
    await other.close();
    await proxy.close();
  });
  return other;
}

/** The store of a slow writer: its requests with such an expression wait until `resume` is called; `reached`: one does. */
async function openPausedBefore(expression: string) {
  const [reached, reach] = signal();
  const [resumed, resume] = signal();
  const other = await openBehind(async (body) => {
    if (!body.includes(expression)) return undefined;
    reach();
    await resumed;
    return undefined;
  });
  return { other, reached, resume };
}

/** The store of a writer that may not write rows of some users. */
const openRefusedFor = (user: string) =>
  openBehind(async (body) =>
    body.includes('UpdateExpression') && body.includes(`{"user_id":{"S":"${user}"}}`)
      ? { status: 400, text: '{"__type":"com.amazon#AccessDeniedException","message":"not this one"}' }
      : undefined,
  );

function signal(): [Promise<void>, () => void] {
  let send = () => {};
  const sent = new Promise<void>((done) => {
    send = done;
  });
  return [sent, () => send()];
}

describe('what is kept', () => {
  test('is an item per user and an attribute per column, by the type of the column', async () => {
    const type = object({
      artists: list(object({ artist: text(), artist_id: optional(text()), ms: nullable(integer()) })),
      share: number(),
    });
    const value = { artists: [{ artist: 'Volbeat', ms: null }], share: 0.1235 };
    await store.put(await column({ me: value }, type));
    expect(await rowOf('me')).toEqual({
      user_id: { S: 'me' },
      'minutes#2019': {
        M: {
          '#': { N: expect.stringMatching(/^\d+$/) },
          artists: { L: [{ M: { artist: { S: 'Volbeat' }, ms: { NULL: true } } }] },
          share: { N: '0.1235' },
        },
      },
    });
  });

  test('has a ledger beside it, an item per column', async () => {
    await store.put(await column({ me: { plays: 1 } }));
    const { Items } = await client.send(new ScanCommand({ TableName: `${table}-ledger` }));
    const generation = { N: expect.stringMatching(/^\d+$/) };
    expect(Items).toEqual([
      {
        column: { S: 'minutes#2019' },
        generation,
        writing: generation,
        committed: generation,
        valid_from: generation,
        entry: { S: JSON.stringify({ ...MINUTES, state: 'written', from: PROVENANCE }) },
        written: { S: expect.stringContaining('"rows":1') },
      },
    ]);
  });

  test('loses the attribute of a user who is no longer in the column', async () => {
    await store.put(await column({ a: { plays: 1 }, b: { plays: 2 } }));
    await store.put(await column({ b: { plays: 3 } }));
    expect(await rowOf('a')).toEqual({ user_id: { S: 'a' } });
    await store.putNotApplicable(MINUTES, PROVENANCE, 'no genres');
    expect(await rowOf('b')).toEqual({ user_id: { S: 'b' } });
  });
});

describe('a writer that was cut off or overtaken', () => {
  const cutOff = () => column({ a: { plays: 100, label: 'new' }, c: { plays: 300, label: 'new' } }, LABELLED);

  test('leaves every user a value, and the next one puts it right', async () => {
    const entry = await store.put(await column({ a: { plays: 1 }, b: { plays: 2 } }));
    const made = await cutOff();
    const broken = await openRefusedFor('c');
    await expect(broken.put(made)).rejects.toThrow('not this one');
    expect(existsSync(made.file)).toBe(true);
    expect(await store.entry(MINUTES)).toEqual(entry);
    expect(await valuesOf(store)).toEqual({ a: { plays: 100 }, b: { plays: 2 } });

    await store.put(await column({ b: { plays: 20 } }));
    expect(await valuesOf(store)).toEqual({ b: { plays: 20 } });
    expect(await store.row('a')).toBeUndefined();
    expect(await rowOf('a')).toEqual({ user_id: { S: 'a' } });
  });

  test('leaves no column where none was', async () => {
    const broken = await openRefusedFor('c');
    await expect(broken.put(await cutOff())).rejects.toThrow('not this one');
    expect(await store.ledger()).toEqual([]);
    expect(await store.row('a')).toBeUndefined();
    expect(await errorOf(valuesOf(store))).toContain('has no column minutes#2019');
  });

  test('does not bring back what a later one made away with', async () => {
    const slow = await column({ a: { plays: 1 }, b: { plays: 1 } });
    const fast = await column({ a: { plays: 2 } });
    await store.ensureTables();
    const { other, reached, resume } = await openPausedBefore('SET #0');
    const late = other.put(slow);
    await reached;
    const entry = await store.put(fast);
    resume();
    expect(await late).toEqual(entry);
    expect(await store.ledger()).toEqual([entry]);
    expect(await valuesOf(store)).toEqual({ a: { plays: 2 } });
    expect(await store.row('b')).toBeUndefined();
  });

  test('does not remove what a later one wrote', async () => {
    await store.put(await column({ a: { plays: 1 } }));
    const { other, reached, resume } = await openPausedBefore('REMOVE #0');
    const late = other.putNotApplicable(MINUTES, PROVENANCE, 'no genres');
    await reached;
    const entry = await store.put(await column({ a: { plays: 2 } }));
    resume();
    expect(await late).toEqual(entry);
    expect(await valuesOf(store)).toEqual({ a: { plays: 2 } });
  });

  test('nor does a ledger that was lost make new values older than the old', async () => {
    await store.put(await column({ a: { plays: 1 }, b: { plays: 2 } }));
    await client.send(new DeleteTableCommand({ TableName: `${table}-ledger` }));
    const anew = await DynamoStore.open(url, database);
    await setTimeout(GENERATION_MS);
    expect(await anew.ledger()).toEqual([]);
    await anew.put(await column({ a: { plays: 10 } }));
    expect(await valuesOf(anew)).toEqual({ a: { plays: 10 } });
    expect(await anew.row('b')).toBeUndefined();
    await anew.close();
  });
});

describe('ensureTables', () => {
  test('makes both tables, billed on demand, any number of times at once', async () => {
    const other = await DynamoStore.open(url, database);
    await Promise.all([store.ensureTables(), store.ensureTables(), other.ensureTables()]);
    await store.ensureTables();
    for (const name of [table, `${table}-ledger`]) {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
      expect(Table?.TableStatus).toBe('ACTIVE');
      expect(Table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
    }
    expect(await store.ledger()).toEqual([]);
    expect(await store.row('a')).toBeUndefined();
    await other.close();
  });

  test('refuses a table with another key, and can be asked again', async () => {
    await createTable(table, ['id', 'S'], ['year', 'N']);
    const message = await errorOf(store.put(await column({ a: { plays: 1 } })));
    expect(message).toContain(
      `table ${table} at ${server.endpoint} has the key id (HASH, S) and year (RANGE, N); ` +
        'that of a store is user_id (HASH, S)',
    );
    await client.send(new DeleteTableCommand({ TableName: table }));
    await store.ensureTables();
  });

  test('readers notice another key as well', async () => {
    await createTable(table, ['id', 'S']);
    await createTable(`${table}-ledger`, ['column', 'S']);
    expect(await errorOf(store.row('a'))).toContain(`table ${table} at ${server.endpoint} has another key`);
  });
});

describe('errors', () => {
  test('a table that is not there: nothing for a run, an error for a reader', async () => {
    expect(await store.ledger()).toEqual([]);
    expect(await store.entry(MINUTES)).toBeUndefined();
    for (const reading of [() => store.row('a'), () => valuesOf(store)]) {
      const message = await errorOf(reading());
      expect(message).toContain(`there is no table ${table}`);
      expect(message).toContain(`Check the name and the region in ${url}`);
    }
  });

  test.each([
    ['', "such as '' of 0 bytes"],
    ['x'.repeat(2049), `such as '${'x'.repeat(40)}' of 2049 bytes`],
    ['\u{1f3a7}'.repeat(513), 'of 2052 bytes'],
  ])('a user id that can be no key, before anything is written', async (user, found) => {
    const entry = await store.put(await column({ a: { plays: 1 } }));
    const message = await errorOf(store.put(await column({ a: { plays: 2 }, [user]: { plays: 2 } })));
    expect(message).toContain("1 user ids can't be keys of a DynamoDB table");
    expect(message).toContain(found);
    expect(await store.ledger()).toEqual([entry]);
    expect(await valuesOf(store)).toEqual({ a: { plays: 1 } });
  });

  test('a row over 400 KB', async () => {
    const id = (year: number): ColumnId => ({ story: 'minutes', period: String(year) });
    const value = { plays: 1, label: 'x'.repeat(150 * 1024) };
    for (const year of [2017, 2018]) await store.put(await column({ big: value }, LABELLED, id(year)));
    const both = { big: value, small: { plays: 1, label: 'small' } };
    const made = await column(both, LABELLED, id(2019));
    const entry = { ...id(2019), state: 'written', from: PROVENANCE } as const;
    const written = { ...made.written, at: made.file, when: '' };
    const { columns, refused } = await store.publish(
      [{ ...id(2019), entry: { ...entry, written }, file: made.file }],
      undefined,
    );
    expect(refused.map(tooLarge)).toEqual([
      "the row of 'big' would have 450.1 KB, and DynamoDB holds 400 KB: minutes#2017 150.0 KB, minutes#2018 150.0 KB, minutes#2019 150.0 KB",
    ]);
    expect(columns.get('minutes#2019')).toMatchObject({ status: 'published', refused: 1 });
    expect(await valuesOf(store, id(2019))).toEqual({ small: both.small });
    expect(Object.keys((await store.row('big'))!.columns)).toEqual(['minutes#2017', 'minutes#2018']);
    expect((await store.entry(id(2019)))?.written).toMatchObject({
      rows: 1,
      absent: { "the user's row would be over the 400 KB that DynamoDB holds": 1 },
    });
  });

  test('a column that is no map, or whose map has our key', async () => {
    const list2019 = await column({ a: { plays: 1 } });
    for (const type of [list(text()), object({ '#': integer() })]) {
      const put = store.put({ ...list2019, written: { ...list2019.written, type } });
      expect(await errorOf(put)).toContain("minutes#2019 can't be kept in DynamoDB");
    }
  });

  test.each([
    ['a web page', 200, '<html>hello'],
    ['a web page that is not there', 404, '<html>not found'],
    ['JSON of another service', 404, '{"message":"not found"}'],
    ['empty JSON', 200, '{}'],
    ['nothing', 200, ''],
  ])('an endpoint that is no DynamoDB: %s', async (_, status, body) => {
    const foreign = await listen(createServer((_, response) => response.writeHead(status).end(body)));
    const lost = await DynamoStore.open(`dynamodb://wrapped?endpoint=${foreign.endpoint}`, database);
    const made = await column({ a: { plays: 1 } });
    for (const request of [() => lost.ledger(), () => lost.row('a'), () => lost.put(made)]) {
      const message = await errorOf(request());
      expect(message).toContain(`what answers at ${foreign.endpoint} is no DynamoDB`);
      expect(message).toContain('Check the endpoint in dynamodb://wrapped?');
    }
    await lost.close();
    await foreign.close();
  });

  test('an endpoint where nothing answers', async () => {
    const gone = await listen(createServer());
    await gone.close();
    const lost = await DynamoStore.open(`dynamodb://wrapped?endpoint=${gone.endpoint}`, database);
    expect(await errorOf(lost.ledger())).toContain(
      `nothing answers at ${gone.endpoint}: connect ECONNREFUSED`,
    );
    await lost.close();
  });

  test.each([
    ['UnrecognizedClientException', 'AWS credentials for', 'Set AWS_ACCESS_KEY_ID'],
    ['AccessDeniedException', 'may not be used', 'Allow DescribeTable'],
    ['ThrottlingException', 'gave up: ThrottlingException', 'Run the same command again'],
    ['OtherException', 'table wrapped', 'OtherException: told so'],
  ])('an answer of AWS: %s', async (name, found, hint) => {
    const answer = JSON.stringify({ __type: `com.amazon.coral.service#${name}`, message: 'told so' });
    const refusing = await listen(createServer((_, response) => response.writeHead(400).end(answer)));
    vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
    const lost = await DynamoStore.open(`dynamodb://wrapped?endpoint=${refusing.endpoint}`, database);
    for (const request of [() => lost.ledger(), () => lost.ensureTables()]) {
      const message = await errorOf(request());
      expect(message).toContain(found);
      expect(message).toContain(hint);
      expect(message).toContain('told so');
    }
    await lost.close();
    await refusing.close();
  });

  describe('without anything in the environment', () => {
    beforeEach(() => {
      for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'AWS_REGION']) {
        vi.stubEnv(name, undefined);
      }
      vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
      vi.stubEnv('AWS_CONFIG_FILE', join(dir, 'none'));
      vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(dir, 'none'));
    });

    test('no region', async () => {
      const message = await errorOf(DynamoStore.open('dynamodb://wrapped', database));
      expect(message).toContain('no AWS region is set for dynamodb://wrapped');
      expect(message).toContain('`dynamodb://wrapped?region=eu-west-1`, or set AWS_REGION');
    });

    test.each(['?region=eu-west-1', '?region=eu-west-1&endpoint=http://10.0.0.1:8000'])(
      'no credentials: %s',
      async (query) => {
        const message = await errorOf(DynamoStore.open(`dynamodb://wrapped${query}`, database));
        expect(message).toContain('AWS credentials for dynamodb://wrapped');
        expect(message).toContain('Could not load credentials');
        expect(message).toContain('Set AWS_ACCESS_KEY_ID');
      },
    );

    test('a server on this machine needs neither', async () => {
      const local = await DynamoStore.open(url, database);
      expect(await local.ledger()).toEqual([]);
      await local.close();
    });
  });
});
