import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const MAIN = pathToFileURL(join(import.meta.dirname, '../../dist/js/main.js')).href;

/** Says which ES modules are loaded. */
const LOADER = `
  import { writeSync } from 'node:fs';
  export function load(url, context, next) {
    writeSync(2, url + '\\n');
    return next(url, context);
  }`;

/** The packages that the command line loads for a command, in a process of its own. */
function loadedBy(...args: string[]): string[] {
  const script = `
    import Module from 'node:module';
    Module.register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(LOADER)}));
    const { main } = await import('${MAIN}');
    await main(${JSON.stringify(['node', 'wrapped', ...args])});
    process.exitCode = 0;
    process.stderr.write(Object.keys(Module._cache).join('\\n'));`;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { ...process.env, AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' },
  });
  return [...stderr.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)].map(([, name]) => name!);
}

test('the command line starts without the database and the AWS SDK: a command loads what it needs', () => {
  const loaded = loadedBy('--help');
  expect(loaded).toContain('commander');
  expect(loaded).not.toContain('@duckdb/node-bindings');
  expect(loaded).not.toContain('@aws-sdk/client-dynamodb');
});

test('what measures texts takes long to load, and is loaded where there are some to measure', () => {
  expect(loadedBy('run-all', '--lake', 'no-such-lake')).not.toContain('string-width');
  expect(loadedBy('stories', '--explain', 'top-artist')).toContain('string-width');
});

test('the AWS SDK is loaded for a table, and not for a folder', () => {
  const show = ['show', 'me', '--store'];
  const folder = loadedBy(...show, join(import.meta.dirname, 'no-such-store'));
  expect(folder).toContain('@duckdb/node-bindings');
  expect(folder).not.toContain('@aws-sdk/client-dynamodb');
  const table = loadedBy(...show, 'dynamodb://wrapped?region=eu-west-1&endpoint=http://127.0.0.1:9');
  expect(table).toContain('@aws-sdk/client-dynamodb');
});
