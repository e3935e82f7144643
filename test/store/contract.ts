import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/sql/database.ts';
import type { ColumnId, ColumnValue, LedgerEntry, Store } from '../../src/store/store.ts';
import {
  boolean,
  type ColumnType,
  integer,
  list,
  nullable,
  number,
  object,
  optional,
  text,
} from '../../src/story/index.ts';
import { newColumn, PROVENANCE } from './column-file.ts';

/** An empty store, and what a test needs beside it. */
export interface OpenStore {
  readonly store: Store;
  readonly database: Database;
  /** The same store as another process has it. Closed by {@link OpenStore.cleanup}. */
  another(): Promise<Store>;
  cleanup(): Promise<void>;
}

const COUNT = object({ plays: integer() });
const MINUTES_2019: ColumnId = { story: 'minutes', period: '2019' };
const MINUTES_2020: ColumnId = { story: 'minutes', period: '2020' };

/** More users than a store hands over at a time. */
const MANY = 600;

/** What every store does: a test for each sentence of the contract, on a store that `open` makes anew for each. */
export function storeContract(name: string, open: () => Promise<OpenStore>): void {
  describe(`the store contract: ${name}`, () => {
    let opened: OpenStore;
    let store: Store;
    let dir: string;

    beforeEach(async () => {
      dir = await mkdtemp(join(tmpdir(), 'wrapped-contract-'));
      opened = await open();
      store = opened.store;
    });

    afterEach(async () => {
      await opened.cleanup();
      await rm(dir, { recursive: true, force: true });
    });

    const column = (id: ColumnId, values: Record<string, unknown>, type: ColumnType = COUNT) =>
      newColumn(opened.database, dir, { ...id, type, values });

    const put = async (id: ColumnId, values: Record<string, unknown>, type?: ColumnType) =>
      store.put(await column(id, values, type));

    describe('the ledger', () => {
      test('is empty at first', async () => {
        expect(await store.ledger()).toEqual([]);
        expect(await store.entry(MINUTES_2019)).toBeUndefined();
      });

      test('has the entry that put returned', async () => {
        const entry = await put(MINUTES_2019, { a: { plays: 1 }, b: { plays: 2 } });
        expect(entry).toEqual({
          ...MINUTES_2019,
          state: 'written',
          from: PROVENANCE,
          written: {
            at: expect.any(String),
            from: PROVENANCE,
            rows: 2,
            absent: {},
            type: COUNT,
            when: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
          },
        });
        expect(await store.entry(MINUTES_2019)).toEqual(entry);
        expect(await store.ledger()).toEqual([entry]);
      });

      test('keeps the absent by reason, and the note', async () => {
        const made = await column(MINUTES_2019, { a: { plays: 1 } });
        const absent = { 'fewer than 30 plays': 7 };
        const note = { cuts: { variety: 0.1235 } };
        await store.put({ ...made, written: { ...made.written, absent, note } });
        expect((await store.entry(MINUTES_2019))?.written).toMatchObject({ absent, note });
      });

      test('is sorted by story, then period, both in binary order', async () => {
        const ids = [
          { story: 'top-track', period: '2019' },
          { story: 'minutes', period: '2020' },
          { story: 'minutes', period: '2010-2019' },
          { story: 'top', period: '2021' },
          { story: 'minutes', period: '2010' },
        ];
        for (const id of ids) await store.putFailure(id, PROVENANCE, 'no');
        expect((await store.ledger()).map(({ story, period }) => `${story} ${period}`)).toEqual([
          'minutes 2010',
          'minutes 2010-2019',
          'minutes 2020',
          'top 2021',
          'top-track 2019',
        ]);
      });

      test('is seen by another process', async () => {
        const other = await opened.another();
        const entry = await put(MINUTES_2019, { a: { plays: 1 } });
        expect(await other.ledger()).toEqual([entry]);
        expect(await other.row('a')).toEqual({ user_id: 'a', columns: { 'minutes#2019': { plays: 1 } } });
      });
    });

    describe('put', () => {
      test('takes the file over', async () => {
        const made = await column(MINUTES_2019, { a: { plays: 1 } });
        await store.put(made);
        expect(existsSync(made.file)).toBe(false);
      });

      test('replaces what was there; users no longer in it lose their value', async () => {
        await put(MINUTES_2020, { a: { plays: 5 } });
        await put(MINUTES_2019, { a: { plays: 1 }, b: { plays: 2 }, c: { plays: 3 } });
        await put(MINUTES_2019, { b: { plays: 20 }, d: { plays: 4 } });
        expect(await valuesOf(store, MINUTES_2019)).toEqual({ b: { plays: 20 }, d: { plays: 4 } });
        expect(await store.row('a')).toEqual({ user_id: 'a', columns: { 'minutes#2020': { plays: 5 } } });
        expect(await store.row('c')).toBeUndefined();
      });

      test('replaces values of another type', async () => {
        await put(MINUTES_2019, { a: { plays: 1 } });
        const type = object({ plays: list(text()), share: number() });
        await put(MINUTES_2019, { a: { plays: ['x'], share: 0.5 } }, type);
        expect(await valuesOf(store, MINUTES_2019)).toEqual({ a: { plays: ['x'], share: 0.5 } });
      });

      test('repeated is the same', async () => {
        const values = { a: { plays: 1 }, b: { plays: 2 } };
        const before = await put(MINUTES_2019, values);
        const after = await put(MINUTES_2019, values);
        expect(timeless(after)).toEqual(timeless(before));
        expect(await store.ledger()).toEqual([after]);
        expect(await valuesOf(store, MINUTES_2019)).toEqual(values);
      });

      test('that fails leaves what was there', async () => {
        const entry = await put(MINUTES_2019, { a: { plays: 1 } });
        const made = await column(MINUTES_2019, { b: { plays: 2 } });
        await rm(made.file);
        await expect(store.put(made)).rejects.toThrow();
        expect(await store.ledger()).toEqual([entry]);
        expect(await valuesOf(store, MINUTES_2019)).toEqual({ a: { plays: 1 } });
      });
    });

    describe('putFailure', () => {
      test('keeps what was there', async () => {
        const { written } = await put(MINUTES_2019, { a: { plays: 1 } });
        const from = { ...PROVENANCE, version: 2 };
        const entry = await store.putFailure(MINUTES_2019, from, 'division by zero');
        expect(entry).toEqual({
          ...MINUTES_2019,
          state: 'failed',
          from,
          reason: 'division by zero',
          written,
        });
        expect(await store.entry(MINUTES_2019)).toEqual(entry);
        expect(await valuesOf(store, MINUTES_2019)).toEqual({ a: { plays: 1 } });
        expect(await store.row('a')).toEqual({ user_id: 'a', columns: { 'minutes#2019': { plays: 1 } } });
      });

      test('of a column that never was makes none', async () => {
        const entry = await store.putFailure(MINUTES_2019, PROVENANCE, 'division by zero');
        expect(entry).toEqual({
          ...MINUTES_2019,
          state: 'failed',
          from: PROVENANCE,
          reason: 'division by zero',
        });
        await expect(valuesOf(store, MINUTES_2019)).rejects.toThrow('has no column minutes#2019');
      });

      test('is forgotten by the next put', async () => {
        await store.putFailure(MINUTES_2019, PROVENANCE, 'division by zero');
        const entry = await put(MINUTES_2019, { a: { plays: 1 } });
        expect(entry).not.toHaveProperty('reason');
        expect(await store.entry(MINUTES_2019)).toEqual(entry);
      });
    });

    describe('putNotApplicable', () => {
      test('removes what was there', async () => {
        await put(MINUTES_2020, { a: { plays: 5 } });
        await put(MINUTES_2019, { a: { plays: 1 }, b: { plays: 2 } });
        const entry = await store.putNotApplicable(MINUTES_2019, PROVENANCE, 'the lake has no genres');
        expect(entry).toEqual({
          ...MINUTES_2019,
          state: 'not-applicable',
          from: PROVENANCE,
          reason: 'the lake has no genres',
        });
        expect(await store.entry(MINUTES_2019)).toEqual(entry);
        expect(await store.row('a')).toEqual({ user_id: 'a', columns: { 'minutes#2020': { plays: 5 } } });
        expect(await store.row('b')).toBeUndefined();
        await expect(valuesOf(store, MINUTES_2019)).rejects.toThrow('has no column minutes#2019');
      });

      test('is forgotten by the next put', async () => {
        await store.putNotApplicable(MINUTES_2019, PROVENANCE, 'the lake has no genres');
        await put(MINUTES_2019, { a: { plays: 1 } });
        expect((await store.entry(MINUTES_2019))?.state).toBe('written');
        expect(await valuesOf(store, MINUTES_2019)).toEqual({ a: { plays: 1 } });
      });
    });

    describe('row', () => {
      test('has the columns of the user in the order of the ledger', async () => {
        await put({ story: 'top-artist', period: '2019' }, { a: { plays: 3 } });
        await put(MINUTES_2020, { a: { plays: 2 }, b: { plays: 9 } });
        await put({ story: 'top-artist', period: '2020' }, { b: { plays: 4 } });
        await put(MINUTES_2019, { a: { plays: 1 } });
        expect(JSON.stringify(await store.row('a'))).toBe(
          '{"user_id":"a","columns":{"minutes#2019":{"plays":1},"minutes#2020":{"plays":2},"top-artist#2019":{"plays":3}}}',
        );
      });

      test.each([
        ['unknown', 'nobody'],
        ['empty', ''],
        ['too long for any key', 'x'.repeat(5000)],
      ])('is undefined where no column has the user: %s', async (_, user) => {
        await put(MINUTES_2019, { a: { plays: 1 } });
        expect(await store.row(user)).toBeUndefined();
      });
    });

    describe('values', () => {
      test('of a column that is not there name the periods that are', async () => {
        await put(MINUTES_2020, { a: { plays: 1 } });
        await put(MINUTES_2019, { a: { plays: 1 } });
        await store.putFailure({ story: 'minutes', period: '2021' }, PROVENANCE, 'no');
        await expect(valuesOf(store, { story: 'minutes', period: '2018' })).rejects.toThrow(
          'has no column minutes#2018; it has minutes of 2019, 2020',
        );
        await expect(valuesOf(store, { story: 'top-artist', period: '2019' })).rejects.toThrow(
          'has no column top-artist#2019; it has nothing of top-artist',
        );
      });

      test('are sorted by user, also where there are many', async () => {
        const users = Array.from({ length: MANY }, (_, index) => `user-${(index * 7919) % MANY}`);
        const values = Object.fromEntries(users.map((user, index) => [user, { plays: index }]));
        await put(MINUTES_2019, values);
        const found = await listOf(store, MINUTES_2019);
        expect(found.map(({ user_id }) => user_id)).toEqual([...users].sort());
        expect(Object.fromEntries(found.map(({ user_id, value }) => [user_id, value]))).toEqual(values);
      });

      test('may belong to users of any name, in the order of their bytes', async () => {
        const users = [
          ' ',
          '#',
          '%2F',
          '../a',
          'O\'Brien "x"',
          'a\nb',
          'me',
          'm'.repeat(2048),
          '\u00e9',
          'e\u0301',
          '\uffee',
          '\u{1f3a7}',
          '__proto__x',
          '0',
          '10',
          '9',
        ];
        await put(MINUTES_2019, Object.fromEntries(users.map((user, plays) => [user, { plays }])));
        const found = await listOf(store, MINUTES_2019);
        expect(found.map(({ user_id }) => user_id)).toEqual(
          [...users].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
        );
        for (const [plays, user_id] of users.entries()) {
          expect(await store.row(user_id)).toEqual({ user_id, columns: { 'minutes#2019': { plays } } });
        }
      });
    });

    test.each(Object.entries(EXACT))('gives back exactly: %s', async (_, { type, values }) => {
      const users = Object.fromEntries(values.map((value, index) => [`user-${index}`, value]));
      await put(MINUTES_2019, users, type);
      const found = await valuesOf(store, MINUTES_2019);
      expect(JSON.stringify(found)).toBe(JSON.stringify(users));
      for (const [user, value] of Object.entries(users)) {
        const row = await store.row(user);
        expect(JSON.stringify(row?.columns['minutes#2019'])).toBe(JSON.stringify(value));
      }
    });

    describe('at once', () => {
      test('different columns go into the same rows', async () => {
        const other = await opened.another();
        const ids = ['2016', '2017', '2018', '2019'].map((period) => ({ story: 'minutes', period }));
        const columns = await Promise.all(
          ids.map((id, index) => column(id, { a: { plays: index }, b: { plays: 10 + index } })),
        );
        await Promise.all(columns.map((made, index) => (index % 2 === 0 ? store : other).put(made)));
        for (const [index, id] of ids.entries()) {
          expect(await valuesOf(store, id)).toEqual({ a: { plays: index }, b: { plays: 10 + index } });
        }
        expect(Object.keys((await store.row('a'))!.columns)).toEqual(
          ids.map(({ period }) => `minutes#${period}`),
        );
      });

      test('of two that write the same column one stays, whole', async () => {
        const other = await opened.another();
        await put(MINUTES_2019, { u0: { plays: 0 }, old: { plays: 0 } });
        const mine = manyUsers(0, 60, 1);
        const theirs = manyUsers(30, 100, 2);
        const [ours, others] = [await column(MINUTES_2019, mine), await column(MINUTES_2019, theirs)];
        await Promise.all([store.put(ours), other.put(others)]);

        const found = await valuesOf(store, MINUTES_2019);
        const { rows } = (await store.entry(MINUTES_2019))!.written!;
        expect(found).toEqual(rows === 60 ? mine : theirs);
        expect(await store.row('old')).toBeUndefined();
        expect(await valuesOf(other, MINUTES_2019)).toEqual(found);
        expect(await other.ledger()).toEqual(await store.ledger());
      });

      test('a column is read while others are written', async () => {
        await put(MINUTES_2019, manyUsers(0, 50, 1));
        const made = await column(MINUTES_2020, manyUsers(0, 50, 2));
        const [found] = await Promise.all([valuesOf(store, MINUTES_2019), store.put(made)]);
        expect(found).toEqual(manyUsers(0, 50, 1));
      });

      test('one store is read more than once', async () => {
        await put(MINUTES_2019, manyUsers(0, 50, 1));
        const [found, again, row] = await Promise.all([
          valuesOf(store, MINUTES_2019),
          valuesOf(store, MINUTES_2019),
          store.row('u1'),
        ]);
        expect(found).toEqual(manyUsers(0, 50, 1));
        expect(again).toEqual(found);
        expect(row).toEqual({ user_id: 'u1', columns: { 'minutes#2019': { plays: 1 } } });
      });
    });
  });
}

