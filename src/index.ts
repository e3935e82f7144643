/** `wrapped` as a library. */

import { stories as builtIn } from '../stories/index.ts';
import { type DecadeResult, type DecadeRunOptions, runDecade as reduceDecade } from './decade/run.ts';
import { type Outcome, type RunOptions, type RunResult, run } from './engine/run.ts';
import { type WorkspaceOptions, withWorkspace } from './engine/workspace.ts';
import type { AnyStory } from './story/index.ts';

export { columnTable } from './arrow.ts';
export { type CaseColumn, runCase } from './cases.ts';
export type { RunEvent } from './engine/run.ts';
export { loadStories } from './engine/stories.ts';
export { WrappedError } from './error.ts';
export { openStore } from './store/open.ts';
export type { ColumnId, ColumnValue, LedgerEntry, Row, Store } from './store/store.ts';
export * from './story/index.ts';
export type { DecadeResult, DecadeRunOptions, Outcome, RunOptions, RunResult, WorkspaceOptions };
export { builtIn as stories };

/** What {@link runAll} takes: where things are, and what to compute. */
export type RunAllOptions = WorkspaceOptions &
  Omit<RunOptions, 'stories'> & { readonly stories?: readonly AnyStory[] };

/**
 * Computes every story of every year that is missing or stale.
 *
 * @example
 * const { outcomes } = await runAll({ lake: './lake', store: './wrapped-store' });
 * @throws WrappedError where nothing could start; what happened to each column is in the result
 */
export const runAll = (options: RunAllOptions = {}): Promise<RunResult> =>
  withWorkspace(options, (workspace) => run(workspace, { ...options, stories: options.stories ?? builtIn }));

/** What {@link runDecade} takes: where things are, and what to reduce. */
export type RunDecadeOptions = WorkspaceOptions &
  Omit<DecadeRunOptions, 'stories'> & { readonly stories?: readonly AnyStory[] };

/**
 * Reduces the yearly columns of every story to a decade's.
 *
 * @example
 * const { outcomes } = await runDecade({ lake: './lake', store: './wrapped-store', period: { from: 2010, to: 2019 } });
 * @throws WrappedError where nothing could start; what happened to each column is in the result
 */
export const runDecade = (options: RunDecadeOptions = {}): Promise<DecadeResult> =>
  withWorkspace(options, (workspace) =>
    reduceDecade(workspace, { ...options, stories: options.stories ?? builtIn }),
  );
