import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defineStory, integer, object, runAll, sql, struct } from '../../src/index.ts';
import type { Play } from '../../src/oracle/history.ts';
import { stories } from '../../stories/index.ts';
import { play, tempFolder, writeLake } from '../lakes.ts';

async function outcomesOf(plays: readonly Play[]) {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  const lake = join(dir, 'lake');
  await writeLake(lake, { plays: [...plays] });
  const asked = stories.filter(({ id }) => id === 'minutes' || id === 'podcast');
  const { outcomes } = await runAll({ lake, store: join(dir, 'store'), stories: asked });
  return Object.fromEntries(outcomes.map(({ column, ...outcome }) => [column, outcome]));
}

const song = (more: Partial<Play>) =>
  play('2019-03-01T12:00:00Z', { track: 'Song', artist: 'Band', ...more });

describe('a lake without episodes has no podcasts', () => {
  test.each([
    ['no kinds', {}],
    ['only tracks', { kind: 'track' }],
    ['audiobooks', { kind: 'audiobook' }],
  ])('%s', async (_, kind) => {
    const { 'podcast#2019': podcast } = await outcomesOf([song(kind)]);
    expect(podcast).toEqual({ status: 'skipped', reason: 'the lake has no podcast episodes' });
  });
});

test('who has episodes alone has podcasts and no minutes of music', async () => {
  const outcomes = await outcomesOf([
    song({ user_id: 'ann', kind: 'track' }),
    song({ user_id: 'bob', kind: 'episode' }),
    song({ user_id: 'cat', kind: 'episode' }),
  ]);
  expect(outcomes['minutes#2019']).toMatchObject({ status: 'written', rows: 1 });
  expect(outcomes['podcast#2019']).toMatchObject({ status: 'written', rows: 2 });
});

test('a story reads the totals whose users it tells of', () => {
  expect(() =>
    defineStory({
      id: 'listeners',
      version: 1,
      title: 'Listeners',
      summary: 'of podcasts',
      reads: ['user'],
      users: 'podcast_user',
      column: object({ listens: integer() }),
      query: ({ user }) => sql`SELECT user_year, ${struct({ listens: sql`listens` })} AS value FROM ${user}`,
    }),
  ).toThrow("story 'listeners': users is 'podcast_user', expected one of the totals that it reads: user");
});