const ARTISTS = object({
  artists: list(
    object({ artist: text(), artist_id: optional(text()), plays: integer(), ms: nullable(integer()) }),
  ),
  distinct: integer(),
});

/** Values that a store may bend, by what may happen to them. Keys are in the order of the type. */
const EXACT: Record<string, { type: ColumnType; values: unknown[] }> = {
  numbers: {
    type: object({ value: number() }),
    values: [0, 0.5, 1, 0.1235, 0.9999, 1e-7, 1e21, 0.1 + 0.2, -2.5].map((value) => ({ value })),
  },
  integers: {
    type: object({ value: integer() }),
    values: [0, 1, -1, 2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER, 2 ** 53].map((value) => ({ value })),
  },
  text: {
    type: object({ value: text() }),
    values: [
      '',
      ' ',
      'null',
      '0',
      'Sigur R\u00f3s',
      'R\u006f\u0301s',
      '\u{1f3a7}\u200d',
      '"\\\n\t',
      'x'.repeat(9999),
    ].map((value) => ({ value })),
  },
  'booleans and nulls': {
    type: object({ yes: boolean(), no: boolean(), unknown: nullable(boolean()), id: nullable(text()) }),
    values: [{ yes: true, no: false, unknown: null, id: null }],
  },
  'lists, empty ones too, and keys that are left out': {
    type: ARTISTS,
    values: [
      { artists: [], distinct: 0 },
      {
        artists: [
          { artist: 'Volbeat', plays: 265, ms: 59289699 },
          { artist: 'Bj\u00f6rk', artist_id: '7w29UYBi0qsHi5RTcv3lmA', plays: 3, ms: null },
        ],
        distinct: 507,
      },
    ],
  },
  'the order of keys': {
    type: object({ zebra: integer(), apple: integer(), mango: object({ z: integer(), a: integer() }) }),
    values: [{ zebra: 1, apple: 2, mango: { z: 3, a: 4 } }],
  },
  'objects that may be null or left out, lists of lists': {
    type: object({
      axes: nullable(object({ variety: nullable(number()) })),
      extra: optional(object({ a: integer() })),
      days: list(list(integer())),
      gaps: list(nullable(integer())),
    }),
    values: [
      { axes: null, days: [[1, 2], []], gaps: [null, 1] },
      { axes: { variety: null }, extra: { a: 1 }, days: [], gaps: [] },
    ],
  },
};

const manyUsers = (from: number, count: number, plays: number): Record<string, { plays: number }> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`u${from + index}`, { plays }]));

async function listOf(store: Store, column: ColumnId): Promise<ColumnValue[]> {
  const found: ColumnValue[] = [];
  for await (const values of store.values(column)) found.push(...values);
  return found;
}

const valuesOf = async (store: Store, column: ColumnId): Promise<Record<string, unknown>> =>
  Object.fromEntries((await listOf(store, column)).map(({ user_id, value }) => [user_id, value]));

/** An entry without what differs between two that say the same. */
const timeless = (entry: LedgerEntry): unknown => ({
  ...entry,
  written: { ...entry.written, at: '', when: '' },
});
