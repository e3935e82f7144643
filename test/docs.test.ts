import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Command } from 'commander';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { withGenerated } from '../docs/catalogue.ts';
import { buildProgram } from '../src/cli/program.ts';
import { configSchema } from '../src/config-schema.ts';
import { openDatabase } from '../src/sql/database.ts';
import { type Sql, sql } from '../src/sql/sql.ts';
import { zipOf } from './lake/import-helpers.ts';
import { tempFolder } from './lakes.ts';

const ROOT = join(import.meta.dirname, '..');
const BIN = join(ROOT, 'bin', 'wrapped.cjs');
const DOCS = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const README = read('README.md');
const OPERATING = read('docs/operating.md');
const SLOW = 120_000;

beforeAll(() => {
  if (!existsSync(join(ROOT, 'dist'))) spawnSync('npm', ['run', 'build'], { cwd: ROOT });
}, SLOW);

describe('docs/operating.md names', () => {
  const commands = buildProgram().commands.flatMap((command) =>
    command.commands.length === 0
      ? [[command.name(), command] as const]
      : command.commands.map((one) => [`${command.name()} ${one.name()}`, one] as const),
  );
  test.each(commands)('wrapped %s, its arguments and options', (name, command) => {
    expect(OPERATING).toContain(`\`wrapped ${name}`);
    for (const argument of command.registeredArguments) expect(OPERATING).toContain(argument.name());
    for (const { flags } of command.options) {
      const [long, value] = flags.split(/,? /).filter((part) => !/^-[a-zA-Z]$/.test(part));
      const written = value === undefined ? `\`${long}\`` : `\`${long} ${value.replace('|', '\\|')}\``;
      expect(OPERATING).toContain(written);
    }
  });

  test('every key of the configuration', () => {
    const configuration = OPERATING.slice(OPERATING.indexOf('## Configuration'));
    for (const key of keysOf(configSchema)) expect(configuration).toContain(`\`${key}\``);
  });
});

test.each(DOCS)('the links of %s lead somewhere', (file) => {
  for (const [, target = ''] of read(file).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
    if (!target.includes('://')) expect(existsSync(join(ROOT, dirname(file), target)), target).toBe(true);
  }
});

test('every wrapped command in the docs is one that there is', () => {
  for (const file of DOCS) {
    for (const args of commandsIn(read(file)))
      expect(() => parse(args), `${file}: ${args.join(' ')}`).not.toThrow();
  }
});

