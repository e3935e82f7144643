import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const DIST = join(import.meta.dirname, '../../dist');

/** The packages that are loaded, in a process of its own, by what `script` imports from `dist`. */
function loadedBy(script: string): string[] {
  const told = `
    import Module from 'node:module';
    ${script.replaceAll('dist:', pathToFileURL(DIST).href)}
    console.log(JSON.stringify(Object.keys(Module._cache)));`;
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', told], { encoding: 'utf8' });
  const paths = JSON.parse(text) as string[];
  return paths.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
}

test('the command line starts without the database and the AWS SDK: a command loads what it needs', () => {
  const loaded = loadedBy(`import { buildProgram } from 'dist:/src/cli/program.js'; buildProgram();`);
  expect(loaded).toContain('commander');
  expect(loaded).not.toContain('@duckdb/node-api');
  expect(loaded).not.toContain('@aws-sdk/client-dynamodb');
});

test('a table’s store loads the AWS SDK when it is opened', () => {
  const imported = `import { DynamoStore } from 'dist:/src/store/dynamodb/dynamo-store.js';`;
  expect(loadedBy(imported)).not.toContain('@aws-sdk/client-dynamodb');
  const opened = `${imported}
    await DynamoStore.open('dynamodb://wrapped?region=eu-west-1&endpoint=http://127.0.0.1:9', {}).catch(() => {});`;
  expect(loadedBy(opened)).toContain('@aws-sdk/client-dynamodb');
});
