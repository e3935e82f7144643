import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { droppedOf, useImports, zipOf } from './import-helpers.ts';

const { newFolder, newLake, run, plays } = useImports();

/** A row of the play activity by its column names. What is not said is a stretch that was played to its end. */
type Row = Readonly<Record<string, string | number>>;

const OLD = [
  'Artist Name',
  'Content Name',
  'Device Identifier',
  'End Position In Milliseconds',
  'End Reason Type',
  'Event End Timestamp',
  'Event Start Timestamp',
  'Event Type',
  'Media Duration In Milliseconds',
  'Play Duration Milliseconds',
  'Start Position In Milliseconds',
  'UTC Offset In Seconds',
];
const NEW = OLD.filter((name) => name !== 'Artist Name')
  .map((name) => (name === 'Content Name' ? 'Song Name' : name))
  .concat('Album Name', 'Container Artist Name');

/**
 * A stretch of a track, from one position in it to another (in seconds), that began at a minute of 2024-01-01
 * and ended for a reason.
 */
function stretch(
  track: string,
  minute: number,
  from: number,
  to: number,
  reason: string,
  more: Row = {},
): Row {
  const start = Date.parse('2024-01-01T00:00:00Z') + minute * 60_000;
  return {
    'Artist Name': 'a',
    'Content Name': track,
    'Song Name': track,
    'Start Position In Milliseconds': from * 1000,
    'End Position In Milliseconds': to * 1000,
    'Play Duration Milliseconds': (to - from) * 1000,
    'Media Duration In Milliseconds': 200_000,
    'Event Start Timestamp': new Date(start).toISOString(),
    'Event End Timestamp': new Date(start + Math.max(0, to - from) * 1000).toISOString(),
    'End Reason Type': reason,
    'Event Type': 'PLAY_END',
    'Device Identifier': 'phone',
    'UTC Offset In Seconds': '-28800',
    ...more,
  };
}

const END = 'NATURAL_END_OF_TRACK';
const PAUSE = 'PLAYBACK_MANUALLY_PAUSED';

const csv = (columns: readonly string[], rows: readonly Row[]): string =>
  [Object.fromEntries(columns.map((name) => [name, name])), ...rows]
    .map((row) => columns.map((name) => quoted(row[name] ?? '')).join(','))
    .join('\n');

const quoted = (value: string | number): string =>
  /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);

