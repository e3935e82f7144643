import { deepStrictEqual, equal, match, rejects } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Database } from '../../sql/database.ts';
import { sql } from '../../sql/sql.ts';
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
} from '../../story/index.ts';
import type { ColumnId, ColumnValue, LedgerEntry, Store } from '../store.ts';
import { newColumn, PROVENANCE } from './new-column.ts';

/** An empty store, and what a case needs beside it. */
export interface Scene {
  readonly store: Store;
  readonly database: Database;
  /** A folder for files on their way in. */
  readonly dir: string;
  /** The same store as another process has it. Whoever made the scene closes it. */
  another(): Promise<Store>;
}

/** A sentence of the contract, and what holds a store to it. */
export interface Case {
  readonly name: string;
  /** @throws AssertionError where the store does something else */
  readonly hold: () => Promise<void>;
}

const COUNT = object({ plays: integer() });
const MINUTES_2019: ColumnId = { story: 'minutes', period: '2019' };
const MINUTES_2020: ColumnId = { story: 'minutes', period: '2020' };

/** More users than a store hands over at a time. */
const MANY = 600;

/**
 * What every store does. It has no test framework in it, so that `wrapped store check` can hold a table to it wherever that is.
 * @param scene gives the scene of the case at hand: a new one for each
 */
