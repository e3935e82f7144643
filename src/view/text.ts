import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter('en');

const LEFT_TO_RIGHT_MARK = '\u200E';

/** The blocks of scripts written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** Each character takes a column: Latin letters, and what is drawn here. Of others, the first takes 40 ms to measure. */
const PLAIN = /^[ -~\u00A1-\u00AC\u00AE-\u02FF\u2010-\u2027\u2500-\u259F]*$/;

/** The columns that a text takes on a terminal. Colours take none. */
export const widthOf = (text: string): number => (PLAIN.test(text) ? text.length : stringWidth(text));

/** A text in at most `width` columns, cut between characters as a person counts them, with `…` where it was cut. */
export function fit(text: string, width: number): string {
  if (widthOf(text) <= width) return keepDirection(text);
  if (width < 1) return '';
  let kept = '';
  let room = width - 1;
  for (const { segment } of segmenter.segment(text)) {
    room -= widthOf(segment);
    if (room < 0) break;
    kept += segment;
  }
  return keepDirection(`${kept.trimEnd()}…`);
}

/** Between two marks, so that a terminal that reorders text does not take the bars and numbers beside a Hebrew name along. */
const keepDirection = (text: string): string =>
  RIGHT_TO_LEFT.test(text) ? LEFT_TO_RIGHT_MARK + text + LEFT_TO_RIGHT_MARK : text;

/** Spaces that fill a text up to `width` columns; none where it is wider. */
export const padding = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - widthOf(text)));

/** Lines of at most `width` columns, broken at spaces. A longer word is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').map((word) => fit(word, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