describe('README', () => {
  test('one’s own export, then the library', { timeout: SLOW }, async () => {
    const dir = folder();
    writeFileSync(
      join(dir, 'my_spotify_data.zip'),
      zipOf({ 'Streaming_History_Audio_2019_0.json': JSON.stringify(EXPORT) }),
    );
    const said = runAllOf('Your own history', dir);
    expect(said).toContain('added to');
    expect(said).toContain('Wrapped 2019');

    mkdirSync(join(dir, 'node_modules'));
    symlinkSync(ROOT, join(dir, 'node_modules', 'wrapped-engine'));
    writeFileSync(join(dir, 'example.mjs'), fenced(section('As a library'), 'js'));
    const { stdout, stderr } = spawnSync(process.execPath, ['example.mjs'], { cwd: dir, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toContain('[]');
    expect(stdout).toMatch(/minutes: \d+/);
  });

  test('a service’s lake', { timeout: SLOW }, async () => {
    const dir = folder();
    writeFileSync(join(dir, 'wrapped.config.json'), fenced(section("A service's lake"), 'json'));
    await writeServiceLake(join(dir, 'listening'));
    const said = runAllOf("A service's lake", dir);
    expect(said).toMatch(/columns in .*: \d+ written \(/);
    expect(readFileSync(join(dir, 'top-artist-2019.csv'), 'utf8')).toMatch(/^user_id,artists,distinct\n/);
  });

  // What it does, and that the commands it prints work, is in test/cli/lakes.test.ts.
  test('the demo is first', () => expect(commandsIn(README)[0]).toEqual(['demo']));

  test('the test command is what CI runs', () => {
    expect(section('Tests')).toContain('npm cit');
    expect(read('.ci/run')).toMatch(/^npm ci .*\n[\s\S]*^npm test -- /m);
  });
});

test('docs/stories.md says what the stories say of themselves: `npm run docs` writes it', () => {
  const text = read('docs/stories.md');
  expect(text).toBe(withGenerated(text));
});

test('the example of docs/stories.md', { timeout: SLOW }, () => {
  const dir = folder();
  const example = fenced(read('docs/stories.md'), 'ts');
  const path = /^\/\/ (\S+)/.exec(example)?.[1] ?? '';
  writeFileSync(join(dir, 'export.json'), JSON.stringify(EXPORT));
  wrapped(['import', 'export.json', '--user', 'me'], dir);
  for (const args of commandsIn(read('docs/stories.md'))) if (args.length > 1) wrapped(args, dir);
  expect(`// ${path}\n${readFileSync(join(dir, path), 'utf8')}`).toBe(example);
  const row = JSON.parse(wrapped(['show', 'me', '--stories', './my-stories', '--json'], dir));
  expect(row.columns['one-timers#2019']).toEqual({ artists: 1, of: 2 });
  expect(row.columns['one-timers#2010-2019']).toEqual({ by_year: [{ year: 2019, artists: 1 }] });
});

/** Forty plays of one artist and one of another. */
const EXPORT = Array.from({ length: 41 }, (_, index) => ({
  ts: new Date(Date.UTC(2019, 5, 1, index)).toISOString().replace('.000', ''),
  ms_played: 200_000,
  master_metadata_track_name: `Song ${index % 7}`,
  master_metadata_album_artist_name: index === 40 ? 'Once' : 'Often',
  master_metadata_album_album_name: null,
  spotify_track_uri: null,
}));

/** A lake as README's configuration describes it. */
async function writeServiceLake(lake: string): Promise<void> {
  const database = await openDatabase();
  const session = await database.session();
  const write = async (path: string, rows: Sql) => {
    const file = join(lake, path);
    mkdirSync(dirname(file), { recursive: true });
    await session.run(sql`COPY (${rows}) TO ${file} (FORMAT parquet)`);
  };
  await write(
    'events/y=2019/m=6/plays.parquet',
    sql`SELECT 'u' || i % 2 AS account, TIMESTAMPTZ '2019-06-01 00:00:00+00' + to_hours(i::BIGINT) AS started_at, 200000::BIGINT AS ms, 't' || i % 7 AS track_uri, CASE WHEN i = 79 THEN 'episode' ELSE 'track' END AS kind FROM range(80) AS plays(i)`,
  );
  await write(
    'catalogue/tracks.parquet',
    sql`SELECT 't' || i AS uri, 'Song ' || i AS title, 'Artist ' || i % 3 AS artist, '2018' AS release_date FROM range(7) AS tracks(i)`,
  );
  await write('catalogue/artist_genres.parquet', sql`SELECT 'Artist 0' AS artist, 'pop' AS genre`);
  await write('accounts.parquet', sql`SELECT 'u0' AS account, 'Europe/Berlin' AS tz`);
  session.close();
  database.close();
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** A temporary folder that goes with the test. */
function folder(): string {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  return dir;
}

/** The text under a heading of README. */
function section(title: string): string {
  const from = README.indexOf(`\n## ${title}\n`);
  if (from < 0) throw new Error(`README has no heading '${title}'`);
  const to = README.indexOf('\n## ', from + 1);
  return README.slice(from, to < 0 ? undefined : to);
}

/** The first code block of a language. */
function fenced(text: string, language: string): string {
  const found = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(text)?.[1];
  if (found === undefined) throw new Error(`no block of ${language}`);
  return found;
}

/** The arguments of each `wrapped …` in indented blocks; synopses, with a PATH… or [a choice], are no commands. */
function commandsIn(text: string): string[][] {
  return [...text.matchAll(/^ {4}(?:\$ )?(?:npm ci && )?(?:npx )?wrapped (.+)$/gm)]
    .map(([, line = '']) => line)
    .filter((line) => !/[…[]/.test(line))
    .map((line) => (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", '')));
}

function runAllOf(title: string, cwd: string): string {
  return commandsIn(section(title))
    .map((args) => wrapped(args, cwd))
    .join('');
}

/** Runs the built command line; all that it printed. */
function wrapped(args: readonly string[], cwd: string): string {
  const env = { ...process.env, WRAPPED_LAKE: '', WRAPPED_STORE: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd,
    env,
    encoding: 'utf8',
  });
  expect(status, `wrapped ${args.join(' ')} in ${relative('/', cwd)}: ${stderr}`).toBe(0);
  return stdout;
}

/** Parses without doing anything. Throws where a command, an option or an argument is unknown. */
function parse(args: readonly string[]): void {
  const program = buildProgram();
  const silent = (command: Command) =>
    command.configureOutput({ writeErr: () => {}, writeOut: () => {} }).action(() => {});
  for (const command of program.commands) for (const one of [command, ...command.commands]) silent(one);
  program.parse(args, { from: 'user' });
}

/** `lake`, `plays.path`, … of a zod schema of objects; of `columns` the names, as the docs list them. */
function keysOf(schema: unknown, path = ''): string[] {
  const inner = (schema as { unwrap?: () => unknown }).unwrap?.() ?? schema;
  const shape = (inner as { shape?: Record<string, unknown> }).shape;
  if (shape === undefined) return [path];
  return Object.entries(shape).flatMap(([key, value]) => {
    if (path.endsWith('.columns')) return [path, key];
    return keysOf(value, path === '' ? key : `${path}.${key}`);
  });
}
