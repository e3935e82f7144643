import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Bundles `dist` once before all tests: the command line is tested as it is installed. */
export default function build(): void {
  const bundler = join(ROOT, 'node_modules/rolldown/bin/cli.mjs');
  execFileSync(process.execPath, [bundler, '--config'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
}
