/** An escape in JSON text: a whole pair of surrogates, one alone, or any other. */
const ESCAPE = /\\(?:(u[dD][89abAB]..\\u[dD][c-fC-F]..)|(u[dD][89a-fA-F]..)|.|$)/gs;
const LONGEST_ESCAPE = '\\ud83d\\ude00'.length;

/** JSON text with U+FFFD in place of each surrogate that is escaped alone, which DuckDB would refuse. */
export async function* mendSurrogates(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let held = '';
  for await (const chunk of chunks) {
    const text = held + chunk.toString('latin1'); // every byte is a letter, and comes back as it was
    const end = wholeEscapes(text);
    held = text.slice(end);
    yield mend(text.slice(0, end));
  }
  yield mend(held);
}

const mend = (text: string): Buffer =>
  Buffer.from(
    text.replace(ESCAPE, (whole, _pair, alone) => (alone === undefined ? whole : '\\ufffd')),
    'latin1',
  );

/** Where the first escape begins that may go on in the next chunk. */
function wholeEscapes(text: string): number {
  for (const { index } of text.matchAll(ESCAPE)) if (index + LONGEST_ESCAPE > text.length) return index;
  return text.length;
}
