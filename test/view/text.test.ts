import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { clean } from '../../src/view/clean.ts';
import { fit, widthOf, wrap } from '../../src/view/text.ts';

test('text is cut by what it takes on a terminal, never inside a character', () => {
  expect(fit('Volbeat', 7)).toBe('Volbeat');
  expect(fit('Volbeat', 6)).toBe('Volbe…');
  expect(fit('坂本龍一', 6)).toBe('坂本…');
  expect(fit('👩‍👩‍👧‍👦 family', 3)).toBe('👩‍👩‍👧‍👦…');
  expect(fit('Sigur Ro\u0301s', 9)).toBe('Sigur Ro\u0301s');
  expect(fit('The Band', 5)).toBe('The…');
  expect(fit('x', 0)).toBe('');
});

test('a cut name from right to left keeps its direction', () => {
  const cut = fit('שלמה ארצי', 5);
  expect(cut).toBe('\u200eשלמה…\u200e');
  expect(widthOf(cut)).toBe(5);
});

test('cleaning keeps what belongs to a name', () => {
  for (const name of ['👩‍👩‍👧‍👦', 'Sigur Rós', 'می‌خواهم', '坂本龍一', '🏴󠁧󠁢󠁥󠁮󠁧󠁿']) expect(clean(name)).toBe(name);
});

test('lines break at spaces, and inside a word only where it is too long', () => {
  expect(wrap('no release dates in this lake', 12)).toEqual(['no release', 'dates in', 'this lake']);
  expect(wrap('a Donaudampfschiff b', 8)).toEqual(['a', 'Donauda…', 'b']);
});

test('the characters that are taken to be a column wide are', () => {
  const ranges = [
    [0x20, 0x7e],
    [0xa1, 0xac],
    [0xae, 0x2ff],
    [0x2010, 0x2027],
    [0x2500, 0x259f],
  ] as const;
  for (const [first, last] of ranges) {
    for (let code = first; code <= last; code++) {
      const character = String.fromCodePoint(code);
      expect([character, widthOf(character)]).toEqual([character, stringWidth(character)]);
    }
  }
});
