import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { messageOf, WrappedError } from '../error.ts';

/**
 * A file in a zip. `name` is what the zip says, `/` between folders: for people to read, never a path to
 * write to.
 */
export interface ZipEntry {
  readonly name: string;
  /** Its content, inflated as it is read. */
  open(): Promise<Readable>;
}

/** Whether a file that begins so is a zip, an empty one included. */
export const isZip = (head: Buffer): boolean =>
  ['PK\x03\x04', 'PK\x05\x06'].includes(head.subarray(0, 4).toString('latin1'));

/**
 * The files in a zip, in its own order, without its folders. Throws a WrappedError where it can't be read as
 * one.
 */
export async function* zipEntries(path: string): AsyncIterable<ZipEntry> {
  try {
    // Names are decoded here, since yauzl would refuse a whole zip for one name that leads out of it.
    const zip = await yauzl.openPromise(path, { lazyEntries: true, decodeStrings: false, autoClose: false });
    try {
      for await (const entry of zip.eachEntry()) {
        const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
        const name = yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
        if (!name.endsWith('/')) yield { name, open: () => zip.openReadStreamPromise(entry) };
      }
    } finally {
      zip.close();
    }
  } catch (cause) {
    throw new WrappedError(`${path} is no whole zip: ${messageOf(cause)}`, {
      hint: 'Download the export again, or unpack it and import the folder.',
      cause,
    });
  }
}
