import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore, runAll } from '../../src/index.ts';
import { stories } from '../../stories/index.ts';
import { play, tempFolder, writeLake } from '../lakes.ts';

test('why a user has no value tells plays that a story has nothing to say of from no plays', async () => {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  const [lake, name] = [join(dir, 'lake'), join(dir, 'store')];
  await writeLake(lake, {
    plays: [
      play('2019-06-01T10:00:00Z', { user_id: 'ann' }),
      play('2019-06-02T10:00:00Z', { user_id: 'ann', track_id: 't2', track: 'Other' }),
      play('2019-06-01T10:00:00Z', { user_id: 'bob', ms_played: 10_000 }),
    ],
  });
  const chosen = stories.filter(({ id }) => ['repeat', 'top-track'].includes(id));
  await runAll({ lake, store: name, stories: chosen });
  const store = await openStore(name);
  onTestFinished(() => store.close());
  const reasons = Object.fromEntries(
    (await store.ledger()).map(({ story, written }) => [story, written?.absent]),
  );
  expect(reasons).toEqual({
    repeat: { 'nothing played twice in a day or in a row': 1, 'no play that counts': 1 },
    'top-track': { 'no play that counts': 1 },
  });
});
