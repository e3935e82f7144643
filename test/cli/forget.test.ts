import { cpSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { Forgotten } from '../../src/engine/forgotten.ts';
import { withPlace } from '../../src/engine/place.ts';
import { publishAll } from '../../src/engine/publish-all.ts';
import { forget, runAll } from '../../src/index.ts';
import type { RemoteStore } from '../../src/store/remote.ts';
import { manyPlays, tempFolder, writeLake } from '../lakes.ts';
import { SOME_STORIES, someStories } from '../some-stories.ts';
import { startDynalite } from '../store/local-server.ts';
import { digestsOf, filesWith, jsonLines, wrapped } from './wrapped.ts';

const ANN = 'ann-who-left';
const OTHERS = ['bob', 'me'];
const GENRES = Array.from({ length: 11 }, (_, index) => ({
  artist: `Singer ${index}`,
  genre: `genre ${index % 3}`,
}));

const playsOf = (users: readonly string[]) =>
  [...manyPlays(2018, 90, [ANN, ...OTHERS]), ...manyPlays(2019, 120, [...OTHERS, ANN])].filter(
    ({ user_id }) => users.includes(user_id),
  );

/** Ann alone in 2016; three users in 2018 and 2019; and the same lake without her. */
async function scene() {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  const artistGenres = GENRES as never;
  const all = [...manyPlays(2016, 40, [ANN]), ...playsOf([ANN, ...OTHERS])];
  await writeLake(join(dir, 'lake'), { plays: all, artistGenres }, 'title');
  await writeLake(join(dir, 'lake-without'), { plays: playsOf(OTHERS), artistGenres }, 'title');
  const here = async (...args: string[]) => wrapped(args, { cwd: dir });
  const well = async (...args: string[]) => {
    const done = await here(...args);
    expect(done, `${args.join(' ')}: ${done.stderr}`).toMatchObject({ code: 0 });
    return done;
  };
  return { dir, here, well };
}

test('the user is gone at once; the next run ends as one on a lake without them; again changes nothing', async () => {
  const { dir, here, well } = await scene();
  const store = join(dir, 'wrapped-store');
  await well('run-all');
  await well('decade', '--years', '2016-2019');
  expect(await filesWith(store, ANN)).not.toEqual([]);
  const lake = readdirSync(join(dir, 'lake'), { recursive: true, encoding: 'utf8' });
  const before = lake.map((name) => statSync(join(dir, 'lake', name)).mtimeMs);

  const dry = await well('forget', ANN, '--dry-run', '--json');
  const [planned] = jsonLines(dry.stdout);
  expect(await filesWith(store, ANN)).not.toEqual([]);
  const done = await well('forget', ANN, '--json');
  const [told] = jsonLines<{ columns: string[] }>(done.stdout);
  expect(told).toEqual({ ...planned, forgotten: true });
  expect(told).toMatchObject({ user: ANN, forgotten: true, totals: [2016, 2018, 2019] });
  expect(told?.columns).toEqual(
    expect.arrayContaining(['minutes#2016', 'minutes#2019', 'minutes#2016-2019']),
  );
  expect(done.stderr).toContain('The lake is not touched');

  expect(await filesWith(store, ANN)).toEqual([]);
  expect(await here('show', ANN)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`'${ANN}' is forgotten`),
  });
  expect((await here('show', 'bob')).code).toBe(0);
  const states = jsonLines((await well('status', '--json')).stdout);
  expect(states).toContainEqual(
    expect.objectContaining({
      column: 'minutes#2018',
      state: 'stale',
      why: 'other users are forgotten since',
    }),
  );

  await well('run-all');
  await well('decade', '--years', '2016-2019');
  expect(await filesWith(store, ANN)).toEqual([]);
  const without = ['--lake', 'lake-without', '--store', 'store-without'];
  await well('run-all', ...without);
  await well('decade', '--years', '2016-2019', ...without);
  const expected = digestsOf(join(dir, 'store-without'));
  // 2016, of which the lake without her has nothing, stays as it was left: empty, and no longer a year of the lake.
  const found = Object.entries(digestsOf(store)).filter(([name]) => !name.endsWith('#2016'));
  expect(Object.fromEntries(found)).toEqual(expected);
  expect(jsonLines((await well('status', '--json')).stdout).filter(({ state }) => state === 'stale')).toEqual(
    [],
  );
  expect((await well('verify')).stdout).toContain('of 2 users');

  const again = await well('forget', ANN, '--json');
  expect(jsonLines(again.stdout)).toEqual([{ user: ANN, forgotten: true, columns: [], totals: [] }]);
  expect((await well('run-all')).stdout).not.toContain('written');
  expect(lake.map((name) => statSync(join(dir, 'lake', name)).mtimeMs)).toEqual(before);
}, 120_000);

