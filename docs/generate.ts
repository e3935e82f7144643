/** Writes the generated parts of docs/stories.md: `npm run docs`. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withGenerated } from './catalogue.ts';

const path = join(import.meta.dirname, 'stories.md');
writeFileSync(path, withGenerated(readFileSync(path, 'utf8')));
