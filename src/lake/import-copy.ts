import { open } from 'node:fs/promises';

/** Bytes that are gathered for one write: streams come in small pieces. */
const BLOCK_BYTES = 1024 * 1024;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const CARRIAGE_RETURN = 0x0d;

/** Whether a text begins with UTF-8's byte order mark. */
export const hasByteOrderMark = (head: Buffer): boolean => head.subarray(0, 3).equals(BYTE_ORDER_MARK);

/** How DuckDB needs a file to be. */
export interface CopyOptions {
  /** Ends every line with LF, those within quotes too. DuckDB reads no CSV where LF and CRLF both occur. */
  readonly lineFeeds: boolean;
}

/** Writes a text to a new file, without a byte order mark. */
export async function copyText(
  path: string,
  chunks: AsyncIterable<Buffer>,
  { lineFeeds }: CopyOptions,
): Promise<void> {
  const target = await open(path, 'wx');
  try {
    for await (const block of blocksOf(chunks))
      await target.writeFile(lineFeeds ? withLineFeeds(block) : block);
  } finally {
    await target.close();
  }
}

/** The same bytes in large pieces, none of which ends between CR and LF. */
async function* blocksOf(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  let isFirst = true;
  for await (const chunk of chunks) {
    const piece = isFirst && hasByteOrderMark(chunk) ? chunk.subarray(BYTE_ORDER_MARK.length) : chunk;
    isFirst = false;
    pieces.push(piece);
    bytes += piece.length;
    if (bytes < BLOCK_BYTES || piece.at(-1) === CARRIAGE_RETURN) continue;
    yield Buffer.concat(pieces);
    [pieces, bytes] = [[], 0];
  }
  yield Buffer.concat(pieces);
}

/** As latin1 every byte is a letter, and comes back as it was. */
const withLineFeeds = (block: Buffer): Buffer =>
  Buffer.from(block.toString('latin1').replace(/\r\n?/g, '\n'), 'latin1');
