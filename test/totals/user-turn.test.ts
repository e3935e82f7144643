import { expect, onTestFinished, test } from 'vitest';
import { openDatabase, type Session } from '../../src/sql/database.ts';
import { type Sql, sql } from '../../src/sql/sql.ts';
import type { DerivedInput } from '../../src/totals/step.ts';
import { userTurn } from '../../src/totals/user-turn.ts';

/** A play: whose, of which track, and the minutes at which it began and ended. */
type Row = readonly [user: number, track: number | null, from: number, to: number];

const MINUTE = 60_000;

/** The turns of a timeline whose rows come as they are given. */
async function turnsOf(rows: readonly Row[]): Promise<unknown[]> {
  const database = await openDatabase();
  onTestFinished(() => database.close());
  const session: Session = await database.session();
  await session.run(
    sql`CREATE TABLE timeline (user_year BIGINT, track BIGINT, day DATE, started BIGINT, ended BIGINT)`,
  );
  for (const [user, track, from, to] of rows)
    await session.run(
      sql`INSERT INTO timeline VALUES (${user}, ${track}, '2019-01-01', ${from * MINUTE}, ${to * MINUTE})`,
    );
  let query: Sql | undefined;
  const read = () => sql`timeline`;
  const input = {
    writeByUser: async (_: string, of: (from: typeof read, bucket: unknown) => Sql) => {
      query = of(read, undefined);
    },
  };
  await userTurn.derive(input as unknown as DerivedInput);
  return session.rows(
    sql`SELECT user_year::INTEGER AS "user", track::INTEGER AS track, (silent_since / ${MINUTE})::INTEGER AS silent, begins, repeats, is_last FROM (${query as Sql}) ORDER BY place`,
  );
}

test('silence is counted from the end of all plays before, of this user alone', async () => {
  const turns = await turnsOf([
    [1, 7, 0, 60],
    [1, 8, 10, 13],
    [1, 9, 65, 68],
    [1, 9, 90, 93],
    [2, 9, 5, 8],
  ]);
  expect(turns).toEqual([
    { user: 1, track: 7, silent: null, begins: true, repeats: false, is_last: false },
    { user: 1, track: 9, silent: 68, begins: true, repeats: true, is_last: true },
    { user: 2, track: 9, silent: null, begins: true, repeats: false, is_last: true },
  ]);
});

test.each<[string, Row, Row]>([
  ['a later play first', [1, 7, 10, 13], [1, 8, 0, 3]],
  ['a later user first', [2, 7, 0, 3], [1, 8, 10, 13]],
])('a timeline out of order fails: %s', async (_, first, second) => {
  await expect(turnsOf([first, second])).rejects.toThrow('the timeline is not in order');
});
