import { createRequire } from 'node:module';

/** This package, found by its own name: so it does not matter how deep a file lies, in `src` or bundled in `dist`. */
const require = createRequire(import.meta.url);

/** The path of the library, which stories and their tests import. */
export const libraryPath = (): string => require.resolve('wrapped-engine');

export const version = (): string => (require('wrapped-engine/package.json') as { version: string }).version;
