// Measures what docs/dynamodb.md says of speed: `npm run bench:publish`. Rows go to a server on loopback that only acknowledges.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { createJiti } from 'jiti';
import { machine, median, wrapped } from './measure.mjs';

/** Modules of the program that its library does not have. */
const source = createJiti(import.meta.url);
const { openDatabase } = await source.import('../src/sql/database.ts');
const { sql } = await source.import('../src/sql/sql.ts');
const { DynamoStore } = await source.import('../src/store/dynamodb/dynamo-store.ts');
const { FolderStore } = await source.import('../src/store/folder/folder-store.ts');
const { columnName } = await source.import('../src/store/store.ts');

const { values: options } = parseArgs({
  options: {
    users: { type: 'string', default: '20000' },
    /** Every user so many times, under other ids. */
    times: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    dir: { type: 'string', default: '.bench/publish' },
    /** One publish alone, in a process of its own: for its memory. */
    only: { type: 'string' },
  },
});

const STORIES = 'minutes,top-artist,top-track,top-genre,listening-personality,listening-axes';
const NAIVE_USERS = 2000;
const AT_ONCE = 64;
const lake = join(options.dir, `lake-${options.users}`);
const small = join(options.dir, `work-${options.users}`);
const large = join(options.dir, `work-${options.users}x${options.times}`);

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const server = spawn(process.execPath, [join(import.meta.dirname, 'acknowledging-server.mjs')]);
const [port] = await new Promise((done) =>
  createInterface(server.stdout).once('line', (line) => done([line])),
);
const url = `dynamodb://bench?endpoint=http://127.0.0.1:${port}`;

const database = await openDatabase();
const session = await database.session();

if (!existsSync(large)) {
  mkdirSync(options.dir, { recursive: true });
  if (!existsSync(lake))
    wrapped(
      'generate',
      '--users',
      options.users,
      '--plays-per-user',
      '200',
      '--years',
      '2018-2019',
      '--seed',
      '1',
      '--lake',
      lake,
    );
  wrapped('run-all', '--lake', lake, '--store', small, '--years', '2018-2019', '--stories', STORIES);
  const [from, to] = [FolderStore.open(small, database), FolderStore.open(large, database)];
  for (const { story, period, written } of await from.ledger()) {
    if (written === undefined) continue;
    const file = join(options.dir, 'column.parquet');
    await session.run(sql`
      COPY (
        SELECT user_id || '-' || time AS user_id, value
        FROM read_parquet(${from.path(written)}), range(${Number(options.times)}) AS times(time) ORDER BY user_id
      ) TO ${file} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 2048)`);
    const { at: _at, when: _when, ...facts } = written;
    await to.put({ story, period, file, written: { ...facts, rows: written.rows * Number(options.times) } });
  }
}

/** What a working folder has, to be published. */
async function publicationsOf(dir) {
  const work = FolderStore.open(dir, database);
  const entries = (await work.ledger()).filter(({ written }) => written !== undefined);
  return entries.map((entry) => ({
    story: entry.story,
    period: entry.period,
    entry,
    file: work.path(entry.written),
  }));
}

/** Publishes a working folder; seconds, CPU seconds of this process, and what went over the wire. */
async function publish(dir, more) {
  const publications = await publicationsOf(dir);
  const memory = join(options.dir, 'memory');
  rmSync(memory, { recursive: true, force: true });
  const store = await DynamoStore.open(url, database);
  const started = performance.now();
  const cpu = process.cpuUsage();
  const { tally } = await store.publish(publications, memory, { writeUnits: 100_000_000, ...more });
  const { user, system } = process.cpuUsage(cpu);
  await store.close();
  const values = publications.reduce((sum, { entry }) => sum + entry.written.rows, 0);
  return { tally, values, seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 };
}

if (options.only !== undefined) {
  await publish(options.only === 'small' ? small : large, { wholeRows: true });
  console.log(Math.round(process.resourceUsage().maxRSS / 1024));
  server.kill();
  process.exit(0);
}

/** The naive way: an `UpdateItemCommand` per user and column. CPU seconds a value. */
async function naive() {
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: { httpAgent: { maxSockets: AT_ONCE } },
  });
  const toAttribute = (value) =>
    value === null
      ? { NULL: true }
      : typeof value === 'string'
        ? { S: value }
        : typeof value === 'number'
          ? { N: String(value) }
          : Array.isArray(value)
            ? { L: value.map(toAttribute) }
            : { M: Object.fromEntries(Object.entries(value).map(([key, part]) => [key, toAttribute(part)])) };
  const work = FolderStore.open(small, database);
  const updates = [];
  for (const entry of (await work.ledger()).filter(({ written }) => written !== undefined)) {
    let taken = 0;
    for await (const rows of work.values(entry)) {
      for (const { user_id, value } of rows)
        if (taken++ < NAIVE_USERS) updates.push([columnName(entry), user_id, value]);
      if (taken >= NAIVE_USERS) break;
    }
  }
  const cpu = process.cpuUsage();
  let next = 0;
  const worker = async () => {
    while (next < updates.length) {
      const [name, user, value] = updates[next++];
      await client.send(
        new UpdateItemCommand({
          TableName: 'bench',
          Key: { user_id: { S: user } },
          UpdateExpression: 'SET #column = :value',
          ExpressionAttributeNames: { '#column': name },
          ExpressionAttributeValues: { ':value': toAttribute(value) },
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const { user, system } = process.cpuUsage(cpu);
  client.destroy();
  return (user + system) / 1e6 / updates.length;
}

const rounds = [];
for (let round = 0; round < Number(options.rounds); round++) {
  const whole = await publish(large, { wholeRows: true });
  const together = await publish(large, {});
  const one = await naive();
  rounds.push({ whole, together, naive: one });
  console.log(
    `whole rows ${(whole.tally.bytes / 1e6 / whole.seconds).toFixed(0)} MB/s (${whole.tally.rows} rows, ${(whole.tally.bytes / whole.tally.rows / 1000).toFixed(1)} KB each, ${whole.seconds.toFixed(1)} s), ` +
      `together ${((together.cpu / together.values) * 1e6).toFixed(0)} µs a value, naive ${(one * 1e6).toFixed(0)} µs`,
  );
}
const memoryOf = (only) =>
  new Promise((done) => {
    const child = spawn(process.execPath, [
      import.meta.filename,
      '--users',
      options.users,
      '--times',
      options.times,
      '--dir',
      options.dir,
      '--only',
      only,
    ]);
    createInterface(child.stdout).once('line', (line) => done(Number(line)));
  });
const [peakSmall, peakLarge] = [await memoryOf('small'), await memoryOf('large')];
const { whole, together } = rounds[0];
console.log(`\n${machine()}`);
console.log(
  `whole rows: ${median(rounds.map((one) => one.whole.tally.bytes / 1e6 / one.whole.seconds)).toFixed(0)} MB of request bodies a second (target 30), ${(whole.tally.rows / median(rounds.map((one) => one.whole.seconds))).toFixed(0)} rows a second`,
);
console.log(
  `columns together: ${median(rounds.map((one) => one.together.cpu / one.together.values / one.naive)).toFixed(3)} of the CPU time of the naive way, a value (target 0.1); ${together.tally.requests} requests for ${together.values} values`,
);
console.log(
  `peak memory: ${peakSmall} MB for ${options.users} users, ${peakLarge} MB for ${options.times} times as many`,
);
server.kill();
database.close();
process.exit(0);
