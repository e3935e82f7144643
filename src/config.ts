import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { WrappedError } from './error.ts';
import { type LakeLayout, layoutSchema } from './lake/layout.ts';

/** Looked for in the working directory. */
export const CONFIG_FILE = 'wrapped.config.json';

/** The keys of `wrapped.config.json`. */
export const configSchema = z.strictObject({
  ...layoutSchema.shape,
  lake: z.string().min(1).optional(),
  store: z.string().min(1).optional(),
  work: z.string().min(1).optional(),
  timezone: z.string().min(1).optional(),
  stories: z.string().min(1).optional(),
});

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
  const { lake, store, work, timezone, stories, ...layout } = parse(file, content);
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

function parse(file: string, content: string): z.infer<typeof configSchema> {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (cause) {
    throw new WrappedError(`config ${file} is no JSON: ${(cause as Error).message}`, { cause });
  }
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
