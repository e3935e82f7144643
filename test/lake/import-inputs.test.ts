import { randomBytes } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WrappedError } from '../../src/error.ts';
import { findInputs } from '../../src/lake/import-inputs.ts';
import { accountRow, droppedOf, EXPORTS, listenLine, useImports, zipOf } from './import-helpers.ts';

const { newFolder, newLake, run, refused, plays } = useImports();
const ROWS = JSON.stringify(
  [accountRow('2024-01-01 00:00', 'One'), accountRow('2024-01-01 00:02', 'Two')],
  null,
  1,
);
const CSV = 'Ångström,First,One,01 Jan 2012 00:02\nÅngström,First,Two,01 Jan 2012 00:05\n';

/** Writes files into a new folder. */
async function folderOf(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await newFolder();
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

const fileOf = async (content: string | Buffer, name = 'file'): Promise<string> =>
  join(await folderOf({ [name]: content }), name);

/** What becomes of a file that is imported by itself. */
const outcome = async (content: string | Buffer) => {
  const lake = await newLake();
  const report = await run({ paths: [await fileOf(content)], lake });
  const tracks = (await plays(lake)).map(({ track }) => track);
  return { ...report.files[0], tracks };
};

describe('a file', () => {
  test('is known by its content, whatever its name', async () => {
    expect(await outcome(ROWS)).toMatchObject({ format: 'spotify-account', tracks: ['One', 'Two'] });
    expect(await outcome(CSV)).toMatchObject({ format: 'lastfm-to-csv', tracks: ['One', 'Two'] });
  });

  test('is known by one of its first rows, if the first of all is odd', async () => {
    expect(await outcome(`[{}, 5, ${ROWS.slice(1)}`)).toMatchObject({
      read: 4,
      kept: 2,
      dropped: { 'no name': 2 },
    });
  });

  test.each([
    ['JSON', ROWS],
    ['JSON lines', listenLine('2024-01-01T00:00:00Z', 'One') + listenLine('2024-01-01T00:05:00Z', 'Two')],
    ['CSV', CSV],
    ['CSV with a header', 'uts,artist,track\n1640995200,a,One\n1640995201,a,Two\n'],
    ['CSV with a header in another order', 'track,artist,uts\nOne,a,1640995200\nTwo,a,1640995201\n'],
  ])('of %s may have a byte order mark, CRLF, or no last line break', async (_, text) => {
    const crlf = text.replaceAll('\n', '\r\n');
    for (const variant of [text, `\ufeff${text}`, crlf, `\ufeff${crlf}`, text.trimEnd()]) {
      expect(await outcome(variant)).toMatchObject({ read: 2, kept: 2, tracks: ['One', 'Two'] });
    }
  });

  test('of JSON may be rows one a line, where the format has a list, and the reverse', async () => {
    const lines = (JSON.parse(ROWS) as unknown[]).map((row) => JSON.stringify(row)).join('\n');
    expect(await outcome(lines)).toMatchObject({ format: 'spotify-account', tracks: ['One', 'Two'] });
    const list = `[${listenLine('2024-01-01T00:00:00Z', 'One')}]`;
    expect(await outcome(list)).toMatchObject({ format: 'listenbrainz', tracks: ['One'] });
  });

  test('of CSV has its rows of another shape counted', async () => {
    const odd = `${CSV}Ångström,Three\nÅngström,"First",Four,01 Jan 2012 00:10,more\n"Say "Five"",b,c,01 Jan 2012 00:10\n`;
    expect(await outcome(odd)).toMatchObject({ read: 5, kept: 2, dropped: { 'unreadable row': 3 } });
    const latin1 = Buffer.concat([
      Buffer.from(CSV),
      Buffer.from('Bj\xf6rk,b,c,01 Jan 2012 00:10\n', 'latin1'),
    ]);
    expect(await outcome(latin1)).toMatchObject({ read: 3, kept: 2, dropped: { 'unreadable row': 1 } });
  });

  test('of CSV may mix its line ends, in rows and in names', async () => {
    const mixed =
      'a,"Fi\r\nrst",One,01 Jan 2012 00:02\nb,"Fi\nrst",Two,01 Jan 2012 00:05\r\nc,,Three,01 Jan 2012 00:10\r';
    expect(await outcome(mixed)).toMatchObject({ read: 3, kept: 3, tracks: ['One', 'Two', 'Three'] });
    const long = `${'x'.repeat(32_760)},,One,01 Jan 2012 00:02\r\n`.repeat(70);
    expect(await outcome(`a,,Two,01 Jan 2012 00:02\r\n${long}`)).toMatchObject({ read: 71, kept: 2 });
  });

  test('of JSON may escape surrogates that have no pair', async () => {
    const names = ['One \\ud83d', '\\\\ud83d', '\\ud83d\\ude00 \\ude00', 'x'.repeat(65_400)];
    const rows = names.map((name, at) =>
      JSON.stringify(accountRow(`2024-01-01 00:0${at}`, 'NAME')).replace('NAME', name),
    );
    const lake = await newLake();
    await run({ paths: [await fileOf(`[${rows.join()}, ${rows[2]!.repeat(1)}]`)], lake });
    expect((await plays(lake)).map(({ track }) => track)).toEqual([
      'One \ufffd',
      '\\ud83d',
      '\u{1f600} \ufffd',
      'x'.repeat(65_400),
    ]);
  });

  test('said to be of a format whose rows it has not is refused', async () => {
    const path = await fileOf(ROWS);
    const error = await refused({ paths: [path], lake: await newLake(), format: 'spotify-extended' });
    expect(error.message).toBe(`${path} is not spotify-extended: it looks like spotify-account`);
  });

  test.each(['[', '[{"endTime": "2024', '{"listened_at": 17040'])(
    'cut within its first row: %s',
    async (cut) => {
      const path = await fileOf(cut);
      expect((await refused({ paths: [path], lake: await newLake() })).message).toContain(
        `${path} is cut short`,
      );
    },
  );

  test('is read as the format that it is said to be', async () => {
    const path = await fileOf('Ångström,First,One,yesterday\n');
    expect((await refused({ paths: [path], lake: await newLake() })).message).toBe(
      `${path} is of no known format`,
    );
    const report = await run({ paths: [path], lake: await newLake(), format: 'lastfm-to-csv' });
    expect(report.files).toMatchObject([{ format: 'lastfm-to-csv', read: 1, dropped: { 'no time': 1 } }]);
  });
});

describe('a folder or a zip', () => {
  const files = {
    'MyData/Read me.pdf': Buffer.from('%PDF-1.4\0'),
    'MyData/StreamingHistory_music_0.json': ROWS,
    'MyData/StreamingHistory_podcast_0.json': '[ ]',
    'MyData/Userdata.json': '{\n "username": "me"\n}',
    'MyData/empty.txt': '\n',
    'MyData/inner.zip': zipOf({ 'a.json': ROWS }),
  };

  test('gives its known files by their names, and lists the others', async () => {
    const path = await fileOf(zipOf({ 'MyData/': '', ...files }), 'export.ZIP');
    const report = await run({ paths: [path], lake: await newLake() });
    expect(report.files).toMatchObject([
      { file: `${path}/MyData/StreamingHistory_music_0.json`, kept: 2 },
      { file: `${path}/MyData/inner.zip/a.json`, kept: 0, dropped: { 'exact duplicate': 2 } },
    ]);
    expect(report.ignored).toEqual([
      { file: `${path}/MyData/Read me.pdf`, why: 'of no known format' },
      { file: `${path}/MyData/StreamingHistory_podcast_0.json`, why: 'without rows' },
      { file: `${path}/MyData/Userdata.json`, why: 'of no known format' },
      { file: `${path}/MyData/empty.txt`, why: 'empty' },
    ]);
  });

  test('is left in the midst of files that are of no use, several of which are being read', async () => {
    const useless = Array.from(
      { length: 40 },
      (_, index) => [`${index}.bin`, randomBytes(1_000_000)] as const,
    );
    const path = await fileOf(zipOf({ ...Object.fromEntries(useless), 'a.json': ROWS }), 'export.zip');
    const report = await run({ paths: [path], lake: await newLake() });
    expect(report.files).toMatchObject([{ file: `${path}/a.json`, kept: 2 }]);
    expect(report.ignored).toHaveLength(useless.length);
  });

  test('is opened four zips deep, and no deeper', async () => {
    const nested = (depth: number, content: Buffer): Buffer =>
      depth === 0 ? content : nested(depth - 1, zipOf({ 'in.zip': content }));
    const path = await fileOf(nested(4, zipOf({ 'a.json': ROWS })), 'export.zip');
    const report = await run({ paths: [path], lake: await newLake() });
    expect(report.files).toMatchObject([{ file: `${path}/in.zip/in.zip/in.zip/in.zip/a.json`, kept: 2 }]);
    const deeper = await fileOf(nested(5, zipOf({ 'a.json': ROWS })), 'export.zip');
    expect((await refused({ paths: [deeper], lake: await newLake() })).message).toContain(
      `${deeper}/in.zip/in.zip/in.zip/in.zip/in.zip (a zip too deep in zips)`,
    );
  });

  test('with a zip in it that can not be read leaves that one out', async () => {
    const inner = zipOf({ 'b.json': ROWS });
    const cut = inner.subarray(0, inner.length - 30);
    const path = await fileOf(zipOf({ 'a.json': ROWS, 'inner.zip': cut }), 'export.zip');
    const report = await run({ paths: [path], lake: await newLake() });
    expect(report.files).toMatchObject([{ file: `${path}/a.json`, kept: 2 }]);
    expect(report.ignored).toEqual([{ file: `${path}/inner.zip`, why: 'a zip that can not be read' }]);
    const locked = zipOf({ 'b.json': ROWS });
    for (const at of [locked.indexOf('PK\x03\x04') + 6, locked.indexOf('PK\x01\x02') + 8]) locked[at]! |= 1;
    const withLocked = await fileOf(zipOf({ 'a.json': ROWS, 'inner.zip': locked }), 'export.zip');
    expect((await run({ paths: [withLocked], lake: await newLake() })).ignored).toMatchObject([
      { why: 'a zip that can not be read' },
    ]);
    const list = zipOf({ 'b.json': ROWS.slice(0, ROWS.indexOf('},') + 2) });
    const withCutList = await fileOf(zipOf({ 'a.json': ROWS, 'inner.zip': list }), 'export.zip');
    expect((await refused({ paths: [withCutList], lake: await newLake() })).message).toContain(
      `${withCutList}/inner.zip/b.json is cut short`,
    );
    const alone = await fileOf(zipOf({ 'inner.zip': cut }), 'export.zip');
    expect((await refused({ paths: [alone], lake: await newLake() })).message).toContain(
      `${alone}/inner.zip (a zip that can not be read)`,
    );
  });

  test('is searched no further when it is to stop, in a zip in it too', async () => {
    const path = await fileOf(
      zipOf({ 'inner.zip': zipOf({ 'a.json': ROWS, 'b.json': ROWS }) }),
      'export.zip',
    );
    const signal = {
      looks: 0,
      get aborted() {
        return this.looks >= 3;
      },
      throwIfAborted(): void {
        this.looks += 1;
        if (this.aborted) throw new WrappedError('stopped');
      },
    };
    const temp = await newFolder();
    const search = findInputs([path], {
      importer: undefined,
      temp,
      lake: join(temp, 'lake'),
      signal: signal as unknown as AbortSignal,
    });
    await expect(search).rejects.toThrow('stopped');
  });

  test('in a folder a zip is opened, and the lake is passed over', async () => {
    const folder = await folderOf({ ...files, 'deep/er/more': listenLine('2020-01-01T00:00:00Z', 'One') });
    await symlink(folder, join(folder, 'circle'));
    const lake = join(folder, 'lake');
    const report = await run({ paths: [folder], lake });
    expect(report.files.map(({ file, kept }) => [file.slice(folder.length + 1), kept])).toEqual([
      ['MyData/StreamingHistory_music_0.json', 2],
      ['MyData/inner.zip/a.json', 0],
      ['deep/er/more', 1],
    ]);
    const again = await run({ paths: [folder], lake });
    expect(again.ignored).toEqual(report.ignored);
  });

  test('with names that lead out of it is read all the same, into no other place', async () => {
    const path = await fileOf(
      zipOf({ '../../evil\u001b[2J.json': ROWS, '/etc/evil.json': ROWS }),
      'evil.zip',
    );
    const report = await run({ paths: [path], lake: await newLake() });
    expect(report.files.map(({ file }) => file)).toEqual([
      `${path}/../../evil\ufffd[2J.json`,
      `${path}//etc/evil.json`,
    ]);
  });

  test('with nothing known says what it holds', async () => {
    const path = await fileOf(zipOf({ 'a.txt': 'hello', 'b.json': '{"a":1}' }), 'other.zip');
    const error = await refused({ paths: [path], lake: await newLake() });
    expect(error.message).toBe(
      `${path} holds no listening history of a known format; it holds ${path}/a.txt (of no known format), ${path}/b.json (of no known format)`,
    );
    expect(error.hint).toContain('lastfm-to-csv (Last.fm to CSV)');
    const folder = await newFolder();
    expect((await refused({ paths: [folder], lake: await newLake() })).message).toBe(
      `${folder} holds no files`,
    );
  });

  test('given twice is taken once', async () => {
    const folder = await folderOf({ 'a.json': ROWS });
    const report = await run({ paths: [folder, join(folder, 'a.json')], lake: await newLake() });
    expect(report.files).toMatchObject([{ kept: 2 }]);
    expect(report.ignored).toEqual([{ file: join(folder, 'a.json'), why: 'given twice' }]);
  });
});

describe('bad input loses nothing:', () => {
  const good = join(EXPORTS, 'lastfm-to-csv');
  const messageOf = async (path: string) =>
    (await refused({ paths: [good, path], lake: await newLake() })).message;

  test('no such file', async () => {
    const path = join(await newFolder(), 'nowhere.zip');
    expect(await messageOf(path)).toContain(`can't read ${path}: ENOENT`);
  });

  test('an empty file', async () => {
    const path = await fileOf('');
    expect(await messageOf(path)).toBe(`${path} is empty`);
  });

  test('a zip that is none', async () => {
    const html = await fileOf('<html>', 'export.zip');
    expect(await messageOf(html)).toBe(
      `${html} is no zip: it begins with "<htm", where a zip begins with "PK"`,
    );
    const nothing = await fileOf('', 'export.zip');
    expect(await messageOf(nothing)).toContain('is no zip: it is empty');
  });

  test('a zip cut short', async () => {
    const zip = zipOf({ 'a.json': ROWS });
    const path = await fileOf(zip.subarray(0, zip.length - 30), 'export.zip');
    expect(await messageOf(path)).toContain(`${path} is no whole zip`);
  });

  test('a zip with damaged content', async () => {
    const zip = zipOf({ 'a.json': ROWS });
    zip.fill(0xff, 50, 80);
    const path = await fileOf(zip, 'export.zip');
    expect(await messageOf(path)).toContain(`can't read ${path}/a.json`);
  });

  test('a zip with content that inflates to something else', async () => {
    const zip = zipOf({ 'a.json': ROWS, 'b.pdf': '%PDF' });
    // Where the directory has the checksum, and the length.
    const damaged = (name: string, change = (value: number) => (value ^ 1) >>> 0, field = 16) => {
      const copy = Buffer.from(zip);
      const at = copy.lastIndexOf(name) - 46 + field;
      copy.writeUInt32LE(change(copy.readUInt32LE(at)), at);
      return copy;
    };
    const path = await fileOf(damaged('a.json'), 'export.zip');
    const error = await refused({ paths: [good, path], lake: await newLake() });
    expect(error.message).toMatch(
      /export\.zip\/a\.json is damaged: the checksum of its content is \w{8}, where the zip says \w{8}$/,
    );
    expect(error.hint).toContain('Download the export again');
    const other = await fileOf(damaged('b.pdf'), 'export.zip');
    expect(await messageOf(other)).toContain(`${other}/b.pdf is damaged`);
    const lengths = [
      [-1, /length of its content is over \d+ bytes, where the zip says \d+$/],
      [1, /length of its content is \d+ bytes, where the zip says \d+$/],
    ] as const;
    for (const [more, message] of lengths) {
      const zipped = damaged('a.json', (length) => length + more, 24);
      expect(await messageOf(await fileOf(zipped, 'export.zip'))).toMatch(message);
    }
  });

  test('JSON cut at any byte', { timeout: 90_000 }, async () => {
    const rows = Array.from({ length: 6 }, (_, at) =>
      accountRow(`2024-01-01 00:0${at}`, `Track ${at}, "quoted" [{}]`),
    );
    const text = JSON.stringify(rows);
    for (let length = text.length - 1; length > 120; length -= 7) {
      const path = await fileOf(text.slice(0, length));
      expect(await messageOf(path)).toContain(path);
    }
  });

  test('JSON cut between two rows, and JSON lines cut within one', async () => {
    const list = await fileOf(ROWS.slice(0, ROWS.indexOf('},') + 2));
    expect(await messageOf(list)).toContain(`${list} is cut short: its list of rows ends after`);
    const lines = await fileOf(listenLine('2024-01-01T00:00:00Z', 'One').repeat(3).slice(0, -20));
    expect(await messageOf(lines)).toContain(`${lines} can't be read: unexpected end of data, near row`);
  });

  test('JSON in a zip, in the words of the one who gave it', async () => {
    const path = await fileOf(zipOf({ 'a.json': ROWS.replace('Two"', 'Two') }), 'export.zip');
    expect(await messageOf(path)).toContain(`${path}/a.json can't be read: `);
  });

  test('CSV with a quote that is never closed', async () => {
    const path = await fileOf(`${CSV}Ångström,"First,Three,01 Jan 2012 00:10\n${CSV}`);
    expect(await messageOf(path)).toBe(`${path} has a quote in line 3 that is never closed`);
  });

  test('a file beside a good one, which stays as it was', async () => {
    const before = await readFile(join(good, 'someone.csv'), 'utf8');
    await messageOf(await fileOf('what?'));
    expect(await readFile(join(good, 'someone.csv'), 'utf8')).toBe(before);
  });
});

test('a row given by two files stays in the first', async () => {
  const folder = await folderOf({ 'a.json': ROWS, 'b.json': ROWS });
  const report = await run({
    paths: [join(folder, 'b.json'), join(folder, 'a.json')],
    lake: await newLake(),
  });
  expect(report.files.map(({ kept }) => kept)).toEqual([2, 0]);
  expect(droppedOf(report)).toEqual({ 'exact duplicate': 2 });
});
