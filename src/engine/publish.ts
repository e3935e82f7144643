import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../error.ts';
import { type ColumnId, columnName, type LedgerEntry } from '../store/store.ts';
import type { Outcome } from './run.ts';
import type { Workspace } from './workspace.ts';

/** Brings a column that the working folder has into the store, unless it is there already or the store is that folder. */
export async function publishColumn(
  { work, store, scratch }: Workspace,
  id: ColumnId,
  entry: LedgerEntry | undefined,
): Promise<Outcome> {
  const written = entry?.written;
  if (written === undefined) throw new Error(`${columnName(id)} is not in ${work.name}`);
  const outcome = { column: columnName(id), rows: written.rows };
  if (store === work) return { ...outcome, status: 'unchanged' };
  try {
    if (isSame(await store.entry(id), written.from)) return { ...outcome, status: 'unchanged' };
    const { at: _at, when: _when, ...facts } = written;
    // A store takes the file over; the working folder keeps its own.
    const file = join(await scratch(), `${columnName(id)}.parquet`);
    await copyFile(work.path(written), file);
    await store.put({ story: id.story, period: id.period, file, written: facts });
    return { ...outcome, status: 'written' };
  } catch (error) {
    return {
      column: outcome.column,
      status: 'failed',
      reason: `not published to ${store.name}: ${messageOf(error)}`,
    };
  }
}

const isSame = (there: LedgerEntry | undefined, from: LedgerEntry['from']): boolean =>
  there?.state === 'written' && isDeepStrictEqual(there.written?.from, from);
