import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withDatabase } from '../../src/sql/database.ts';
import { sql } from '../../src/sql/sql.ts';

/** The command line as it is installed. */
export const BIN = join(import.meta.dirname, '../../bin/wrapped.cjs');

export interface Spawned {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SpawnOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the process as soon as it runs. */
  readonly onSpawn?: (child: ChildProcess) => void;
}

/** Runs `wrapped` off a terminal. */
export const wrapped = (args: readonly string[], options: SpawnOptions): Promise<Spawned> =>
  finished(
    spawn(process.execPath, [BIN, ...args], { cwd: options.cwd, env: environment(options.env) }),
    options,
  );

/** Runs a line of shell in which `wrapped` is the command line. */
export const shell = (line: string, options: SpawnOptions): Promise<Spawned> =>
  finished(
    spawn('bash', ['-c', `set -o pipefail; wrapped() { "${process.execPath}" "${BIN}" "$@"; }; ${line}`], {
      cwd: options.cwd,
      env: environment(options.env),
    }),
    options,
  );

/** The objects of JSON lines. Throws where a line is no JSON. */
export const jsonLines = <Line = Record<string, unknown>>(text: string): Line[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);

/** Files below a folder that tell of a user: as text, or in a column of Parquet. */
export async function filesWith(folder: string, user: string): Promise<string[]> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name));
  return withDatabase(async (session) => {
    const found: string[] = [];
    for (const file of files) {
      const isParquet = file.endsWith('.parquet');
      const rows = isParquet
        ? await session.rows(sql`SELECT to_json(t)::VARCHAR AS row FROM read_parquet(${file}) AS t`)
        : [];
      const text = [readFileSync(file, 'latin1'), ...rows.map(({ row }) => String(row))].join('\n');
      if (text.includes(user)) found.push(file);
    }
    return found;
  });
}

/** The digests of a store's columns that are there, by name. Throws where the ledger, or a file that it names, is half. */
export function digestsOf(store: string): Record<string, string> {
  const folder = join(store, 'ledger');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  );
  return Object.fromEntries(
    names.sort().flatMap((name) => {
      const { story, period, written } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      if (written === undefined) return [];
      const bytes = readFileSync(join(store, written.at));
      return [[`${story}#${period}`, createHash('sha256').update(bytes).digest('hex')]];
    }),
  );
}

/** This process's environment without what would change an answer. */
function environment(added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(WRAPPED_|NO_COLOR|FORCE_COLOR|NODE_OPTIONS)/.test(name),
  );
  return { ...Object.fromEntries(kept), ...added };
}

function finished(child: ChildProcess, { onSpawn }: SpawnOptions): Promise<Spawned> {
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('spawn', () => onSpawn?.(child));
    child.on('close', (code) => resolve({ code, ...text }));
  });
}
