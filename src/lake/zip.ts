import { createReadStream } from 'node:fs';
import { pipeline, Readable, Transform } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { messageOf, WrappedError } from '../error.ts';

/**
 * A file in a zip. `name` is what the zip says, `/` between folders, without control characters: for
 * people to read, never a path to write to.
 */
export interface ZipEntry {
  readonly name: string;
  /** Its content, inflated as it is read. Fails at its end where it is not what was packed. */
  open(): Promise<Readable>;
}

/** The two ways of packing that exports use. */
const STORED = 0;
const DEFLATE = 8;
const INFLATED_BYTES = 256 * 1024;

/** A zip that is none, is not whole, or is locked. */
export class UnreadableZip extends WrappedError {}

/** Whether a file that begins so is a zip, an empty one included. */
export const isZip = (head: Buffer): boolean =>
  ['PK\x03\x04', 'PK\x05\x06'].includes(head.subarray(0, 4).toString('latin1'));

/**
 * The files in a zip, in its own order, without its folders. Throws a WrappedError where it can't be read as
 * one.
 * @param zipName where its owner knows the zip to be
 */
export async function* zipEntries(path: string, zipName: string): AsyncIterable<ZipEntry> {
  try {
    // Names are decoded here, since yauzl would refuse a whole zip for one name that leads out of it.
    const zip = await yauzl.openPromise(path, { lazyEntries: true, decodeStrings: false, autoClose: false });
    try {
      for await (const entry of zip.eachEntry()) {
        const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
        const said = yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
        if (said.endsWith('/')) continue;
        const name = printable(said);
        const open = async () => {
          const content = await contentOf(path, zip, entry).catch((cause: unknown) => {
            throw new UnreadableZip(`can't read ${zipName}/${name}: ${messageOf(cause)}`, { cause });
          });
          return checked(content, entry, `${zipName}/${name}`);
        };
        yield { name, open };
      }
    } finally {
      zip.close();
    }
  } catch (cause) {
    if (cause instanceof WrappedError) throw cause;
    throw new UnreadableZip(`${zipName} is no whole zip: ${messageOf(cause)}`, {
      hint: 'Download the export again, or unpack it and import the folder.',
      cause,
    });
  }
}

/**
 * A file's streams, from its bytes in the zip to its content. Inflated in large pieces: in zlib's own of 16 KB it takes half as long again. The
 * bytes are read by a stream of node's: yauzl 3.4's ends the process where it is given up while it waits for another to be read.
 */
async function contentOf(path: string, zip: ZipFile, entry: Entry): Promise<Readable[]> {
  const { compressionMethod, compressedSize } = entry;
  // It says what is wrong with one that is locked, or packed in another way.
  if (entry.isEncrypted() || !(compressionMethod === STORED || compressionMethod === DEFLATE))
    return [await zip.openReadStreamPromise(entry)];
  const { fileDataStart: start } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
  const packed =
    compressedSize === 0
      ? Readable.from([])
      : createReadStream(path, { start, end: start + compressedSize - 1 });
  return compressionMethod === STORED ? [packed] : [packed, createInflateRaw({ chunkSize: INFLATED_BYTES })];
}

/** The same bytes, held to what the zip says of them: their checksum, and how many they are, so that no small zip fills the disk. */
function checked(
  content: readonly Readable[],
  { crc32: checksum, uncompressedSize }: Entry,
  name: string,
): Readable {
  let found = 0;
  let bytes = 0;
  const check = new Transform({
    transform(chunk: Buffer, _, done) {
      found = crc32(chunk, found);
      bytes += chunk.length;
      if (bytes > uncompressedSize)
        done(damaged(name, 'length', `over ${uncompressedSize} bytes`, `${uncompressedSize}`));
      else done(null, chunk);
    },
    flush(done) {
      if (bytes < uncompressedSize) done(damaged(name, 'length', `${bytes} bytes`, `${uncompressedSize}`));
      else if (found === checksum) done();
      else done(damaged(name, 'checksum', hex(found), hex(checksum)));
    },
  });
  // What goes wrong is thrown at who reads: nothing is left to do here.
  pipeline([...content, check], () => undefined);
  return check;
}

const damaged = (name: string, what: string, found: string, said: string): UnreadableZip =>
  new UnreadableZip(
    `${name} is damaged: the ${what} of its content is ${found}, where the zip says ${said}`,
    {
      hint: 'Download the export again. Nothing was imported.',
    },
  );

const hex = (checksum: number): string => checksum.toString(16).padStart(8, '0');

/** A name from inside a zip, without the control characters that would steer a terminal. */
const printable = (name: string): string => name.replace(/\p{Cc}/gu, '\ufffd');