test('--undo is the way back: the store is then as if nothing had been', async () => {
  const { dir, here, well } = await scene();
  const store = join(dir, 'wrapped-store');
  await well('run-all', ...SOME_STORIES);
  const before = digestsOf(store);
  await well('forget', ANN);
  mkdirSync(join(dir, 'export'));
  writeFileSync(
    join(dir, 'export/endsong_0.json'),
    JSON.stringify([
      {
        ts: '2019-05-05T10:00:00Z',
        username: 'x',
        ms_played: 180000,
        master_metadata_track_name: 'Song',
        master_metadata_album_artist_name: 'Singer',
        spotify_track_uri: 'spotify:track:1',
      },
    ]),
  );
  const refused = await here('import', 'export', '--user', ANN, '--lake', 'other');
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/is forgotten, and is not imported[\s\S]*--undo/),
  });
  expect((await here('import', 'export', '--user', 'bob', '--lake', 'other')).code).toBe(0);
  expect(jsonLines((await well('forget', ANN, '--undo', '--json')).stdout)).toEqual([
    { user: ANN, forgotten: false },
  ]);
  expect((await here('show', ANN, '--year', '2018')).stderr).toContain(`has no row of user '${ANN}'`);
  expect((await well('run-all', ...SOME_STORIES)).stdout).toMatch(
    /18 columns in \S+: 14 written, 1 unchanged, 3 skipped/,
  );
  expect(digestsOf(store)).toEqual(before);
  expect((await well('forget', ANN, '--undo')).stdout).toContain('is not on the list');
});

test('a user that the store has nothing of is listed all the same, before the first run too', async () => {
  const { dir, well } = await scene();
  const { stdout, stderr } = await well('forget', ANN);
  expect(stdout).toContain('no column has a value of theirs');
  expect(stderr).toContain(`Is '${ANN}' the right id?`);
  expect(stderr).toContain('Every column is stale');
  await well('run-all', ...SOME_STORIES);
  await well('run-all', ...SOME_STORIES, '--lake', 'lake-without', '--store', 'store-without');
  expect(digestsOf(join(dir, 'wrapped-store'))).toEqual(digestsOf(join(dir, 'store-without')));
});

test('a list without its salt stops every run, since nobody can tell who is on it', async () => {
  const { dir, here, well } = await scene();
  await well('forget', ANN);
  rmSync(join(dir, 'wrapped-store/forgotten/salt'));
  expect(await here('run-all')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("its file 'salt' is gone"),
  });
});

test('a lake of forgotten users alone has nothing to compute, and says so', async () => {
  const { here, well } = await scene();
  for (const user of [ANN, ...OTHERS]) await well('forget', user);
  expect(await here('run-all')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/holds plays of forgotten users alone[\s\S]*--undo/),
  });
});

test('who is forgotten while a run goes on is not in what it leaves', async () => {
  const { dir } = await scene();
  const where = { lake: join(dir, 'lake'), store: join(dir, 'wrapped-store') };
  let forgetting: Promise<unknown> | undefined;
  await runAll({
    ...where,
    stories: someStories,
    parallel: 1,
    onEvent: ({ kind }) => {
      if (kind === 'story-done') forgetting ??= forget(ANN, where);
    },
  });
  await forgetting;
  expect(await filesWith(where.store, ANN)).toEqual([]);
});

/** An empty DynamoDB, and whose items its table has. */
async function dynamo() {
  const server = await startDynalite();
  onTestFinished(() => server.close());
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: server.endpoint, region: 'us-east-1', credentials });
  onTestFinished(() => client.destroy());
  const usersIn = async () => {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: 'wrapped' }));
    return Items.map(({ user_id }) => user_id?.S).sort();
  };
  return { endpoint: server.endpoint, usersIn };
}

test('who is forgotten while a publish goes on is not in the table', async () => {
  const { dir, well } = await scene();
  const { endpoint, usersIn } = await dynamo();
  const store = `dynamodb://wrapped?endpoint=${endpoint}`;
  await well('run-all', ...SOME_STORIES, '--store', store, '--work', 'work', '--no-publish');
  await withPlace({ store, work: join(dir, 'work') }, async (place) => {
    const store = place.store as RemoteStore;
    const publish = store.publish.bind(store);
    store.publish = async (...args) => {
      const done = await publish(...args);
      // Whoever forgets may remove the item before this publish sends it: then the list alone is left to tell.
      await (await Forgotten.read(place.work.dir)).add(ANN, await place.scratch());
      return done;
    };
    await publishAll(place, {});
  });
  expect(await usersIn()).toEqual(OTHERS);
}, 60_000);

test('a table loses their item, also where its publish was cut off; later publishes do not bring it back', async () => {
  const { dir, well } = await scene();
  const { endpoint, usersIn } = await dynamo();
  const where = ['--store', `dynamodb://wrapped?endpoint=${endpoint}`, '--work', 'work'];
  await well('run-all', ...SOME_STORIES, ...where);
  await well('decade', '--years', '2016-2019', '--stories', 'minutes,top-track', ...where);
  expect(await usersIn()).toEqual([ANN, ...OTHERS]);
  const work = join(dir, 'work');
  const running = readdirSync(join(work, 'published')).map((table) =>
    join(work, 'published', table, 'running'),
  );
  mkdirSync(running[0]!, { recursive: true });
  writeFileSync(
    join(running[0]!, 'left-1'),
    JSON.stringify({ columns: [], isSent: false, also: [ANN], refused: [] }),
  );
  cpSync(work, join(dir, 'unforgotten'), { recursive: true });

  expect(jsonLines((await well('forget', ANN, '--json', ...where)).stdout)).toMatchObject([{ row: true }]);
  expect(await usersIn()).toEqual(OTHERS);
  expect(await filesWith(work, ANN)).toEqual([]);
  await well('publish', ...where);
  await well('run-all', ...SOME_STORIES, ...where);
  await well('decade', '--years', '2016-2019', '--stories', 'minutes,top-track', ...where);
  expect(await usersIn()).toEqual(OTHERS);
  expect(jsonLines((await well('forget', ANN, '--json', ...where)).stdout)).toMatchObject([{ row: false }]);
}, 120_000);
