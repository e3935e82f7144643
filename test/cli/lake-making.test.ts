import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { accountRow } from '../lake/import-helpers.ts';
import { tempFolder } from '../lakes.ts';
import { wrapped } from './wrapped.ts';

let dir: string;

beforeEach(() => {
  const folder = tempFolder();
  onTestFinished(folder.remove);
  dir = folder.dir;
});

describe('interrupted', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('by %s, generate leaves nothing', async (signal) => {
    const size = ['--users', '1000', '--plays-per-user', '1000', '--years', '2000-2019'];
    const { code, stderr } = await wrapped(['generate', ...size, '--lake', 'new'], {
      cwd: dir,
      onSpawn: (child) => child.stderr?.once('data', () => child.kill(signal)),
    });
    expect(stderr).toMatch(/error: interrupted; nothing was generated\n$/);
    expect(code).toBe(130);
    expect(readdirSync(join(dir, 'new'))).toEqual([]);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('by %s, import leaves nothing', async (signal) => {
    const rows = Array.from({ length: 500_000 }, (_, at) => accountRow('2024-01-01 00:00', `Track ${at}`));
    writeFileSync(join(dir, 'a.json'), JSON.stringify(rows));
    const { code, stdout, stderr } = await wrapped(['import', 'a.json', '--user', 'me', '--lake', 'new'], {
      cwd: dir,
      onSpawn: (child) => {
        const timer = setInterval(() => {
          if (!readdirSync(dir).includes('new') || !readdirSync(join(dir, 'new')).includes('.tmp')) return;
          clearInterval(timer);
          child.kill(signal);
        }, 5);
        child.once('exit', () => clearInterval(timer));
      },
    });
    expect(stderr).toMatch(/error: interrupted; nothing was imported\n$/);
    expect(stdout).toBe('');
    expect(code).toBe(130);
    expect(readdirSync(dir)).toEqual(['a.json']);
  });
});

test('import says the time zone it set, and whose plays are not there', async () => {
  const zone = ['import', '--user', 'a b', '--timezone', 'Europe/Berlin', '--lake', 'my lake'];
  const alone = await wrapped(zone, { cwd: dir });
  expect(alone.stdout).toBe("time zone of 'a b' is now Europe/Berlin\n");
  expect(alone.stderr).toMatch(/^warning: .*my lake has no plays of 'a b'\n$/);
  writeFileSync(join(dir, 'a.json'), JSON.stringify([accountRow('2024-01-01 00:00', 'One')]));
  const plays = ['import', 'a.json', '--user', 'a b', '--lake', 'my lake'];
  expect((await wrapped(plays, { cwd: dir })).stderr).toContain(
    "next: wrapped run-all --lake 'my lake', then wrapped show 'a b'",
  );
  expect((await wrapped(plays, { cwd: dir })).stderr).not.toContain('next:');
  expect((await wrapped(zone, { cwd: dir })).stderr).toBe("next: wrapped run-all --lake 'my lake'\n");
});
