import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { RunEvent, ValueOf } from '../src/index.ts';
import { wrapped } from './cli/wrapped.ts';
import { manyPlays, tempFolder, writeLake } from './lakes.ts';
import { someOf } from './some-stories.ts';

/** The package as it is built, by its own name: a text, so that types come from `src` and need no build. */
const PACKAGE: string = 'wrapped-engine';
let library: typeof import('../src/index.ts');
beforeAll(async () => {
  library = await import(PACKAGE);
});

async function smallLake() {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  const where = { dir, lake: join(dir, 'lake'), store: join(dir, 'store') };
  await writeLake(where.lake, { plays: manyPlays(2019, 300) });
  return where;
}

test('runAll computes, tells what happens, and gives each outcome', async () => {
  const where = await smallLake();
  const kinds = new Set<RunEvent['kind']>();
  const stories = someOf(library.stories);
  const { outcomes, phases } = await library.runAll({
    ...where,
    stories,
    onEvent: ({ kind }) => kinds.add(kind),
  });
  expect([...new Set(phases.map(({ phase }) => phase))]).toEqual(['plan', 'totals', 'story', 'columns']);
  expect(outcomes.map(({ column, status }) => `${column} ${status}`)).toEqual([
    'listening-axes#2019 written',
    'listening-personality#2019 skipped',
    'minutes#2019 written',
    'top-artist#2019 written',
    'top-genre#2019 skipped',
    'top-track#2019 written',
  ]);
  expect([...kinds].sort()).toEqual(['column', 'plan', 'story', 'story-done', 'totals', 'totals-done']);
});

test('publish brings what runAll left in the working folder into the store', async () => {
  const lake = await smallLake();
  const where = { ...lake, work: join(lake.dir, 'work') };
  const stories = someOf(library.stories);
  const computed = await library.runAll({ ...where, stories, publish: false });
  const store = await library.openStore(where.store);
  expect(await store.ledger()).toEqual([]);
  const { outcomes } = await library.publish(where);
  expect(outcomes.map(({ column }) => column)).toEqual(computed.outcomes.map(({ column }) => column));
  expect(await store.ledger()).toHaveLength(outcomes.length);
  expect((await library.publish(where)).outcomes.filter(({ status }) => status === 'written')).toEqual([]);
  await store.close();
});

test('runDecade reduces what runAll computed', async () => {
  const where = await smallLake();
  const stories = someOf(library.stories);
  await library.runAll({ ...where, stories });
  const { outcomes, plan } = await library.runDecade({ ...where, stories, period: { from: 2018, to: 2019 } });
  expect(plan.years).toEqual([2019]);
  expect(outcomes.map(({ column, status }) => `${column} ${status}`)).toEqual([
    'listening-axes#2018-2019 written',
    'listening-personality#2018-2019 skipped',
    'minutes#2018-2019 written',
    'top-artist#2018-2019 written',
    'top-genre#2018-2019 skipped',
    'top-track#2018-2019 written',
  ]);
});

test('a story of one’s own is computed, and read by openStore and columnTable', async () => {
  const { columnTable, defineStory, integer, list, nullable, object, openStore, runAll, sql, struct, text } =
    library;
  const story = defineStory({
    id: 'longest',
    version: 1,
    title: 'Longest',
    summary: 'how long it was, and the letters of a name',
    reads: ['user'],
    column: object({ ms: integer(), letters: list(text()), nothing: nullable(text()) }),
    query: ({ user }) => sql`
      SELECT user_year, ${struct({ ms: sql`ms`, letters: sql`string_split(user_id, '')`, nothing: sql`NULL` })} AS value
      FROM ${user}`,
  });
  const where = await smallLake();
  await runAll({ ...where, stories: [story] });
  const store = await openStore(where.store);
  onTestFinished(() => store.close());
  const row = await store.row('ann');
  const value = row?.columns['longest#2019'] as ValueOf<typeof story.column>;
  expect(value).toEqual({ ms: expect.any(Number), letters: ['a', 'n', 'n'], nothing: null });
  expect(await store.row('nobody')).toBeUndefined();

  const table = await columnTable(store, { story: 'longest', period: '2019' });
  expect(table.schema.fields.map(({ name }) => name)).toEqual(['user_id', 'value']);
  expect([...table].map((one) => one.toJSON().user_id)).toEqual(['ann', 'bob', 'me']);
  expect(JSON.parse(JSON.stringify(table.get(0)?.toJSON().value, bigints))).toEqual(value);
  await expect(columnTable(store, { story: 'longest', period: '2018' })).rejects.toThrow(
    'has no column longest#2018; it has longest of 2019',
  );
});

