import { availableParallelism } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/sql/database.ts';
import { sql } from '../../src/sql/sql.ts';

async function threadsOf(threads?: number): Promise<number> {
  const database = await openDatabase({ threads });
  onTestFinished(() => database.close());
  await database.groupMany();
  const session = await database.session();
  const [row] = await session.rows<{ threads: bigint }>(sql`SELECT current_setting('threads') AS threads`);
  return Number(row?.threads);
}

test('many rows are grouped by three threads on two cores, and by as many as were asked for', async () => {
  const cores = availableParallelism();
  expect(await threadsOf()).toBe(cores === 2 ? 3 : cores);
  expect(await threadsOf(1)).toBe(1);
});