async function folderOf(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await newFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** What becomes of rows: the plays as `track@minute: seconds`, in order, and what was dropped. */
async function outcome(rows: readonly Row[], columns = OLD, change = (text: string) => text) {
  const folder = await folderOf({ 'activity.csv': change(csv(columns, rows)) });
  const lake = await newLake();
  const report = await run({ paths: [folder], lake });
  return { plays: (await plays(lake).catch(() => [])).map(told), dropped: droppedOf(report) };
}

const told = ({ track, played_at, ms_played }: Record<string, unknown>): string => {
  const minute = ((played_at as Date).getTime() - Date.parse('2024-01-01T00:00:00Z')) / 60_000;
  return `${track}@${minute}: ${ms_played === undefined ? 'unknown' : Number(ms_played) / 1000}`;
};

describe('a play of Apple Music is', () => {
  test.each<[string, Row[], string[]]>([
    [
      'one, when it was paused and went on where it stopped, hours later too',
      [stretch('A', 0, 0, 20, PAUSE), stretch('A', 300, 20, 50, PAUSE), stretch('A', 400, 51, 200, END)],
      ['A@0: 199'],
    ],
    [
      'two, when another track came between',
      [stretch('A', 0, 0, 50, PAUSE), stretch('B', 5, 0, 200, END), stretch('A', 10, 50, 200, END)],
      ['A@0: 50', 'B@5: 200', 'A@10: 150'],
    ],
    [
      'two, when it was begun again',
      [stretch('A', 0, 0, 50, PAUSE), stretch('A', 5, 0, 200, END)],
      ['A@0: 50', 'A@5: 200'],
    ],
    [
      'two, when the listener went back to its start',
      [stretch('A', 0, 0, 50, 'TRACK_SKIPPED_BACKWARDS'), stretch('A', 1, 0, 200, END)],
      ['A@0: 50', 'A@1: 200'],
    ],
    [
      'two, when it was repeated',
      [stretch('A', 0, 0, 200, END), stretch('A', 4, 0, 200, END)],
      ['A@0: 200', 'A@4: 200'],
    ],
    [
      'two, when it was repeated and its player was at 0 again as it ended',
      [
        stretch('A', 0, 0, 200, END, { 'End Position In Milliseconds': 0 }),
        stretch('A', 4, 0, 200, END, { 'End Position In Milliseconds': 0 }),
      ],
      ['A@0: 200', 'A@4: 200'],
    ],
    [
      'what was heard of it, without what was jumped over',
      [
        stretch('A', 0, 0, 10, 'SCRUB_BEGIN'),
        stretch('A', 0.5, 10, 150, 'SCRUB_END', {
          'Event Start Timestamp': '2023-12-31T23:58:10Z',
          'Event End Timestamp': '2024-01-01T00:00:10.5Z',
        }),
        stretch('A', 1, 150, 200, END),
      ],
      ['A@0: 60'],
    ],
    [
      'all that was heard, when it was jumped back in',
      [
        stretch('A', 0, 0, 100, 'SCRUB_BEGIN'),
        stretch('A', 2, 100, 20, 'SCRUB_END', { 'Event Start Timestamp': '' }),
        stretch('A', 3, 20, 200, END),
      ],
      ['A@0: 280'],
    ],
    [
      'from where it is heard, when it begins with a jump',
      [stretch('A', 0, 0, 150, 'SCRUB_END'), stretch('A', 3, 150, 200, END)],
      ['A@3: 50'],
    ],
    [
      'not made shorter by a length below zero',
      [
        stretch('A', 0, 0, 60, PAUSE),
        stretch('A', 2, 60, 59, PAUSE, { 'Event Start Timestamp': '' }),
        stretch('A', 5, 59, 200, END),
      ],
      ['A@0: 201'],
    ],
    [
      'one, when only the jump is missing from the file',
      [stretch('A', 0, 0, 10, 'SCRUB_BEGIN'), stretch('A', 1, 150, 200, END)],
      ['A@0: 60'],
    ],
    [
      'one on each device, when two play at once',
      [
        stretch('A', 0, 0, 60, PAUSE),
        stretch('B', 0.5, 0, 90, END, { 'Device Identifier': 'car' }),
        stretch('A', 1, 60, 200, END),
      ],
      ['A@0: 200', 'B@0.5: 90'],
    ],
    [
      'nothing where only a jump or a length below zero is there, whatever stands around it',
      [
        stretch('B', 0, 0, 200, END),
        stretch('A', 4, 150, 0, 'MANUALLY_SELECTED_PLAYBACK_OF_A_DIFF_ITEM'),
        stretch('C', 5, 0, 150, 'SCRUB_END'),
      ],
      ['B@0: 200'],
    ],
    [
      'from its end and its length, where the start is missing',
      [stretch('A', 0, 0, 60, PAUSE, { 'Event Start Timestamp': '' }), stretch('A', 5, 60, 200, END)],
      ['A@0: 200'],
    ],
    [
      'of unknown length where a stretch of it has none',
      [stretch('A', 0, 0, 60, PAUSE, { 'Play Duration Milliseconds': '' }), stretch('A', 5, 60, 200, END)],
      ['A@0: unknown'],
    ],
    [
      'in UTC, without an offset and with a space too, wherever the device was',
      [
        stretch('A', 0, 0, 200, END, {
          'Event Start Timestamp': '2024-01-01 00:00:00',
          'Event End Timestamp': '2024-01-01 00:03:20',
        }),
      ],
      ['A@0: 200'],
    ],
  ])('%s', async (_, rows, expected) => {
    expect((await outcome(rows)).plays).toEqual(expected);
    expect((await outcome(rows.toReversed())).plays).toEqual(expected);
  });
});

describe('a file of Apple Music', () => {
  const rows = [stretch('A', 0, 0, 60, PAUSE), stretch('A', 5, 60, 200, END), stretch('B', 9, 0, 10, PAUSE)];
  const expected = ['A@0: 200', 'B@9: 10'];

  test('may begin with a byte order mark, and end its lines with CRLF', async () => {
    expect((await outcome(rows, OLD, (text) => `\ufeff${text.replaceAll('\n', '\r\n')}\r\n`)).plays).toEqual(
      expected,
    );
  });

  test('may have names with commas, quotes and line breaks', async () => {
    const odd = 'A, "B"\nand C';
    expect((await outcome([stretch(odd, 0, 0, 60, PAUSE), stretch(odd, 5, 60, 200, END)])).plays).toEqual([
      `${odd}@0: 200`,
    ]);
  });

  test('may lack columns: without positions every row is a play, without a device there is one', async () => {
    const without = (...names: string[]) => OLD.filter((column) => !names.includes(column));
    expect((await outcome(rows, without('Device Identifier', 'Event Type'))).plays).toEqual(expected);
    expect((await outcome(rows, without('Start Position In Milliseconds'))).plays).toEqual([
      'A@0: 60',
      'A@5: 140',
      'B@9: 10',
    ]);
  });

  test('may have a header alone', async () => {
    expect(await outcome([])).toEqual({ plays: [], dropped: {} });
  });

  test('has rows that repeat another counted once', async () => {
    expect(await outcome([rows[0]!, ...rows, rows[2]!])).toEqual({
      plays: expected,
      dropped: { 'exact duplicate': 2, 'part of a play': 1 },
    });
  });

  test('has every row that is no play told why', async () => {
    const odd = [
      stretch('A', 0, 0, 0, '', { 'Event Type': 'PLAY_START' }),
      stretch('A', 0, 0, 0, '', { 'Event Type': 'LYRIC_DISPLAY' }),
      stretch('A', 1, 0, 0, 'FAILED_TO_LOAD'),
      stretch('A', 2, 0, 300, END),
      stretch('A', 3, 0, 261, END),
      stretch('A', 4, 0, 200, END, { 'Play Duration Milliseconds': 'long' }),
      stretch('A', 5, 0, 200, END, {
        'Media Duration In Milliseconds': '',
        'Play Duration Milliseconds': 87_266_000,
      }),
      stretch('A', 6, 0, 200, END, { 'Event Start Timestamp': '', 'Event End Timestamp': 'soon' }),
      stretch('A', 7, 0, 200, END, { 'Event End Timestamp': '2014-12-31T23:59:59Z' }),
      stretch('', 8, 0, 200, END),
    ];
    expect(await outcome(odd)).toEqual({
      plays: [],
      dropped: { 'no play': 3, 'bad length': 4, 'no time': 2, 'no name': 1 },
    });
  });

  test('given again, or with newer rows, adds only those', async () => {
    const lake = await newLake();
    const older = await folderOf({ 'a.csv': csv(OLD, rows) });
    const newer = await folderOf({ 'b.csv': csv(OLD, [stretch('C', 60, 0, 200, END), ...rows]) });
    await run({ paths: [older], lake });
    expect(droppedOf(await run({ paths: [older], lake }))).toEqual({
      'exact duplicate': 2,
      'part of a play': 1,
    });
    await run({ paths: [newer], lake });
    expect((await plays(lake)).map(told)).toEqual([...expected, 'C@60: 200']);
  });
});

describe('newer files of Apple Music have no artists, and', () => {
  const activity = csv(NEW, [
    stretch('One', 0, 0, 60, PAUSE, { 'Album Name': 'First' }),
    stretch('One', 5, 60, 200, END, { 'Album Name': 'First' }),
    stretch('Cover', 10, 0, 200, END),
    stretch('Two - Live', 15, 0, 200, END),
    stretch('Three', 20, 0, 200, END, { 'Container Artist Name': 'Some Station' }),
  ]);
  const daily = [
    'Track Description,Date Played,Play Count',
    'Ångström - One,20240101,3',
    'Ångström - One,20240102,1',
    'Somebody - Cover,20240101,1',
    'Somebody Else - Cover,20240101,1',
  ].join('\n');
  const history = 'Track Name,Last Played Date,Is User Initiated\nÅngström - Two - Live,1704067200000,true\n';

  test('take them from the files beside, as long as these name one', async () => {
    const music = zipOf({
      'Apple Music Activity/Apple Music - Play History Daily Tracks.csv': daily,
      'Apple Music Activity/Apple Music - Track Play History.csv': history,
      'Apple Music Activity/Apple Music Play Activity.csv': activity,
      'Apple Music Activity/Apple Music - Favorites.csv': 'Favorite Type,Item Reference\nSONG,1\n',
    });
    const folder = await folderOf({
      'Apple Media Services information Part 1 of 2.zip': zipOf({ 'Apple_Media_Services.zip': music }),
    });
    const lake = await newLake();
    const report = await run({ paths: [folder], lake });
    const shared = { artist: 'Ångström', ms_played: 200_000n };
    expect(await plays(lake)).toMatchObject([
      { ...shared, track: 'One', album: 'First' },
      { ...shared, track: 'Two - Live' },
    ]);
    expect(droppedOf(report)).toEqual({ 'names only': 5, 'part of a play': 1, 'no name': 2 });
    expect(report.ignored).toMatchObject([{ why: 'of no known format' }]);
    const named = await folderOf({ 'a.csv': activity, 'b.csv': daily, 'c.csv': history });
    const again = await run({ paths: [named], lake, format: 'apple-music' });
    expect(droppedOf(again)).toMatchObject({ 'exact duplicate': 2, 'no name': 2 });
  });

  test('without them are dropped', async () => {
    const folder = await folderOf({ 'a.csv': activity });
    expect(droppedOf(await run({ paths: [folder], lake: await newLake() }))).toEqual({
      'no name': 4,
      'part of a play': 1,
    });
  });
});
