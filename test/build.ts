import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Bundles `dist` once before all tests: the command line is tested as it is installed. */
export default function build(): void {
  execFileSync(process.execPath, [join(import.meta.dirname, '../bundle.mjs')], { stdio: 'inherit' });
}
