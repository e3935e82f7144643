import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Phase } from '../../src/index.ts';
import { manyPlays, tempFolder, writeLake } from '../lakes.ts';
import { SOME_STORIES } from '../some-stories.ts';
import { jsonLines, type Spawned, wrapped } from './wrapped.ts';

let dir: string;

beforeEach(async () => {
  const folder = tempFolder();
  onTestFinished(folder.remove);
  dir = folder.dir;
  await writeLake(join(dir, 'lake'), { plays: [...manyPlays(2018, 90), ...manyPlays(2019, 90)] });
});

const here = (...args: string[]): Promise<Spawned> => wrapped(args, { cwd: dir });

/** The bytes of all Parquet files below a folder of the store. */
const bytesBelow = (folder: string): number =>
  readdirSync(join(dir, 'wrapped-store', folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.parquet'))
    .reduce((sum, name) => sum + statSync(join(dir, 'wrapped-store', folder, name)).size, 0);

const total = (phases: readonly Phase[], of: 'rows' | 'bytes'): number =>
  phases.reduce((sum, phase) => sum + phase[of], 0);

test('--profile --json tells of each phase what it made: as many rows and bytes as there are then', async () => {
  const { stdout } = await here('run-all', ...SOME_STORIES, '--profile', '--json');
  const lines = jsonLines<Phase & { column?: string; rows?: number }>(stdout);
  const of = (name: string) => lines.filter(({ phase }) => phase === name);
  const [plan] = of('plan');
  expect(plan?.bytes).toBe(
    ['2018', '2019'].reduce(
      (sum, y) => sum + statSync(join(dir, `lake/plays/year=${y}/plays.parquet`)).size,
      0,
    ),
  );
  expect(total(of('totals'), 'bytes')).toBe(bytesBelow('totals'));
  // Three users a year, and of each file of totals one line a year.
  expect(of('totals').filter(({ name }) => name === 'user')).toMatchObject([
    { year: 2018, rows: 3 },
    { year: 2019, rows: 3 },
  ]);
  expect(of('columns')).toMatchObject([{ bytes: bytesBelow('columns') }]);
  const written = lines.filter(({ column }) => column !== undefined);
  expect(total(of('columns'), 'rows')).toBe(written.reduce((sum, { rows = 0 }) => sum + rows, 0));
  expect(of('story')).toContainEqual(expect.objectContaining({ name: 'minutes', rows: 6 }));
  for (const { seconds } of lines.filter(({ phase }) => phase !== undefined))
    expect(seconds).toBeGreaterThanOrEqual(0);
  expect(of('whole')[0]?.seconds).toBeGreaterThan(of('plan')[0]?.seconds ?? Number.POSITIVE_INFINITY);
});

test('--profile prints the same as a table beside the data; of a run that computes nothing, the plan alone', async () => {
  const first = await here('run-all', ...SOME_STORIES, '--profile');
  expect(first.stdout).toMatch(/^12 columns in \.\/wrapped-store: .*\n$/);
  expect(first.stderr).toMatch(
    /\nphase +rows +bytes +seconds\nplan +[\d.]+ KB +[\d.]+\ntotals 2018 +user +3 /,
  );
  expect(first.stderr).toMatch(/\nstory +minutes +6 +[\d.]+\n/);
  expect(first.stderr).toMatch(/\ncolumns +\d+ +[\d.]+ KB +[\d.]+\nwhole run +[\d.]+\n.*overlap/);
  const second = await here('run-all', ...SOME_STORIES, '--profile');
  expect(second.stderr).toMatch(/\nplan [^\n]+\nwhole run /);
  expect((await here('run-all', ...SOME_STORIES)).stderr).not.toContain('whole run');
});

test('a decade has a profile too', async () => {
  await here('run-all', ...SOME_STORIES);
  const { stdout } = await here(
    'decade',
    '--years',
    '2018-2019',
    '--stories',
    'minutes',
    '--profile',
    '--json',
  );
  const phases = jsonLines<Phase>(stdout).filter(({ phase }) => phase !== undefined);
  expect(phases.map(({ phase, rows }) => [phase, rows])).toEqual([
    ['plan', 0],
    ['story', 3],
    ['columns', 3],
    ['whole', undefined],
  ]);
});
