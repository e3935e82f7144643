import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter('en');

const LEFT_TO_RIGHT_MARK = '\u200E';

/** The blocks of scripts written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** What moves the text around it, and what terminals disagree with each other on. */
const INVISIBLE = /[\p{Bidi_Control}\u00AD\uFEFF]/gu;

/**
 * Text from outside that no terminal can mistake for a command: white space becomes a plain space, any other control character and
 * half a surrogate pair become `�`, marks that turn the direction of text are left out.
 */
export const clean = (text: string): string =>
  text
    .replace(INVISIBLE, '')
    .replace(/\s/gu, ' ')
    .replace(/[\p{Control}\p{Surrogate}]/gu, '\uFFFD');

/** A JSON value with every text and every key in it cleaned. */
export function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map(cleanValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [clean(key), cleanValue(part)]));
}

/** Each character takes a column. */
const PLAIN = /^[ -~]*$/;

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
