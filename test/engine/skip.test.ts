import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore, runAll } from '../../src/index.ts';
import type { History, Identity, Play } from '../../src/oracle/history.ts';
import skip from '../../stories/skip.ts';
import { everyColumn } from '../engine.ts';
import { play, tempFolder, writeLake, writePlays } from '../lakes.ts';

function places() {
  const { dir, remove } = tempFolder();
  onTestFinished(remove);
  return { lake: join(dir, 'lake'), store: join(dir, 'store') };
}

async function skipOf(history: History, identity?: Identity) {
  const { lake, store } = places();
  await writeLake(lake, history, identity);
  return (await everyColumn({ lake, store }, [skip])).get('skip#2019')!;
}

const times = (count: number, more: Partial<Play>): Play[] =>
  Array.from({ length: count }, (_, second) =>
    play(new Date(Date.UTC(2019, 2, 1, 0, 0, second)).toISOString(), more),
  );

const song = (name: string) => ({ track_id: `t-${name}`, track: `Song of ${name}`, artist: name });

test('nobody played their tracks: artists that the rows name, or the table of tracks', async () => {
  const SHORT = { ms_played: 5_000 };
  const plays = [
    ...times(19, { ...song('Never'), ...SHORT, track_id: 'n1' }),
    ...times(1, { ...song('Never'), ...SHORT, track_id: 'n2' }),
    ...times(20, { track_id: 'listed', track: null, artist: null, ...SHORT }),
    // A track that another user played is of the artist of most of those plays.
    ...times(20, { ...song('Guest'), track_id: 'shared', ...SHORT }),
    ...times(2, { ...song('Host'), track_id: 'shared', user_id: 'you', ms_played: 40_000 }),
    ...times(30, song('Most')),
    ...times(3, { ...song('Most'), ...SHORT }),
  ];
  const tracks = [{ track_id: 'listed', track: 'Song', artist: 'Listed' }];
  const { me, you } = await skipOf({ plays, tracks });
  expect(me).toMatchObject({ listens: 93, skipped: 63, short: 63, marked: null });
  // Of artists with the same share and as many rows the first by name: Host, not Guest, beside Listed and Never.
  expect(me).toMatchObject({
    most: { artist: 'Host', listens: 20, skipped: 20, share: 1 },
    least: { artist: 'Most', listens: 33, skipped: 3, share: 0.0909 },
  });
  expect(you).toMatchObject({ listens: 2, skipped: 0, most: null, least: null });
});

test('an artist of short rows alone is shown as most of them say', async () => {
  const named = (artist: string, count: number) =>
    times(count, { track_id: `t-${artist}`, track: 'Song', artist, artist_id: 'a1', ms_played: 1_000 });
  const { me } = await skipOf({
    plays: [...named('Rare', 9), ...named('Often', 11), ...times(20, song('Z'))],
  });
  expect(me).toMatchObject({
    most: { artist: 'Often', artist_id: 'a1', listens: 20, share: 1 },
    least: { artist: 'Z', listens: 20, share: 0 },
  });
});

test('in a lake that goes by names a row finds its track by what the table of tracks adds', async () => {
  const plays = [
    ...times(20, { track_id: 't1', track: 'Song', artist: null, ms_played: 1_000 }),
    ...times(20, { track_id: 't1', track: 'Song', artist: null, user_id: 'you' }),
    ...times(20, { track_id: null, track: 'Other', artist: 'Other' }),
    // Known by its title alone, it is no track of the artist above.
    ...times(20, { track_id: null, track: 'Song', artist: null, user_id: 'you' }),
  ];
  const tracks = [{ track_id: 't1', artist: 'By Catalogue' }];
  const { me } = await skipOf({ plays, tracks }, 'title');
  expect(me).toMatchObject({ most: { artist: 'By Catalogue', skipped: 20 }, least: { artist: 'Other' } });
});

test('rows of unknown length count where the year has marks; those of private sessions never', async () => {
  const scrobble = { ms_played: null };
  const plays = [
    ...times(5, scrobble),
    ...times(3, { ...scrobble, skipped: false }),
    ...times(4, { ...scrobble, private: true, skipped: true }),
    ...times(6, { private: true, ms_played: 1_000, skipped: true }),
    ...times(7, {}),
  ];
  expect(await skipOf({ plays })).toMatchObject({ me: { listens: 7, skipped: 0, marked: null } });
  expect(await skipOf({ plays: [...plays, ...times(2, { ...scrobble, skipped: true })] })).toMatchObject({
    me: { listens: 12, skipped: 2, short: 0, marked: 2, share: 0.1667 },
  });
});

test('scrobbles have no value, and the reason is told', async () => {
  const { lake, store } = places();
  await writeLake(lake, { plays: [...times(3, { ms_played: null }), ...times(1, { user_id: 'you' })] });
  await runAll({ lake, store, stories: [skip] });
  const opened = await openStore(store);
  onTestFinished(() => opened.close());
  expect((await opened.entry({ story: 'skip', period: '2019' }))?.written).toMatchObject({
    rows: 1,
    absent: { 'neither lengths nor skips are known': 1 },
  });
});

test('a track that only another mouthful has played is played', async () => {
  const { lake, store } = places();
  const file = (name: string) => join(lake, 'plays', 'year=2019', `${name}.parquet`);
  await writePlays(file('a'), [
    ...times(20, { ...song('As Skipped'), track_id: 't', ms_played: 1 }),
    ...times(20, song('Z')),
  ]);
  await writePlays(file('b'), times(1, { ...song('As Played'), track_id: 't' }));
  const whole = await everyColumn({ lake, store }, [skip]);
  expect(whole.get('skip#2019')).toMatchObject({
    me: { most: { artist: 'As Played', listens: 21, skipped: 20 } },
  });
  expect(await everyColumn({ lake, store: `${store}-2`, mouthful: 1_000 }, [skip])).toEqual(whole);
});
