import { type Period, periodName } from '../src/decade/period.ts';
import { runDecade } from '../src/decade/run.ts';
import { run } from '../src/engine/run.ts';
import { openWorkspace, type WorkspaceOptions } from '../src/engine/workspace.ts';
import { columnName, type LedgerEntry, type Store } from '../src/store/store.ts';
import type { AnyStory } from '../src/story/index.ts';
import { stories as builtIn } from '../stories/index.ts';

/** What the engine says of a lake: each column's values by user, as in `fixtures/…/expected`. */
export async function everyColumn(
  options: WorkspaceOptions,
  stories: readonly AnyStory[] = builtIn,
): Promise<Map<string, Record<string, unknown>>> {
  const workspace = await openWorkspace(options);
  try {
    const { outcomes } = await run(workspace, { stories });
    for (const { column, status, reason } of outcomes) {
      if (status === 'failed') throw new Error(`${column}: ${reason}`);
    }
    return await columnsOf(workspace.store);
  } finally {
    await workspace.close();
  }
}

/** What the engine says of the decades of a lake whose years are computed already, as {@link everyColumn}. */
export async function decadeColumns(
  options: WorkspaceOptions,
  {
    period,
    partial,
    stories = builtIn,
  }: { period: Period; partial?: boolean; stories?: readonly AnyStory[] },
): Promise<Map<string, Record<string, unknown>>> {
  const workspace = await openWorkspace(options);
  try {
    const { outcomes } = await runDecade(workspace, { stories, period, partial });
    for (const { column, status, reason } of outcomes) {
      if (status === 'failed') throw new Error(`${column}: ${reason}`);
    }
    const columns = await columnsOf(workspace.store);
    return new Map([...columns].filter(([name]) => name.endsWith(`#${periodName(period)}`)));
  } finally {
    await workspace.close();
  }
}

/** All columns of a store; one that is not applicable has no users. */
export async function columnsOf(store: Store): Promise<Map<string, Record<string, unknown>>> {
  const columns = new Map<string, Record<string, unknown>>();
  for (const entry of await store.ledger()) columns.set(columnName(entry), await valuesOf(store, entry));
  return columns;
}

async function valuesOf(store: Store, entry: LedgerEntry): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  if (entry.written === undefined) return values;
  for await (const rows of store.values(entry))
    for (const { user_id, value } of rows) values[user_id] = value;
  return values;
}
