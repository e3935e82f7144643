import { expect, test } from 'vitest';
import { defineStory, integer, object, sql } from '../../src/story/index.ts';

const story = {
  id: 'some',
  version: 1,
  title: 'Some',
  summary: 'some of it',
  reads: ['user'],
  column: object({ plays: integer() }),
  query: ({ user }: { user: unknown }) =>
    sql`SELECT user_year, {plays: plays} AS value FROM ${user as string}`,
} as const;

test('a key that a story does not have is an error that names it: it may be one misspelt', () => {
  expect(() => defineStory({ ...story, need: ['genres'] } as never)).toThrow(
    /^story 'some': unknown key 'need', expected any of .*\bneeds\b/,
  );
});

test('a reason that is no text is an error', () => {
  expect(() => defineStory({ ...story, absent: '' } as never)).toThrow(`story 'some': absent is ""`);
});
