import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../src/engine/run.ts';
import { openWorkspace, type Workspace } from '../../src/engine/workspace.ts';
import type { History } from '../../src/oracle/history.ts';
import type { Session } from '../../src/sql/database.ts';
import { stories } from '../../stories/index.ts';
import { columnsOf, everyColumn } from '../engine.ts';
import { manyPlays, play, tempFolder, writeLake } from '../lakes.ts';

async function lakeOf(history: History) {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  const lake = join(dir, 'lake');
  await writeLake(lake, history);
  return { lake, store: join(dir, 'store') };
}

/** A database whose sessions answer the first questions whether hashes are unique with no. */
function withSharedHashes(workspace: Workspace, times: number): { asked: () => number } {
  const open = workspace.database.session;
  let asked = 0;
  Object.assign(workspace.database, {
    session: async (): Promise<Session> => {
      const session = await open();
      return {
        ...session,
        rows: (statement) =>
          statement.text.includes('AS "unique"') && asked++ < times
            ? Promise.resolve([{ unique: false }] as never)
            : session.rows(statement),
      };
    },
  });
  return { asked: () => asked };
}

test('where names share a hash, another salt gives the same columns', async () => {
  const history = { plays: manyPlays(2019, 300), tracks: [{ track_id: 't1', release_date: '2018' }] };
  const expected = await everyColumn(await lakeOf(history));

  const workspace = await openWorkspace(await lakeOf(history));
  try {
    const hashes = withSharedHashes(workspace, 3);
    await run(workspace, { stories });
    expect(hashes.asked()).toBeGreaterThan(3);
    expect(Object.fromEntries(await columnsOf(workspace.store))).toEqual(Object.fromEntries(expected));
  } finally {
    await workspace.close();
  }
});

test('rows of the catalogue without an id are the names of nothing', { timeout: 90_000 }, async () => {
  const nameless = play('2019-05-01T00:00:00Z', { track_id: null, track: null, artist: null });
  const tracks = [
    { track_id: null, track: 'a' },
    { track_id: null, track: 'b' },
  ] as never;
  const columns = await everyColumn(
    await lakeOf({ plays: [nameless, play('2019-05-02T00:00:00Z')], tracks }),
  );
  expect(columns.get('minutes#2019')).toMatchObject({ me: { plays: 2 } });
  expect(columns.get('top-track#2019')).toMatchObject({ me: { distinct: 1 } });
});
