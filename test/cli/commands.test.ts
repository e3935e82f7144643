import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GROUPS } from '../../src/story/index.ts';
import { stories } from '../../stories/index.ts';
import { manyPlays, tempFolder, writeLake } from '../lakes.ts';
import { SOME_STORIES } from '../some-stories.ts';
import { jsonLines, type Spawned, shell, wrapped } from './wrapped.ts';

const { dir, remove } = tempFolder();
const ESCAPE = '\u001b[';
const COMMANDS = [
  'demo',
  'import',
  'generate',
  'check',
  'run',
  'run-all',
  'show',
  'status',
  'stories',
  'export',
  'verify',
];
const STORIES = stories.map(({ id }) => id);

const here = (...args: string[]): Promise<Spawned> => wrapped(args, { cwd: dir });

beforeAll(async () => {
  await writeLake(join(dir, 'lake'), {
    plays: [...manyPlays(2018, 150), ...manyPlays(2019, 300)],
    artistGenres: [{ artist: 'Singer 1', genre: 'pop' }],
  });
  expect((await here('run-all')).code).toBe(0);
});
afterAll(remove);

describe('help', () => {
  test.each(COMMANDS)('%s tells its options and gives an example', async (command) => {
    const { code, stdout, stderr } = await here(command, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Usage: wrapped ${command} `));
    expect(stdout).toMatch(new RegExp(`Examples:\n {2}\\$ wrapped ${command}`));
  });

  test('lists every command', async () => {
    const { code, stdout } = await here('--help');
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
  });

  test('is talk, and an error, where no command is given', async () => {
    const { code, stdout, stderr } = await here();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: wrapped');
  });

  test('--version is the version alone', async () => {
    expect(await here('--version')).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: '',
    });
  });
});

describe('what can not start exits with 2, says why on stderr, and prints nothing', () => {
  test.each<[string, string[], RegExp]>([
    ['an unknown command', ['shwo'], /unknown command 'shwo'\n\(Did you mean show\?\)/],
    [
      'an unknown option',
      ['run-all', '--paralel', '2'],
      /unknown option '--paralel'\n\(Did you mean --parallel\?\)/,
    ],
    [
      'an unknown story',
      ['run', '--story', 'top-artst', '--year', '2019'],
      /no story 'top-artst'\n.*'top-artist'/,
    ],
    [
      'an unknown story of several',
      ['run-all', '--stories', 'minutes,gener'],
      /no story 'gener'\n.*'top-genre'|Did you mean/,
    ],
    ['a missing option', ['run', '--year', '2019'], /required option '--story <id>' not specified/],
    [
      'a year that is none',
      ['run', '--story', 'minutes', '--year', '19'],
      /found '19', expected a year such as 2019/,
    ],
    [
      'years the wrong way round',
      ['run-all', '--years', '2019-2010'],
      /found '2019-2010', expected years such as/,
    ],
    ['no number', ['run-all', '--parallel', '0'], /found '0', expected a whole number, 1 or more/],
    [
      'more threads than a machine can start',
      ['run-all', '--threads', '1000000'],
      /threads: found 1000000, expected at most \d+: this machine has \d+ cores?\n.*--threads/,
    ],
    [
      'a folder for what does not fit that is not there',
      ['run-all', '--temp', 'nowhere'],
      /--temp 'nowhere' can't be written: .*ENOENT/,
    ],
    ['too little memory', ['run-all', '--memory', '255MB'], /found '255MB', expected 256MB or more/],
    ['too small a mouthful', ['run-all', '--mouthful', '1KB'], /found '1KB', expected 1MB or more/],
    [
      'a year without plays',
      ['run', '--story', 'minutes', '--year', '1999'],
      /no plays of 1999; it has 2018–2019/,
    ],
    ['a missing lake', ['run-all', '--lake', 'nowhere'], /no lake at .*nowhere.*\n.*wrapped generate/],
    ['a remote lake', ['status', '--lake', 's3://bucket/lake'], /httpfs/],
    [
      'a time zone that is none',
      ['run-all', '--timezone', 'Mars/Olympus'],
      /unknown time zone 'Mars\/Olympus'/,
    ],
    ['an unknown user', ['show', 'nobody'], /no row of user 'nobody'; users it has are 'ann', 'bob', 'me'/],
    [
      'a year that a user has nothing of',
      ['show', 'me', '--year', '2017'],
      /nothing of .* there is 2018, 2019/,
    ],
    ['an empty store', ['show', 'me', '--store', 'empty'], /has no columns yet\n.*wrapped run-all/],
    [
      'a column that is not there',
      ['export', 'minutes', '2017'],
      /no column minutes#2017; it has minutes of 2018, 2019/,
    ],
    [
      'an unknown format',
      ['export', 'minutes', '2019', '--format', 'xml'],
      /Allowed choices are parquet, arrow, csv, json/,
    ],
    ['an import without a user', ['import', 'lake'], /--user ID/],
    ['an import of nothing', ['import', '--user', 'me', '--lake', 'new'], /nothing to import/],
    ['an export that is not there', ['import', 'gone.zip', '--user', 'me', '--lake', 'new'], /gone\.zip/],
    ['genres that are not there', ['import', '--genres', 'gone.csv', '--lake', 'new'], /gone\.csv/],
    [
      'a store below a file',
      ['run-all', '--store', 'lake/artist_genres.parquet/store'],
      /store .* can't be written/,
    ],
    ['stories that are not there', ['stories', '--stories', './gone'], /stories folder .*gone can't be read/],
  ])('%s', async (_what, args, message) => {
    const { code, stdout, stderr } = await here(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
  });
});

test('a story that fails exits with 1, and the others are there', async () => {
  mkdirSync(join(dir, 'bad'));
  writeFileSync(
    join(dir, 'bad/broken.js'),
    `import { defineStory, integer, object, sql } from 'wrapped-engine';
export default defineStory({ id: 'broken', version: 1, title: 'B', summary: 'b', reads: ['user'],
  column: object({ n: integer() }), query: ({ user }) => sql\`SELECT nothing FROM \${user}\` });`,
  );
  const store = ['--store', 'bad-store', '--stories', './bad', '--stories', 'minutes,broken'];
  const ran = await here('run-all', ...store);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toMatch(/^4 columns in bad-store: 2 written, 2 failed/);
  expect(ran.stderr).toMatch(/failed broken 2018–2019: .*nothing/);
  const again = jsonLines((await here('status', ...store, '--json')).stdout);
  expect(again).toContainEqual(
    expect.objectContaining({
      column: 'broken#2019',
      state: 'failed',
      why: expect.stringContaining('nothing'),
    }),
  );
  const row = JSON.parse((await here('show', 'me', '--json', '--store', 'bad-store')).stdout);
  expect(Object.keys(row.columns)).toContain('minutes#2019');
});

describe('show', () => {
  test('prints a page, without colour off a terminal', async () => {
    const { code, stdout, stderr } = await here('show', 'me');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('2019');
    expect(stdout).toContain('Singer 1');
    expect(stdout).not.toContain(ESCAPE);
  });

  test('--json is the row on one line', async () => {
    const { stdout, stderr } = await here('show', 'me', '--json');
    expect(stderr).toBe('');
    const [row, ...more] = jsonLines<{ user_id: string; columns: Record<string, unknown> }>(stdout);
    expect(more).toEqual([]);
    expect(row?.user_id).toBe('me');
    expect(row?.columns['minutes#2019']).toMatchObject({ listens: 100, unknown_length: 0 });
    expect(row?.columns['top-track#2018']).toHaveProperty('tracks');
  });

  test('--year and --stories choose its columns', async () => {
    const { stdout } = await here(
      'show',
      'me',
      '--json',
      '--year',
      '2018',
      '--stories',
      'minutes,top-artist',
    );
    expect(Object.keys(JSON.parse(stdout).columns)).toEqual(['minutes#2018', 'top-artist#2018']);
  });

  test('NO_COLOR holds on a terminal too', async (context) => {
    const onTerminal = (env: Record<string, string>) =>
      shell(
        `script -qec "'${process.execPath}' '${join(import.meta.dirname, '../../bin/wrapped.cjs')}' show me" /dev/null`,
        {
          cwd: dir,
          env: { TERM: 'xterm-256color', ...env },
        },
      );
    const colored = await onTerminal({});
    if (colored.code === 127) context.skip('takes `script`, which makes a terminal');
    expect(colored.stdout).toContain(ESCAPE);
    expect((await onTerminal({ NO_COLOR: '1' })).stdout).not.toContain(ESCAPE);
  });

  test('a reader that has seen enough is no error', async () => {
    const { code, stdout, stderr } = await shell('wrapped show me | head -n 1', { cwd: dir });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toHaveLength(2);
    const closed = await shell('wrapped export top-track 2019 | true; wrapped status --json | true', {
      cwd: dir,
    });
    expect(closed.stderr).toBe('');
  });
});

describe('stories', () => {
  test('lists them by group, a line each', async () => {
    const { code, stdout, stderr } = await here('stories');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const groups = stdout
      .trimEnd()
      .split('\n\n')
      .map((group) => group.split('\n'));
    const headings: unknown[] = groups.map(([heading]) => heading);
    expect(headings).toEqual(Object.values(GROUPS).filter((heading) => headings.includes(heading)));
    const listed = groups.flatMap(([, ...lines]) => lines.map((line) => /^ {2}(\S+) {2,}\S/.exec(line)?.[1]));
    expect(listed.toSorted()).toEqual(STORIES.toSorted());
    expect(stdout).toMatch(/^Artists\n {2}top-artist +the ten artists you played most/m);
  });

  test('--explain tells definition, source, what is read, and the types of column and decade', async () => {
    const { code, stdout, stderr } = await here('stories', '--explain', 'top-artist');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^top-artist · Top artists\n\nThe 10 artists of most plays/);
    expect(stdout).toMatch(/^source +ours$/m);
    expect(stdout).toMatch(
      /^reads +user_artist: a row per user and artist played\n +artist: a row per artist of a year$/m,
    );
    expect(stdout).toMatch(/^column +\{artists: \[\{artist: text \| null/m);
    expect(stdout).toMatch(/^decade +\{artists: /m);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const [told] = jsonLines((await here('stories', '--explain', 'top-genre', '--json')).stdout);
    expect(told).toMatchObject({ id: 'top-genre', group: 'taste', source: 'ours', needs: ['genres'] });
    expect(told?.definition).toContain('A play counts once for each genre of its artist.');
    expect(told?.decade_definition).toMatch(
      /^The 10 genres of most plays over all years.*\n\nWhere totals are gone/,
    );
  });

  test('--explain of a story that is not there names the nearest', async () => {
    const { code, stdout, stderr } = await here('stories', '--explain', 'top-artists');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain("there is no story 'top-artists'\n");
    expect(stderr).toContain("Did you mean 'top-artist'?");
  });

  test('--json tells version, needs and the type of the column', async () => {
    const lines = jsonLines((await here('stories', '--json')).stdout);
    expect(lines.map(({ id }) => id)).toEqual(STORIES);
    expect(lines.find(({ id }) => id === 'top-genre')).toMatchObject({ version: 1, needs: ['genres'] });
    expect(lines[0]?.decade).toMatch(/^\{minutes: integer \| null, plays: integer, years: \[/);
    expect(lines[0]?.column).toBe(
      '{minutes: integer | null, plays: integer, listens: integer, unknown_length: integer, ms: integer | null}',
    );
  });
});

describe('status', () => {
  test('tells of columns of a year that is gone from the lake: they are kept', async () => {
    cpSync(join(dir, 'lake'), join(dir, 'shrunk'), { recursive: true });
    const places = [
      '--lake',
      'shrunk',
      '--store',
      'of-shrunk',
      '--stories',
      'minutes,counts,top-genre,top-artist',
    ];
    expect(await here('run-all', ...places)).toMatchObject({ code: 0 });
    rmSync(join(dir, 'shrunk/plays/year=2018'), { recursive: true });
    const { stdout } = await here('status', ...places);
    expect(stdout).toMatch(/^minutes +(= \d) +✓ \d\n/m);
    expect(stdout).toMatch(/✓ 4 fresh, = 4 kept$/m);
    expect(stdout).toContain(
      'kept: the lake has no plays of that year (minutes, counts, top-genre, top-artist of 2018)',
    );
    const rows = stdout.split('\n').map((line) => line.split(' ')[0]);
    expect(rows.slice(1, 5)).toEqual(['minutes', 'counts', 'top-genre', 'top-artist']);
    const again = await here('run-all', ...places);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('4 unchanged') });
    expect(jsonLines((await here('status', ...places, '--json')).stdout)).toMatchObject([
      { column: 'minutes#2018', state: 'kept' },
      { column: 'counts#2018', state: 'kept' },
      { column: 'top-genre#2018', state: 'kept' },
      { column: 'top-artist#2018', state: 'kept' },
      { column: 'minutes#2019', state: 'fresh' },
      { column: 'counts#2019', state: 'fresh' },
      { column: 'top-genre#2019', state: 'fresh' },
      { column: 'top-artist#2019', state: 'fresh' },
    ]);
  });

  test('is a grid of stories and years, with the reason of what is not there', async () => {
    const { code, stdout, stderr } = await here('status');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ +2018 +2019/);
    expect(stdout).toMatch(/^minutes +✓ 3 +✓ 3/m);
    expect(stdout).toMatch(/^listening-personality +– +–/m);
    expect(stdout).toContain('not applicable: the lake has no release dates');
  });

  test('--json is a line per column', async () => {
    const lines = jsonLines((await here('status', '--json')).stdout);
    expect(lines).toHaveLength(2 * STORIES.length);
    expect(lines).toContainEqual(
      expect.objectContaining({ column: 'minutes#2019', state: 'fresh', why: null, rows: 3 }),
    );
  });

  test('writes nothing', async () => {
    const { code, stdout } = await here('status', '--store', 'not-yet', ...SOME_STORIES);
    expect(code).toBe(0);
    expect(stdout).toContain('12 columns in not-yet, users in each: · 10 missing, – 2 not applicable');
    expect(readdirSync(dir)).not.toContain('not-yet');
  });
});
