import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { ConfigFile } from './config-schema.ts';
import { WrappedError } from './error.ts';
import type { LakeLayout } from './lake/layout-schema.ts';

/** Looked for in the working directory. */
export const CONFIG_FILE = 'wrapped.config.json';

/** What `wrapped.config.json` says. Paths are absolute: in the file they are relative to it. */
export interface Config {
  readonly lake?: string | undefined;
  readonly store?: string | undefined;
  readonly work?: string | undefined;
  readonly timezone?: string | undefined;
  /** A folder of one's own stories. */
  readonly stories?: string | undefined;
  readonly layout: LakeLayout;
}

/**
 * Reads the configuration: `path`, or `wrapped.config.json` where there is one.
 * @throws WrappedError that names the file, the key, what was found and what was expected
 */
export async function readConfig(path?: string): Promise<Config> {
  const file = resolve(path ?? CONFIG_FILE);
  const content = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' && path === undefined) return undefined;
    throw new WrappedError(`config ${file} can't be read: ${cause.message}`, { cause });
  });
  if (content === undefined) return { layout: {} };
  const { lake, store, work, timezone, stories, ...layout } = await parse(file, content);
  const absolute = (value: string | undefined) =>
    value === undefined || value.includes('://') ? value : resolve(dirname(file), value);
  return {
    lake: absolute(lake),
    store: absolute(store),
    work: absolute(work),
    stories: absolute(stories),
    timezone,
    layout,
  };
}

async function parse(file: string, content: string): Promise<ConfigFile> {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (cause) {
    throw new WrappedError(`config ${file} is no JSON: ${(cause as Error).message}`, { cause });
  }
  // Most have no such file: they need not wait for a schema library.
  const { configSchema } = await import('./config-schema.ts');
  const parsed = configSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const told = parsed.error.issues.map((issue) => {
    const key = issue.path.join('.');
    return issue.code === 'unrecognized_keys'
      ? `unknown key ${issue.keys.map((name) => `'${key === '' ? name : `${key}.${name}`}'`).join(', ')}`
      : `${key || 'the whole'}: ${issue.message}`;
  });
  throw new WrappedError(`config ${file}: ${told.join('; ')}`, {
    hint: 'docs/operating.md lists the keys.',
  });
}
