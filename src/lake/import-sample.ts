import type { CsvImporter, Importer, JsonImporter, JsonLayout } from './importers/importer.ts';
import { IMPORTERS } from './importers/index.ts';

/** Bytes from a file's beginning that tell its format: a record of any format fits in several times. */
export const SAMPLE_BYTES = 32 * 1024;
const SAMPLE_RECORDS = 5;
const SAMPLE_LINES = 20;
const BYTE_ORDER_MARK = '\ufeff';

/** What the beginning of a file shows. A CSV's `rows` are its first lines, split at commas. */
export type Sample =
  | { readonly encoding: 'json'; readonly layout: JsonLayout; readonly records: readonly JsonRecord[] }
  | { readonly encoding: 'csv'; readonly rows: readonly (readonly string[])[] }
  | { readonly encoding: 'blank' | 'empty list' | 'other' };

type JsonRecord = Readonly<Record<string, unknown>>;

/** Reads the beginning of a file. It may be cut anywhere. */
export function sampleOf(head: Buffer): Sample {
  if (head.includes(0)) return { encoding: 'other' };
  const text = head.toString('utf8').replace(BYTE_ORDER_MARK, '').trimStart();
  if (text === '') return { encoding: 'blank' };
  if (/^\[\s*\]\s*$/.test(text)) return { encoding: 'empty list' };
  if (text.startsWith('[')) return { encoding: 'json', layout: 'array', records: recordsOf(objectsIn(text)) };
  const lines = text.split(/\r\n?|\n/, SAMPLE_LINES);
  if (!text.startsWith('{')) return { encoding: 'csv', rows: lines.map(csvFields) };
  const records = recordsOf(lines);
  return records.length === 0
    ? { encoding: 'other' }
    : { encoding: 'json', layout: 'newline_delimited', records };
}

/** How a file is read: by which importer, and what it needs to know of this one file. */
export type Reading =
  | { readonly importer: JsonImporter; readonly layout: JsonLayout }
  | { readonly importer: CsvImporter; readonly header: readonly string[] | undefined };

/**
 * How to read a file of which this is the beginning; `undefined` where no importer knows it. With an
 * `override` that one reads every file of its encoding, but for those that name its artists.
 */
export function recognise(sample: Sample, override?: Importer): Reading | undefined {
  const importers =
    override === undefined
      ? IMPORTERS
      : [...IMPORTERS.filter(({ namesArtistsOf }) => namesArtistsOf === override.id), override];
  for (const importer of importers) {
    if (importer.encoding === 'json' && sample.encoding === 'json') {
      const isKnown = importer === override || sample.records.some((record) => importer.recognises(record));
      if (isKnown) return { importer, layout: sample.layout };
    } else if (importer.encoding === 'csv' && sample.encoding === 'csv') {
      const isKnown = importer === override || importer.recognises(sample.rows);
      if (isKnown) return { importer, header: importer.header ? sample.rows[0] : undefined };
    }
  }
  return undefined;
}

/** The first texts as JSON objects, up to one that is none: the cut. */
function recordsOf(texts: Iterable<string>): JsonRecord[] {
  const records: JsonRecord[] = [];
  for (const text of texts) {
    const record = parseObject(text);
    if (record === undefined || records.push(record) === SAMPLE_RECORDS) break;
  }
  return records;
}

function parseObject(text: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as JsonRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** The texts of the objects in a list, whatever else is in it. */
function* objectsIn(list: string): Iterable<string> {
  let depth = 0;
  let start = 0;
  for (let at = 0; at < list.length; at++) {
    if (list[at] === '"') at = endOfString(list, at);
    else if (list[at] === '{' && depth++ === 0) start = at;
    else if (list[at] === '}' && --depth === 0) yield list.slice(start, at + 1);
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

/** A line of CSV as its fields. Where a field holds a line break, the line is not a whole row. */
const csvFields = (line: string): string[] =>
  Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, bare]) =>
    quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'),
  );
