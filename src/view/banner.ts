import type { Colors } from './page.ts';
import { fit } from './text.ts';

/** Three lines each. */
const GLYPHS: Readonly<Record<string, readonly [string, string, string]>> = {
  '0': ['█▀█', '█ █', '▀▀▀'],
  '1': ['▀█ ', ' █ ', '▀▀▀'],
  '2': ['▀▀█', '█▀▀', '▀▀▀'],
  '3': ['▀▀█', ' ▀█', '▀▀▀'],
  '4': ['█ █', '▀▀█', '  ▀'],
  '5': ['█▀▀', '▀▀█', '▀▀▀'],
  '6': ['█▀▀', '█▀█', '▀▀▀'],
  '7': ['▀▀█', '  █', '  ▀'],
  '8': ['█▀█', '█▀█', '▀▀▀'],
  '9': ['█▀█', '▀▀█', '▀▀▀'],
  '-': ['   ', '▀▀▀', '   '],
};

const GAP = '   ';

/** Digits leave at least this much to the name beside them. */
const LEAST_NAME = 12;

/** A period in large digits, and beside it whose it is. A period that is not made of digits is left to the words. */
export function banner(period: string, user: string, width: number, { bold, dim, yellow }: Colors): string[] {
  const glyphs = [...period].map((character) => GLYPHS[character]);
  const digits = glyphs.every((glyph) => glyph !== undefined)
    ? ([0, 1, 2] as const).map((line) => glyphs.map((glyph) => glyph[line]).join(' '))
    : [];
  const room = width - (digits[0] ?? '').length - GAP.length;
  const words = (width: number) => [bold(fit(user, width)), dim(fit(`Wrapped ${period}`, width))];
  if (digits.length === 0 || room < LEAST_NAME) return words(width);
  const beside = words(room);
  return digits.map((line, index) => yellow(line) + (index < beside.length ? GAP + beside[index] : ''));
}
