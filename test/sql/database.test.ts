import { availableParallelism } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/sql/database.ts';
import { sql } from '../../src/sql/sql.ts';

/** How many threads a database has while many rows are grouped, and after. */
async function threadsOf(threads?: number): Promise<number[]> {
  const database = await openDatabase({ threads });
  onTestFinished(() => database.close());
  const session = await database.session();
  const now = async () => {
    const [row] = await session.rows<{ threads: bigint }>(sql`SELECT current_setting('threads') AS threads`);
    return Number(row?.threads);
  };
  const during = await database.groupingMany(now);
  await expect(database.groupingMany(() => Promise.reject(new Error('stop')))).rejects.toThrow('stop');
  return [during, await now()];
}

test('many rows are grouped by three threads on two cores, and by as many as were asked for', async () => {
  const cores = availableParallelism();
  expect(await threadsOf()).toEqual([cores === 2 ? 3 : cores, cores]);
  expect(await threadsOf(1)).toEqual([1, 1]);
});
