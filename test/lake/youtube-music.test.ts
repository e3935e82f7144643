import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { droppedOf, useImports, zipOf } from './import-helpers.ts';

const { newFolder, newLake, run, refused, plays } = useImports();

/** A row of the watch history. */
const watched = (title: string, second: number, more: Readonly<Record<string, unknown>> = {}) => ({
  header: 'YouTube Music',
  title,
  titleUrl: `https://music.youtube.com/watch?v=id_${second}`,
  subtitles: [{ name: 'a - Topic', url: 'https://www.youtube.com/channel/UC1' }],
  time: new Date(Date.parse('2024-01-01T00:00:00Z') + second * 1000).toISOString(),
  products: ['YouTube'],
  ...more,
});

async function fileOf(content: string | Buffer): Promise<string> {
  const path = join(await newFolder(), 'history');
  await writeFile(path, content);
  return path;
}

/** What becomes of rows: the tracks kept, in order, and what was dropped. */
async function outcome(rows: readonly unknown[], change = (text: string) => text) {
  const lake = await newLake();
  const report = await run({ paths: [await fileOf(change(JSON.stringify(rows, null, 2)))], lake });
  expect(report.files).toMatchObject([{ format: 'youtube-music', read: rows.length }]);
  const kept = await plays(lake).catch(() => []);
  return { tracks: kept.map(({ track, artist }) => `${artist}: ${track}`), dropped: droppedOf(report) };
}

describe("a title of YouTube's", () => {
  test.each([
    ['English', 'Watched One'],
    ['German', 'One angesehen'],
    ['German, as it was', 'Angesehen: One'],
    ['French', 'Vous avez regardé One'],
    ['French, with a space that does not break', 'Vous avez regardé\u00a0One'],
    ['Spanish', 'Has visto One'],
    ['Spanish of America', 'Viste One'],
    ['Italian', 'Hai guardato One'],
    ['Polish', 'Obejrzano: One'],
    ['Turkish', 'One adlı videoyu izlediniz'],
    ['Turkish, as it was', 'İzlenen video: One'],
    ['Japanese', 'One を視聴しました'],
    ['Korean', 'One 을(를) 시청했습니다.'],
  ])('is found between the words of %s', async (_, title) => {
    expect((await outcome([watched(title, 0)])).tracks).toEqual(['a: One']);
  });

  test("is found between any other language's words, where the file has a link in place of a title", async () => {
    const gone = 'https://www.youtube.com/watch?v=gone';
    const rows = [
      watched('Katsoit videon One nyt', 0),
      watched('Katsoit videon Watched nyt', 1),
      watched(`Katsoit videon ${gone} nyt`, 2, { titleUrl: gone, subtitles: undefined }),
    ];
    expect(await outcome(rows)).toEqual({ tracks: ['a: One', 'a: Watched'], dropped: { 'no name': 1 } });
  });

  test('stays as it is where nothing shows what is around it', async () => {
    const bare = 'https://www.youtube.com/watch?v=gone';
    const rows = [
      watched('Katsoit videon One', 0),
      watched('Watched', 1),
      watched(bare, 2, { titleUrl: bare, subtitles: undefined }),
    ];
    expect(await outcome(rows)).toEqual({
      tracks: ['a: Katsoit videon One', 'a: Watched'],
      dropped: { 'no name': 1 },
    });
  });

  test('keeps words of its own that are like those around it', async () => {
    const rows = [watched('Watched Watched You angesehen', 0), watched('Watched Viste el cielo', 1)];
    expect((await outcome(rows)).tracks).toEqual(['a: Watched You angesehen', 'a: Viste el cielo']);
  });
});

describe("a row of YouTube's", () => {
  test('is music by its product, its link or its channel alone', async () => {
    const video = 'https://www.youtube.com/watch?v=1';
    const somebody = [{ name: 'Somebody' }];
    const rows = [
      watched('Watched One', 0, { titleUrl: video, subtitles: somebody }),
      watched('Watched Two', 1, { header: 'YouTube', subtitles: somebody }),
      watched('Watched Three', 2, { header: 'YouTube', titleUrl: video }),
      watched('Watched Four', 3, { header: 'YouTube', titleUrl: video, subtitles: somebody }),
    ];
    expect(await outcome(rows)).toEqual({
      tracks: ['Somebody: One', 'Somebody: Two', 'a: Three'],
      dropped: { 'not music': 1 },
    });
  });

  test('without what it needs is told why it is not kept', async () => {
    const rows = [
      watched('Watched One', 0, { time: 'yesterday' }),
      watched('Watched One', 1, { subtitles: [] }),
      watched('Watched One', 2, { subtitles: [{ name: 'Music Library Uploads' }] }),
      watched('Watched One', 3, { titleUrl: undefined }),
      watched('Watched One', 4, { titleUrl: 'https://www.youtube.com/playables/1' }),
      watched('Watched One', 5, { details: [{ name: 'Von Google Ads' }] }),
      watched('Watched One', 6, { details: [{ name: 'From somewhere else' }] }),
      watched('Watched One', 6, { details: [] }),
    ];
    expect(await outcome(rows)).toEqual({
      tracks: ['a: One'],
      dropped: { 'no time': 1, 'no name': 3, 'not music': 2, 'exact duplicate': 1 },
    });
  });

  test('has no length, which is unknown', async () => {
    const lake = await newLake();
    await run({ paths: [await fileOf(JSON.stringify([watched('Watched One', 0)]))], lake });
    expect((await plays(lake))[0]).not.toHaveProperty('ms_played');
  });
});

describe("a file of YouTube's", () => {
  const rows = [watched('Watched One', 0), watched('Watched Two', 1)];

  test('may begin with a byte order mark, and end its lines with CRLF', async () => {
    const { tracks } = await outcome(rows, (text) => `\ufeff${text.replaceAll('\n', '\r\n')}`);
    expect(tracks).toEqual(['a: One', 'a: Two']);
  });

  test('may begin with rows of videos that are gone', async () => {
    const gone = {
      header: 'YouTube',
      title: 'Watched a video that has been removed',
      time: '2024-01-01T00:00:00Z',
    };
    const { tracks } = await outcome([...Array.from({ length: 9 }, () => gone), ...rows]);
    expect(tracks).toEqual(['a: One', 'a: Two']);
  });

  test('is found in the zip of the export, beside what was searched for, and adds nothing again', async () => {
    const searched = [
      {
        header: 'YouTube',
        title: 'Searched for One',
        titleUrl: 'https://www.youtube.com/results?search_query=One',
        time: '2024-01-01T00:00:00Z',
        products: ['YouTube'],
      },
    ];
    const path = await fileOf(
      zipOf({
        'Takeout/YouTube and YouTube Music/history/search-history.json': JSON.stringify(searched),
        'Takeout/YouTube and YouTube Music/history/watch-history.json': JSON.stringify(rows),
      }),
    );
    const lake = await newLake();
    const report = await run({ paths: [path], lake });
    expect(report.files).toMatchObject([{ kept: 2 }]);
    expect(report.ignored).toMatchObject([{ why: 'of no known format' }]);
    expect(droppedOf(await run({ paths: [path], lake }))).toEqual({ 'exact duplicate': 2 });
  });

  test('is read as it is said to be', async () => {
    const odd = await fileOf(JSON.stringify([{ title: 'Watched One', time: '2024-01-01T00:00:00Z' }]));
    await refused({ paths: [odd], lake: await newLake() });
    const report = await run({ paths: [odd], lake: await newLake(), format: 'youtube-music' });
    expect(droppedOf(report)).toEqual({ 'no name': 1 });
  });
});
