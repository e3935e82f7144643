import { join, sep } from 'node:path';
import { messageOf, WrappedError } from '../error.ts';
import { isOfTheMachine } from '../lake/broken-files.ts';
import type { Tally } from '../store/remote.ts';
import { type ColumnId, columnName, type LedgerEntry, type Provenance, type Store } from '../store/store.ts';
import type { TotalsFile } from '../totals/index.ts';
import { firstLine, reasonOf } from './too-large.ts';
import type { Workspace } from './workspace.ts';

/** What became of one column. */
export interface Outcome {
  /** `top-artist#2019` */
  readonly column: string;
  /** skipped: not applicable to this lake. */
  readonly status: 'written' | 'unchanged' | 'skipped' | 'failed';
  /** Users with a value, of a column that is there. */
  readonly rows?: number;
  /** Of a failed or skipped column. */
  readonly reason?: string;
  /** Users' values that a publish could not bring into the store. */
  readonly missing?: number;
  /** Users who go without it because their row would be larger than the store holds. */
  readonly refused?: number;
}

/** What happens during a run, as it happens. */
export type RunEvent =
  | { readonly kind: 'plan'; readonly columns: number; readonly totals: number }
  /** `mouthful` and `of`: which of several, from 1, is being read. */
  | {
      readonly kind: 'totals';
      readonly year: number;
      readonly files: readonly TotalsFile[];
      readonly mouthful?: number;
      readonly of?: number;
    }
  | { readonly kind: 'totals-done'; readonly year: number }
  | { readonly kind: 'story'; readonly story: string; readonly periods: readonly string[] }
  | { readonly kind: 'story-done'; readonly story: string; readonly periods: readonly string[] }
  /** `rows`: users in the largest of the columns. `isEmpty`: the store has no column yet. */
  | { readonly kind: 'publish'; readonly columns: number; readonly rows: number; readonly isEmpty: boolean }
  | { readonly kind: 'sent'; readonly tally: Tally }
  | { readonly kind: 'column'; readonly outcome: Outcome };

/** Notes that a column failed: what was there stays. */
export async function fail(
  workspace: Workspace,
  column: ColumnId,
  from: Provenance,
  error: unknown,
): Promise<Outcome> {
  const reason = ofTotals(workspace.work.dir, error) ?? reasonOf(error, workspace.budget);
  for (const store of new Set<Store>([workspace.work, workspace.store])) {
    // On a full disk the failure can't be noted either. The caller is told all the same, and no other column falls with it.
    await store.putFailure(column, from, reason).catch(() => undefined);
  }
  return { column: columnName(column), status: 'failed', reason };
}

/** Why a column failed whose totals are damaged, and what to do: they count as there as long as their folder is. */
function ofTotals(work: string, error: unknown): string | undefined {
  const message = firstLine(messageOf(error));
  const totals = join(work, 'totals');
  if (error instanceof WrappedError || isOfTheMachine(error) || !message.includes(`${totals}${sep}`))
    return undefined;
  return `totals can't be read: ${message}; remove ${totals} and run again, then they are made anew`;
}

/** What is said of a column that is there already. */
export const unchanged = (id: ColumnId, entry: LedgerEntry | undefined): Outcome => ({
  column: columnName(id),
  status: 'unchanged',
  rows: entry?.written?.rows ?? 0,
});

/** Notes in the working folder that a column is not applicable. */
export async function skip(
  workspace: Workspace,
  column: ColumnId,
  from: Provenance,
  reason: string,
  entry: LedgerEntry | undefined,
): Promise<Outcome> {
  try {
    if (entry?.state !== 'not-applicable' || entry.reason !== reason)
      await workspace.work.putNotApplicable(column, from, reason);
    return { column: columnName(column), status: 'skipped', reason };
  } catch (error) {
    return fail(workspace, column, from, error);
  }
}
