import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'rolldown';

/** Packages of hundreds of modules that most commands load. All others stay where they are installed, and DuckDB itself, `@duckdb/node-bindings`. */
const BUNDLED = ['@duckdb/node-api', 'zod'];

/** The command line and the library in few files, which node loads in half of the time that it takes for each module in its own. */
await build({
  cwd: import.meta.dirname,
  input: { main: 'src/cli/main.ts', index: 'src/index.ts' },
  platform: 'node',
  external: (id) => /^[^./]/.test(id) && !BUNDLED.includes(id),
  output: { dir: 'dist/js', cleanDir: true, chunkFileNames: '[name].js' },
});

const licences = BUNDLED.map((name) => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8')}`);
writeFileSync('dist/js/LICENSES.txt', licences.join('\n\n'));
