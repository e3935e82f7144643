import { expect, test } from 'vitest';
import { differences } from '../../src/verify/differences.ts';

test.each([
  ['nothing', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
  [
    'a number by its last digit',
    { a: 0.1234 },
    { a: 0.1235 },
    [{ path: 'a', stored: 0.1234, recomputed: 0.1235 }],
  ],
  ['a number and its text', { a: 1 }, { a: '1' }, [{ path: 'a', stored: 1, recomputed: '1' }]],
  ['null and nothing', { a: null }, {}, [{ path: 'a', stored: null, recomputed: undefined }]],
  [
    'what is missing in a list',
    { a: [1, 2] },
    { a: [1] },
    [{ path: 'a[1]', stored: 2, recomputed: undefined }],
  ],
  [
    'several parts, each where it is',
    { list: [{ name: 'x', plays: 2 }], distinct: 1 },
    { list: [{ name: 'y', plays: 2 }], distinct: 2 },
    [
      { path: 'list[0].name', stored: 'x', recomputed: 'y' },
      { path: 'distinct', stored: 1, recomputed: 2 },
    ],
  ],
  ['an object and a list', { a: {} }, { a: [] }, [{ path: 'a', stored: {}, recomputed: [] }]],
  ['a value that is not there', undefined, { a: 1 }, [{ path: '', stored: undefined, recomputed: { a: 1 } }]],
])('of values that differ in %s', (_, stored, recomputed, expected) => {
  expect(differences(stored, recomputed)).toEqual(expected);
});
