import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/engine/run.ts';
import { openWorkspace, type WorkspaceOptions } from '../../src/engine/workspace.ts';
import type { History, Play } from '../../src/oracle/history.ts';
import type { FolderStore } from '../../src/store/folder/folder-store.ts';
import { columnName } from '../../src/store/store.ts';
import { stories } from '../../stories/index.ts';
import { combineHistories, historyArbitrary } from '../histories.ts';
import { tempFolder, writeLake, writePlays } from '../lakes.ts';

/** Less than any file of plays: each is a mouthful of its own, and users come in many buckets. */
const TINY = 10_000;

describe('however a year is cut into mouthfuls, and users into buckets', () => {
  test('columns are those of a run from nothing, whatever files are added, changed and removed', {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(historyArbitrary({ identity: 'track_id', timezone: 'UTC' }), { minLength: 8, maxLength: 8 }),
        fc.array(fc.array(fc.nat({ max: FILES }), { minLength: 40, maxLength: 40 }), {
          minLength: 4,
          maxLength: 4,
        }),
        async (histories, steps) => {
          const { history } = combineHistories(histories);
          const { dir, remove } = tempFolder();
          try {
            const lake = join(dir, 'lake');
            await writeLake(lake, { ...history, plays: [] });
            const written = new Map<string, string>();
            for (const [index, places] of steps.entries()) {
              await writeFiles(lake, history, places, written);
              const grown = await bytesOfColumns({ lake, store: join(dir, 'grown'), mouthful: TINY });
              expect(grown).toEqual(await bytesOfColumns({ lake, store: join(dir, `anew-${index}`) }));
            }
          } finally {
            remove();
          }
        },
      ),
      { numRuns: 1, endOnFailure: true, ...(process.env.SEED && { seed: Number(process.env.SEED) }) },
    );
  });
});

/** Files of plays of a year; a place of {@link FILES} is none, so that those plays are not in the lake. */
const FILES = 5;

/** Writes the plays into files by `places`, by which the nth play of a history goes; a file that is what it was is left alone. */
async function writeFiles(
  lake: string,
  { plays }: History,
  places: readonly number[],
  written: Map<string, string>,
): Promise<void> {
  const files = new Map<string, Play[]>();
  for (const [index, play] of plays.entries()) {
    // Blocks of plays change their place together, so that some files stay what they were.
    const place = places[Math.floor(index / 25) % places.length]!;
    if (place === FILES) continue;
    const path = join(lake, 'plays', `year=${new Date(play.played_at).getUTCFullYear()}`, `${place}.parquet`);
    files.set(path, [...(files.get(path) ?? []), play]);
  }
  for (const path of written.keys()) {
    if (files.has(path)) continue;
    rmSync(path);
    written.delete(path);
  }
  for (const [path, some] of files) {
    const text = JSON.stringify(some);
    if (written.get(path) === text) continue;
    await writePlays(path, some);
    written.set(path, text);
  }
}

/** The digest of each column's file. */
async function bytesOfColumns(options: WorkspaceOptions): Promise<Record<string, string>> {
  const workspace = await openWorkspace(options);
  try {
    const { outcomes } = await run(workspace, { stories });
    expect(outcomes.filter(({ status }) => status === 'failed')).toEqual([]);
    const store = workspace.store as FolderStore;
    const entries = (await store.ledger()).map((entry) => {
      const what =
        entry.written === undefined
          ? entry.state
          : createHash('sha256')
              .update(readFileSync(store.path(entry.written)))
              .digest('hex');
      return [columnName(entry), what];
    });
    return Object.fromEntries(entries);
  } finally {
    await workspace.close();
  }
}