export function storeContract(scene: () => Scene): Case[] {
  const cases: Case[] = [];
  let about = '';
  const group = (name: string, define: () => void) => {
    about = name;
    define();
    about = '';
  };
  const test = (name: string, hold: () => Promise<void>) => {
    cases.push({ name: about === '' ? name : `${about}: ${name}`, hold });
  };
  const store = () => scene().store;

  const column = (id: ColumnId, values: Record<string, unknown>, type: ColumnType = COUNT) =>
    newColumn(scene().database, scene().dir, { ...id, type, values });

  const put = async (id: ColumnId, values: Record<string, unknown>, type?: ColumnType) =>
    store().put(await column(id, values, type));

  group('the ledger', () => {
    test('is empty at first', async () => {
      deepStrictEqual(await store().ledger(), []);
      equal(await store().entry(MINUTES_2019), undefined);
    });

    test('has the entry that put returned', async () => {
      const entry = await put(MINUTES_2019, { a: { plays: 1 }, b: { plays: 2 } });
      deepStrictEqual(entry, {
        ...MINUTES_2019,
        state: 'written',
        from: PROVENANCE,
        written: {
          at: entry.written?.at,
          from: PROVENANCE,
          rows: 2,
          absent: {},
          type: COUNT,
          when: entry.written?.when,
        },
      });
      match(entry.written?.when ?? '', /^\d{4}-\d\d-\d\dT.*Z$/);
      deepStrictEqual(await store().entry(MINUTES_2019), entry);
      deepStrictEqual(await store().ledger(), [entry]);
    });

    test('keeps the absent by reason, and the note', async () => {
      const made = await column(MINUTES_2019, { a: { plays: 1 } });
      const absent = { 'fewer than 30 plays': 7 };
      const note = { cuts: { variety: 0.1235 } };
      await store().put({ ...made, written: { ...made.written, absent, note } });
      const { written } = (await store().entry(MINUTES_2019)) as LedgerEntry;
      deepStrictEqual([written?.absent, written?.note], [absent, note]);
    });

    test('is sorted by story, then period, both in binary order', async () => {
      const ids = [
        { story: 'top-track', period: '2019' },
        { story: 'minutes', period: '2020' },
        { story: 'minutes', period: '2010-2019' },
        { story: 'top', period: '2021' },
        { story: 'minutes', period: '2010' },
      ];
      for (const id of ids) await store().putFailure(id, PROVENANCE, 'no');
      deepStrictEqual(
        (await store().ledger()).map(({ story, period }) => `${story} ${period}`),
        ['minutes 2010', 'minutes 2010-2019', 'minutes 2020', 'top 2021', 'top-track 2019'],
      );
    });

    test('is seen by another process', async () => {
      const other = await scene().another();
      const entry = await put(MINUTES_2019, { a: { plays: 1 } });
      deepStrictEqual(await other.ledger(), [entry]);
      deepStrictEqual(await other.row('a'), { user_id: 'a', columns: { 'minutes#2019': { plays: 1 } } });
    });
  });

  group('put', () => {
    test('takes the file over', async () => {
      const made = await column(MINUTES_2019, { a: { plays: 1 } });
      await store().put(made);
      equal(existsSync(made.file), false);
    });

    test('replaces what was there; users no longer in it lose their value', async () => {
      await put(MINUTES_2020, { a: { plays: 5 } });
      await put(MINUTES_2019, { a: { plays: 1 }, b: { plays: 2 }, c: { plays: 3 } });
      await put(MINUTES_2019, { b: { plays: 20 }, d: { plays: 4 } });
      deepStrictEqual(await valuesOf(store(), MINUTES_2019), { b: { plays: 20 }, d: { plays: 4 } });
      deepStrictEqual(await store().row('a'), { user_id: 'a', columns: { 'minutes#2020': { plays: 5 } } });
      equal(await store().row('c'), undefined);
    });

    test('replaces values of another type', async () => {
      await put(MINUTES_2019, { a: { plays: 1 } });
      const type = object({ plays: list(text()), share: number() });
      await put(MINUTES_2019, { a: { plays: ['x'], share: 0.5 } }, type);
      deepStrictEqual(await valuesOf(store(), MINUTES_2019), { a: { plays: ['x'], share: 0.5 } });
    });

    test('repeated is the same', async () => {
      const values = { a: { plays: 1 }, b: { plays: 2 } };
      const before = await put(MINUTES_2019, values);
      const after = await put(MINUTES_2019, values);
      deepStrictEqual(timeless(after), timeless(before));
      deepStrictEqual(await store().ledger(), [after]);
      deepStrictEqual(await valuesOf(store(), MINUTES_2019), values);
    });

    test('that fails leaves what was there', async () => {
      const entry = await put(MINUTES_2019, { a: { plays: 1 } });
      const made = await column(MINUTES_2019, { b: { plays: 2 } });
      await rm(made.file);
      await rejects(store().put(made));
      deepStrictEqual(await store().ledger(), [entry]);
      deepStrictEqual(await valuesOf(store(), MINUTES_2019), { a: { plays: 1 } });
    });
  });

  group('putFailure', () => {
    test('keeps what was there', async () => {
      const { written } = await put(MINUTES_2019, { a: { plays: 1 } });
      const from = { ...PROVENANCE, version: 2 };
      const entry = await store().putFailure(MINUTES_2019, from, 'division by zero');
      deepStrictEqual(entry, {
        ...MINUTES_2019,
        state: 'failed',
        from,
        reason: 'division by zero',
        written,
      });
      deepStrictEqual(await store().entry(MINUTES_2019), entry);
      deepStrictEqual(await valuesOf(store(), MINUTES_2019), { a: { plays: 1 } });
      deepStrictEqual(await store().row('a'), { user_id: 'a', columns: { 'minutes#2019': { plays: 1 } } });
    });

    test('of a column that never was makes none', async () => {
      const entry = await store().putFailure(MINUTES_2019, PROVENANCE, 'division by zero');
      deepStrictEqual(entry, {
        ...MINUTES_2019,
        state: 'failed',
        from: PROVENANCE,
        reason: 'division by zero',
      });
      await rejects(valuesOf(store(), MINUTES_2019), { message: /has no column minutes#2019/ });
    });

    test('is forgotten by the next put', async () => {
      await store().putFailure(MINUTES_2019, PROVENANCE, 'division by zero');
      const entry = await put(MINUTES_2019, { a: { plays: 1 } });
      equal('reason' in entry, false);
      deepStrictEqual(await store().entry(MINUTES_2019), entry);
    });
  });

  group('putNotApplicable', () => {
    test('removes what was there', async () => {
      await put(MINUTES_2020, { a: { plays: 5 } });
      await put(MINUTES_2019, { a: { plays: 1 }, b: { plays: 2 } });
      const entry = await store().putNotApplicable(MINUTES_2019, PROVENANCE, 'the lake has no genres');
      deepStrictEqual(entry, {
        ...MINUTES_2019,
        state: 'not-applicable',
        from: PROVENANCE,
        reason: 'the lake has no genres',
      });
      deepStrictEqual(await store().entry(MINUTES_2019), entry);
      deepStrictEqual(await store().row('a'), { user_id: 'a', columns: { 'minutes#2020': { plays: 5 } } });
      equal(await store().row('b'), undefined);
      await rejects(valuesOf(store(), MINUTES_2019), { message: /has no column minutes#2019/ });
    });

    test('is forgotten by the next put', async () => {
      await store().putNotApplicable(MINUTES_2019, PROVENANCE, 'the lake has no genres');
      await put(MINUTES_2019, { a: { plays: 1 } });
      equal((await store().entry(MINUTES_2019))?.state, 'written');
      deepStrictEqual(await valuesOf(store(), MINUTES_2019), { a: { plays: 1 } });
    });
  });

  group('row', () => {
    test('has the columns of the user in the order of the ledger', async () => {
      await put({ story: 'top-artist', period: '2019' }, { a: { plays: 3 } });
      await put(MINUTES_2020, { a: { plays: 2 }, b: { plays: 9 } });
      await put({ story: 'top-artist', period: '2020' }, { b: { plays: 4 } });
      await put(MINUTES_2019, { a: { plays: 1 } });
      equal(
        JSON.stringify(await store().row('a')),
        '{"user_id":"a","columns":{"minutes#2019":{"plays":1},"minutes#2020":{"plays":2},"top-artist#2019":{"plays":3}}}',
      );
    });

    const strangers = { unknown: 'nobody', empty: '', 'too long for any key': 'x'.repeat(5000) };
    for (const [what, user] of Object.entries(strangers)) {
      test(`is undefined where no column has the user: ${what}`, async () => {
        await put(MINUTES_2019, { a: { plays: 1 } });
        equal(await store().row(user), undefined);
      });
    }
  });

  group('values', () => {
    test('of a column that is not there name the periods that are', async () => {
      await put(MINUTES_2020, { a: { plays: 1 } });
      await put(MINUTES_2019, { a: { plays: 1 } });
      await store().putFailure({ story: 'minutes', period: '2021' }, PROVENANCE, 'no');
      await rejects(valuesOf(store(), { story: 'minutes', period: '2018' }), {
        message: /has no column minutes#2018; it has minutes of 2019, 2020/,
      });
      await rejects(valuesOf(store(), { story: 'top-artist', period: '2019' }), {
        message: /has no column top-artist#2019; it has nothing of top-artist/,
      });
    });

    test('are sorted by user, also where there are many', async () => {
      const users = Array.from({ length: MANY }, (_, index) => `user-${(index * 7919) % MANY}`);
      const values = Object.fromEntries(users.map((user, index) => [user, { plays: index }]));
      await put(MINUTES_2019, values);
      const found = await listOf(store(), MINUTES_2019);
      deepStrictEqual(
        found.map(({ user_id }) => user_id),
        [...users].sort(),
      );
      deepStrictEqual(Object.fromEntries(found.map(({ user_id, value }) => [user_id, value])), values);
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
      const found = await listOf(store(), MINUTES_2019);
      deepStrictEqual(
        found.map(({ user_id }) => user_id),
        [...users].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      );
      for (const [plays, user_id] of users.entries()) {
        deepStrictEqual(await store().row(user_id), { user_id, columns: { 'minutes#2019': { plays } } });
      }
    });
  });

  group('files', () => {
    test('have the columns as Parquet, in the order in which they were asked for', async () => {
      await put(MINUTES_2019, { b: { plays: 2 }, a: { plays: 1 } });
      await put(MINUTES_2020, { c: { plays: 3 } });
      const files = await store().files([MINUTES_2020, MINUTES_2019], scene().dir);
      const session = await scene().database.session();
      try {
        const rowsOf = (file = '') =>
          session.rows(sql`SELECT user_id, value.plays::INTEGER AS plays FROM read_parquet(${file})`);
        deepStrictEqual(await rowsOf(files[0]), [{ user_id: 'c', plays: 3 }]);
        deepStrictEqual(await rowsOf(files[1]), [
          { user_id: 'a', plays: 1 },
          { user_id: 'b', plays: 2 },
        ]);
      } finally {
        session.close();
      }
    });
  });

  for (const [what, { type, values }] of Object.entries(EXACT)) {
    test(`gives back exactly: ${what}`, async () => {
      const users = Object.fromEntries(values.map((value, index) => [`user-${index}`, value]));
      await put(MINUTES_2019, users, type);
      const found = await valuesOf(store(), MINUTES_2019);
      equal(JSON.stringify(found), JSON.stringify(users));
      for (const [user, value] of Object.entries(users)) {
        const row = await store().row(user);
        equal(JSON.stringify(row?.columns['minutes#2019']), JSON.stringify(value));
      }
    });
  }

  group('at once', () => {
    test('different columns go into the same rows', async () => {
      const other = await scene().another();
      const ids = ['2016', '2017', '2018', '2019'].map((period) => ({ story: 'minutes', period }));
      const columns = await Promise.all(
        ids.map((id, index) => column(id, { a: { plays: index }, b: { plays: 10 + index } })),
      );
      await Promise.all(columns.map((made, index) => (index % 2 === 0 ? store() : other).put(made)));
      for (const [index, id] of ids.entries()) {
        deepStrictEqual(await valuesOf(store(), id), { a: { plays: index }, b: { plays: 10 + index } });
      }
      deepStrictEqual(
        Object.keys((await store().row('a'))!.columns),
        ids.map(({ period }) => `minutes#${period}`),
      );
    });

    test('of two that write the same column one stays, whole', async () => {
      const other = await scene().another();
      await put(MINUTES_2019, { u0: { plays: 0 }, old: { plays: 0 } });
      const mine = manyUsers(0, 60, 1);
      const theirs = manyUsers(30, 100, 2);
      const [ours, others] = [await column(MINUTES_2019, mine), await column(MINUTES_2019, theirs)];
      await Promise.all([store().put(ours), other.put(others)]);

      const found = await valuesOf(store(), MINUTES_2019);
      const { rows } = (await store().entry(MINUTES_2019))!.written!;
      deepStrictEqual(found, rows === 60 ? mine : theirs);
      equal(await store().row('old'), undefined);
      deepStrictEqual(await valuesOf(other, MINUTES_2019), found);
      deepStrictEqual(await other.ledger(), await store().ledger());
    });

    test('a column is read while others are written', async () => {
      await put(MINUTES_2019, manyUsers(0, 50, 1));
      const made = await column(MINUTES_2020, manyUsers(0, 50, 2));
      const [found] = await Promise.all([valuesOf(store(), MINUTES_2019), store().put(made)]);
      deepStrictEqual(found, manyUsers(0, 50, 1));
    });

    test('one store is read more than once', async () => {
      await put(MINUTES_2019, manyUsers(0, 50, 1));
      const [found, again, row] = await Promise.all([
        valuesOf(store(), MINUTES_2019),
        valuesOf(store(), MINUTES_2019),
        store().row('u1'),
      ]);
      deepStrictEqual(found, manyUsers(0, 50, 1));
      deepStrictEqual(again, found);
      deepStrictEqual(row, { user_id: 'u1', columns: { 'minutes#2019': { plays: 1 } } });
    });
  });

  return cases;
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
