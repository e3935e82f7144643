import { rm, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { WrappedError } from '../error.ts';
import { inOrder } from '../in-order.ts';
import { copyText, hasByteOrderMark } from './import-copy.ts';
import { cantRead, type ExportFile, filesOf, filesOfZip, readBytes } from './import-files.ts';
import { type Reading, recognise, SAMPLE_BYTES, type Sample, sampleOf } from './import-sample.ts';
import type { Importer } from './importers/importer.ts';
import { IMPORTERS } from './importers/index.ts';
import { isZip, UnreadableZip } from './zip.ts';

/** A file that DuckDB can read. */
export interface NamedFile {
  /** As its owner knows it: `export.zip/MyData/StreamingHistory0.json`. */
  readonly name: string;
  /** Where its content is, absolute: the file itself, or what was unpacked of it. */
  readonly path: string;
}

/** A file of an export. */
export type Input = NamedFile &
  Reading & { /** What its content shows. */ readonly looksLike?: Importer | undefined };

/** A file that holds no listening history, or none that is known. */
export interface IgnoredFile {
  readonly file: string;
  readonly why:
    | 'empty'
    | 'without rows'
    | 'given twice'
    | 'a zip too deep in zips'
    | 'a zip that can not be read'
    | 'cut short'
    | 'of no known format';
}

/** What the PATHs of an import hold. */
export interface Inputs {
  readonly inputs: readonly Input[];
  readonly ignored: readonly IgnoredFile[];
}

/** How to look for inputs. */
export interface InputOptions {
  /** Reads every file as this format, whatever its content looks like. */
  readonly importer: Importer | undefined;
  /** An existing folder for what is unpacked. */
  readonly temp: string;
  /** A folder that is not walked into. */
  readonly lake: string;
  /** Stops the search, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What a file turned out to be: listening, a zip of more files, or neither. */
type Taken = Input | NamedFile | IgnoredFile;
type LocalFile = ExportFile & { readonly path: string };

/** How far from its end a list's closing bracket is looked for. */
const TAIL_BYTES = 4096;
const LISTED_FILES = 6;
/** One is inflated while another is written. */
const FILES_AT_ONCE = 4;
/** Apple's export is a zip in a zip in a zip. Zips can be made to go on for ever. */
const ZIPS_IN_ZIPS = 4;
/** Of a PATH that holds nothing else nothing is missing. */
const ACCOUNTED_FOR: readonly IgnoredFile['why'][] = ['without rows', 'given twice'];

/**
 * Finds the files of exports in zips, folders (walked all the way down, zips in either opened) and files, and
 * recognises them by their content. Files that are no listening history are ignored, as long as their PATH
 * holds one that is. Throws a WrappedError where a PATH can't be read, holds nothing known, or holds a file
 * that was cut.
 */
export async function findInputs(paths: readonly string[], options: InputOptions): Promise<Inputs> {
  const inputs: Input[] = [];
  const ignored: IgnoredFile[] = [];
  const seen = new Set<string>();
  let unpacked = 0;
  const takeOne = async (file: ExportFile): Promise<Taken> => {
    const place = resolve(file.path ?? file.name);
    if (seen.has(place)) return { file: file.name, why: 'given twice' };
    seen.add(place);
    const target = join(options.temp, `${unpacked++}.export`);
    return take(file, target, options).catch((cause) => {
      throw cause instanceof WrappedError ? cause : cantRead(file.name, cause);
    });
  };
  const takeAll = async (files: AsyncIterable<ExportFile>, depth: number): Promise<void> => {
    for await (const taken of inOrder(files, FILES_AT_ONCE, takeOne)) {
      if ('why' in taken) ignored.push(taken);
      else if ('importer' in taken) inputs.push(taken);
      else if (depth === ZIPS_IN_ZIPS) ignored.push({ file: taken.name, why: 'a zip too deep in zips' });
      else await takeZip(taken, depth + 1);
    }
  };
  // The zip around it was whole, so that this one is what was packed: not cut on its way, but locked, say.
  const takeZip = async ({ name, path }: NamedFile, depth: number): Promise<void> => {
    const [inputsBefore, ignoredBefore] = [inputs.length, ignored.length];
    try {
      await takeAll(filesOfZip(path, name), depth);
    } catch (error) {
      if (!(error instanceof UnreadableZip)) throw error;
      inputs.length = inputsBefore;
      ignored.length = ignoredBefore;
      ignored.push({ file: name, why: 'a zip that can not be read' });
    } finally {
      await rm(path, { force: true });
    }
  };
  for (const path of paths) {
    const [inputsBefore, ignoredBefore] = [inputs.length, ignored.length];
    await takeAll(filesOf(path, options.lake), 0);
    const others = ignored.slice(ignoredBefore);
    const isAccountedFor = others.length > 0 && others.every(({ why }) => ACCOUNTED_FOR.includes(why));
    if (inputs.length === inputsBefore && !isAccountedFor) throw nothingKnown(path, others, options);
  }
  if (paths.length > 0 && inputs.length === 0) throw nothingKnown(paths.join(', '), ignored, options);
  return { inputs, ignored };
}

/**
 * Recognises a file, and puts it where DuckDB can read it: at `target`, unless it is there already. A zip is
 * put there too.
 */
async function take(
  file: ExportFile,
  target: string,
  { importer: override, signal }: InputOptions,
): Promise<Taken> {
  signal?.throwIfAborted();
  const stream = await file.open();
  try {
    const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
    const head = await readHead(chunks);
    const sample = sampleOf(head.subarray(0, SAMPLE_BYTES));
    const reading = recognise(sample, override);
    if (reading === undefined && isZip(head)) {
      await copyText(target, withHead(head, chunks, signal), { lineFeeds: false });
      return { name: file.name, path: target };
    }
    if (reading === undefined) return { file: file.name, why: whyNot(sample, head) };
    const inPlace = isReadableInPlace(file, head, reading);
    const path = inPlace ? resolve(file.path) : target;
    if (!inPlace) await copyText(target, withHead(head, chunks, signal), { lineFeeds: 'header' in reading });
    if ('layout' in reading && reading.layout === 'array') await checkListEnds(path, file.name);
    return { name: file.name, path, looksLike: recognise(sample)?.importer, ...reading };
  } finally {
    stream.destroy();
  }
}

function whyNot({ encoding }: Sample, head: Buffer): IgnoredFile['why'] {
  if (encoding === 'blank') return 'empty';
  if (encoding === 'empty list') return 'without rows';
  const text = head.toString('utf8').replace('\ufeff', '').trim();
  const isCut = head.length < SAMPLE_BYTES && /^[[{]\s*(?:["{[]|$)/.test(text) && !/[\]}]$/.test(text);
  return isCut ? 'cut short' : 'of no known format';
}

/**
 * DuckDB takes no byte order mark before JSON lines, no backslash in a file's name, and CSV only with its
 * line ends mended.
 */
const isReadableInPlace = (file: ExportFile, head: Buffer, reading: Reading): file is LocalFile =>
  file.path !== undefined &&
  'layout' in reading &&
  !hasByteOrderMark(head) &&
  (sep === '\\' || !resolve(file.path).includes('\\'));

async function readHead(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  const head: Buffer[] = [];
  for (let bytes = 0; bytes < SAMPLE_BYTES; ) {
    const next = await chunks.next();
    if (next.done) break;
    bytes += next.value.length;
    head.push(next.value);
  }
  return Buffer.concat(head);
}

async function* withHead(
  head: Buffer,
  rest: AsyncIterator<Buffer>,
  signal: AbortSignal | undefined,
): AsyncIterable<Buffer> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    signal?.throwIfAborted();
    yield next.value;
  }
}

/** A list cut between two rows is the one cut that DuckDB reads without a word. */
async function checkListEnds(path: string, name: string): Promise<void> {
  const { size } = await stat(path);
  const tail = await readBytes(path, Math.max(0, size - TAIL_BYTES), TAIL_BYTES);
  const end = tail.toString('utf8').trimEnd();
  if (end !== '' && !end.endsWith(']')) {
    throw new WrappedError(
      `${name} is cut short: its list of rows ends after ${size} bytes ` +
        `with ${JSON.stringify(end.slice(-10))}, where "]" should close it`,
      { hint: 'Download or unpack the export again. Nothing was imported.' },
    );
  }
}

/** What is likely to have happened, by the names of the files. */
function hintOf(names: readonly string[]): string | undefined {
  if (names.some((name) => name.endsWith('.html')))
    return 'Google exports the history as HTML unless asked for JSON: choose JSON for it in Takeout.';
  if (names.some((name) => /genres?[^/]*\.csv$/i.test(name)))
    return "A CSV of artists' genres is added with --genres FILE.";
  return undefined;
}

function nothingKnown(
  path: string,
  ignored: readonly IgnoredFile[],
  { importer }: InputOptions,
): WrappedError {
  const formats = IMPORTERS.map(({ id, title }) => `${id} (${title})`).join(', ');
  const known =
    importer === undefined
      ? `Known formats: ${formats}. Choose one with --format to read a file as that format.`
      : `It was read as ${importer.id}: without --format it is read as what its content shows.`;
  const hint = [hintOf([path, ...ignored.map(({ file }) => file)]), known].filter((part) => part).join(' ');
  const [only, ...others] = ignored;
  if (only === undefined) return new WrappedError(`${path} holds no files`, { hint });
  if (others.length === 0 && only.file === path && only.why === 'cut short') {
    return new WrappedError(`${path} is cut short: it ends after its first record began`, {
      hint: 'Download or unpack the export again. Nothing was imported.',
    });
  }
  if (others.length === 0 && only.file === path) return new WrappedError(`${path} is ${only.why}`, { hint });
  const listed = ignored.slice(0, LISTED_FILES).map(({ file, why }) => `${file} (${why})`);
  const rest = ignored.length - listed.length;
  const found = listed.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  return new WrappedError(`${path} holds no listening history of a known format; it holds ${found}`, {
    hint,
  });
}
