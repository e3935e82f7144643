import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const MAIN = pathToFileURL(join(import.meta.dirname, '../../dist/js/main.js')).href;

/** The packages that the command line loads for a command, in a process of its own. */
function loadedBy(...args: string[]): string[] {
  const script = `
    import Module from 'node:module';
    import { main } from '${MAIN}';
    await main(${JSON.stringify(['node', 'wrapped', ...args])});
    process.exitCode = 0;
    process.stdout.write('\\nloaded:' + JSON.stringify(Object.keys(Module._cache)));`;
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' },
  });
  const paths = JSON.parse(text.slice(text.lastIndexOf('\nloaded:') + '\nloaded:'.length)) as string[];
  return paths.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
}

test('the command line starts without the database and the AWS SDK: a command loads what it needs', () => {
  const loaded = loadedBy('--help');
  expect(loaded).toContain('commander');
  expect(loaded).not.toContain('@duckdb/node-api');
  expect(loaded).not.toContain('@aws-sdk/client-dynamodb');
});

test('the AWS SDK is loaded for a table, and not for a folder', () => {
  const show = ['show', 'me', '--store'];
  const folder = loadedBy(...show, join(import.meta.dirname, 'no-such-store'));
  expect(folder).toContain('@duckdb/node-api');
  expect(folder).not.toContain('@aws-sdk/client-dynamodb');
  const table = loadedBy(...show, 'dynamodb://wrapped?region=eu-west-1&endpoint=http://127.0.0.1:9');
  expect(table).toContain('@aws-sdk/client-dynamodb');
});
