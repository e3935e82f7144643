import { pipeline, type Readable, Transform } from 'node:stream';
import { crc32 } from 'node:zlib';
import yauzl from 'yauzl';
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
          const content = await zip.openReadStreamPromise(entry).catch((cause: unknown) => {
            throw new UnreadableZip(`can't read ${zipName}/${name}: ${messageOf(cause)}`, { cause });
          });
          return checked(content, entry.crc32, `${zipName}/${name}`);
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

/** The same bytes, held to their checksum, which yauzl does not look at. */
function checked(content: Readable, expected: number, name: string): Readable {
  let found = 0;
  const check = new Transform({
    transform(chunk: Buffer, _, done) {
      found = crc32(chunk, found);
      done(null, chunk);
    },
    flush(done) {
      done(found === expected ? null : damaged(name, found, expected));
    },
  });
  // What goes wrong is thrown at who reads: nothing is left to do here.
  return pipeline(content, check, () => undefined);
}

const damaged = (name: string, found: number, expected: number): UnreadableZip =>
  new UnreadableZip(
    `${name} is damaged: the checksum of its content is ${hex(found)}, where the zip says ${hex(expected)}`,
    { hint: 'Download the export again. Nothing was imported.' },
  );

const hex = (checksum: number): string => checksum.toString(16).padStart(8, '0');

/** A name from inside a zip, without the control characters that would steer a terminal. */
const printable = (name: string): string => name.replace(/\p{Cc}/gu, '\ufffd');
