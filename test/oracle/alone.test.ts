import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ORACLE = join(import.meta.dirname, '../../src/oracle');

test.each(readdirSync(ORACLE))('the oracle shares no code with what it checks: %s', (file) => {
  const text = readFileSync(join(ORACLE, file), 'utf8');
  const imports = [...text.matchAll(/from '([^']+)'|import\('([^']+)'\)/g)].map(
    ([, name, late]) => name ?? late,
  );
  for (const name of imports) expect(name).toMatch(/^(\.\/[a-z-]+\.ts|node:.*)$/);
});
