import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase, type Session } from '../src/sql/database.ts';
import { ident, join as joinSql, type Sql, sql, unsafe } from '../src/sql/sql.ts';
import {
  type DecadeRelations,
  explain,
  GROUPS,
  type PastRelations,
  sqlType,
  TOTALS,
  type TotalsName,
} from '../src/story/index.ts';
import { sameIn } from '../src/totals/identity.ts';
import { stories } from '../stories/index.ts';
import { loadFixtures } from './fixtures.ts';

const STORIES = join(import.meta.dirname, '..', 'stories');
const LONGEST_STORY = 130;

let database: Database;
let session: Session;

/** Empty relations of the types that totals declare, so that DuckDB's binder can judge a query that reads them. */
beforeAll(async () => {
  database = await openDatabase();
  session = await database.session();
  for (const [name, columns] of Object.entries(TOTALS)) {
    const defined = Object.entries(columns).map(([column, type]) => sql`${ident(column)} ${unsafe(type)}`);
    await session.run(sql`CREATE TABLE ${ident(name)} (${joinSql(defined)})`);
  }
  await session.run(sql`CREATE TABLE listener_year (user_year BIGINT, listener BIGINT)`);
});

afterAll(() => {
  session.close();
  database.close();
});

test('every file is listed, and named for its story', () => {
  const files = readdirSync(STORIES).filter((name) => name !== 'index.ts');
  expect(files.sort()).toEqual(stories.map(({ id }) => `${id}.ts`).sort());
});

describe.each(stories.map((story) => [story.id, story] as const))('%s', (id, story) => {
  const source = readFileSync(join(STORIES, `${id}.ts`), 'utf8');

  test('imports src/story and nothing else, and has one export', () => {
    const imported = [...source.matchAll(/from '([^']+)'/g)].map(([, path]) => path);
    expect(imported).toEqual(['../src/story/index.ts']);
    expect(source.match(/^export /gm)).toEqual(['export ']);
    expect(source).toMatch(/^export default defineStory\(\{$/m);
  });

  test('is short, and says what is counted, when there is nothing to tell, and by whose definition', () => {
    expect(source.split('\n').length).toBeLessThanOrEqual(LONGEST_STORY);
    const { group, definition, source: whose, decade, decade_definition } = explain(story);
    expect(Object.keys(GROUPS)).toContain(group);
    for (const paragraph of definition?.split('\n\n') ?? []) expect(paragraph).toMatch(/^[A-Z`].*[.)]$/s);
    expect(definition).toMatch(/ha(s|ve) (a|no) value|there is no value/);
    expect(whose).toMatch(/^(ours|Spotify|Apple|Last\.fm|ListenBrainz)\b/);
    expect(decade_definition, 'how its years reduce, or why they do not').toMatch(/\S{3}/);
    if (decade !== null) expect(decade_definition).toMatch(/^[A-Z`].*\.$/s);
  });

  test('reads each of its totals, is deterministic text, and calls no random() or now()', () => {
    const query = queryOf(story);
    for (const name of story.reads) expect(query.text).toContain(ident(name).text);
    expect(queryOf(story).text).toBe(query.text);
    expect(query.text).not.toMatch(/random\(|now\(|current_/i);
  });

  test("DuckDB's binder gives the types that the story declares", async () => {
    const types = await typesOf(queryOf(story));
    expect(types.get('user_year')).toBe('BIGINT');
    expect(fields(types.get('value') ?? '')).toEqual(fields(sqlType(story.column).text));
    expect(
      [...types.keys()].filter((name) => !['user_year', 'value', 'absent', 'note'].includes(name)),
    ).toEqual([]);
    await session.run(sql`SELECT value::${sqlType(story.column)} FROM (${queryOf(story)})`);
  });

  test('its decade says what years reduce to, in the types that it declares, with totals and without', async () => {
    const { decade } = story;
    if (typeof decade !== 'object')
      return expect(decade, 'a decade, or why there is none').toBeTypeOf('string');
    await session.run(
      sql`CREATE OR REPLACE TABLE years (listener BIGINT, year INTEGER, value ${sqlType(story.column)})`,
    );
    const years = ident('years');
    const totals = {
      ...Object.fromEntries(decade.reads.map((name: TotalsName) => [name, ident(name)])),
      listener_year: ident('listener_year'),
    };
    const relations = {
      ...totals,
      years,
      each_year: [2018, 2019].map((year) => ({
        ...totals,
        year,
        has: (number: Sql) => sql`${number} > ${year}`,
      })),
    } as unknown as DecadeRelations;
    for (const identity of ['track_id', 'title'] as const) {
      const context = { length: 10, cuts: undefined, same: sameIn(identity) };
      for (const [name, table] of Object.entries(decade.shared?.(relations, context) ?? {}) as [
        string,
        Sql,
      ][])
        await session.run(sql`CREATE OR REPLACE TEMP TABLE ${ident(name)} AS ${table}`);
      const queries = [decade.query(relations, context), decade.bounds?.({ years }, context)];
      for (const query of queries.filter((one) => one !== undefined)) {
        const types = await typesOf(query);
        expect(types.get('listener')).toBe('BIGINT');
        expect(fields(types.get('value') ?? '')).toEqual(fields(sqlType(decade.column).text));
        expect(query.text).not.toMatch(/random\(|now\(|current_/i);
      }
    }
    const context = { length: 10, cuts: undefined, same: sameIn('title') };
    const shared = Object.values(decade.shared?.(relations, context) ?? {}) as Sql[];
    const texts = [decade.query(relations, context), ...shared].map(({ text }) => text).join();
    for (const name of decade.reads) expect(texts).toContain(ident(name).text);
  });

  test('every golden case says what it is', () => {
    for (const { name, expected } of loadFixtures()) {
      const periods = new Set([...expected.keys()].map((column) => column.split('#')[1]));
      for (const period of periods) expect([...expected.keys()], name).toContain(`${id}#${period}`);
    }
  });
});

/** The types that the binder finds, by column. */
async function typesOf(query: Sql): Promise<Map<string, string>> {
  const rows = await session.rows<{ column_name: string; column_type: string }>(sql`DESCRIBE ${query}`);
  return new Map(rows.map((row) => [row.column_name, row.column_type]));
}

const queryOf = (story: (typeof stories)[number]) =>
  story.query(named(story.reads), {
    ...named(story.past?.reads ?? []),
    same: sameIn('title'),
    since: 2010,
  } as unknown as PastRelations);

const named = (names: readonly TotalsName[]) => Object.fromEntries(names.map((name) => [name, ident(name)]));

/** A type's text with all whole numbers alike, and all fractions: those are cast, names and nesting are not. */
const fields = (type: string): string =>
  type
    .replaceAll('"', '')
    .replaceAll(/\b(INTEGER|HUGEINT|UBIGINT)\b/g, 'BIGINT')
    .replaceAll(/DECIMAL\(\d+,\d+\)/g, 'DOUBLE');