const bigints = (_key: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);

describe('a folder of stories outside of the checkout', () => {
  const source = (id: string, types: boolean) => `
import { defineStory, integer, object, sql, struct${types ? ', type Sql' : ''} } from 'wrapped-engine';
const plays${types ? ': Sql' : ''} = sql\`plays\`;
export default defineStory({
  id: '${id}', version: 1, title: 'Mine', summary: 'my own', reads: ['user'],
  column: object({ plays: integer() }),
  query: ({ user }) => sql\`SELECT user_year, \${struct({ plays })} AS value FROM \${user}\`,
});
`;

  test('is read by the command line: TypeScript and JavaScript', async () => {
    const { dir } = await smallLake();
    mkdirSync(join(dir, 'mine'));
    writeFileSync(join(dir, 'mine/typed.ts'), source('typed', true));
    writeFileSync(join(dir, 'mine/plain.js'), source('plain', false));
    writeFileSync(join(dir, 'mine/module.mjs'), source('module', false));
    const here = (...args: string[]) => wrapped(args, { cwd: dir });
    const ran = await here('run-all', '--stories', './mine', '--stories', 'typed,plain,module,minutes');
    expect(ran).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('4 columns in ./wrapped-store: 4 written'),
    });
    expect((await here('stories', '--stories', './mine')).stdout).toMatch(
      /\n\nOthers\n {2}module +my own\n {2}plain +my own\n {2}typed +my own\n$/,
    );
    expect((await here('stories', '--stories', './mine', '--explain', 'plain')).stdout).toMatch(
      /^plain · Mine\n\nmy own\. It has no definition.*\n\nsource +it does not say[\s\S]*\ngroup +none\n[\s\S]*\ndecade +none\n +the story does not say/,
    );
    const row = JSON.parse((await here('show', 'me', '--json')).stdout);
    expect(row.columns['typed#2019']).toEqual(row.columns['plain#2019']);
    expect(row.columns['typed#2019'].plays).toBe(row.columns['minutes#2019'].plays);
    const alone = await here('run', '--story', 'typed', '--year', '2019', '--stories', './mine');
    expect(alone.stdout).toContain('1 unchanged');
  });

  test.each<[string, string, string, RegExp]>([
    [
      'whose name is not its id',
      'other.js',
      source('mine', false),
      /other\.js has the id 'mine', expected 'other'/,
    ],
    ['that is none', 'none.js', 'export default 42;', /none\.js is no story/],
    ['that has the id of another', 'minutes.js', source('minutes', false), /there are two stories 'minutes'/],
    [
      'of a group that there is not',
      'mine.js',
      source('mine', false).replace('reads:', "group: 'mine', reads:"),
      /story 'mine': group is 'mine', expected any of listening, artists, /,
    ],
    [
      'with an empty definition',
      'mine.js',
      source('mine', false).replace('reads:', "definition: ' ', reads:"),
      /story 'mine': definition is " ", expected a text/,
    ],
    ['that is no code', 'torn.ts', 'export default defineStory({', /torn\.ts is no story/],
  ])('refuses one %s', async (_how, name, text, message) => {
    const { dir } = await smallLake();
    mkdirSync(join(dir, 'mine'));
    writeFileSync(join(dir, 'mine', name), text);
    const { code, stdout, stderr } = await wrapped(['stories', '--stories', './mine'], { cwd: dir });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
