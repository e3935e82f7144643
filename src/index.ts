/** `wrapped` as a library. */

import { stories as builtIn } from '../stories/index.ts';
import { type DecadeResult, type DecadeRunOptions, runDecade as reduceDecade } from './decade/run.ts';
import { type ForgetOptions, type ForgetResult, forget as forgetUser } from './engine/forget.ts';
import type { Outcome } from './engine/outcome.ts';
import { type PlaceOptions, withPlace } from './engine/place.ts';
import type { PublishingOptions } from './engine/publish.ts';
import { type PublishAllResult, publishAll } from './engine/publish-all.ts';
import { type RunOptions, type RunResult, run } from './engine/run.ts';
import { type WorkspaceOptions, withWorkspace } from './engine/workspace.ts';
import type { AnyStory } from './story/index.ts';

export { columnTable } from './arrow.ts';
export { type CaseColumn, runCase } from './cases.ts';
export type { ForgetOptions, ForgetResult } from './engine/forget.ts';
export type { RunEvent } from './engine/outcome.ts';
export type { Phase } from './engine/phases.ts';
export { loadStories } from './engine/stories.ts';
export { WrappedError } from './error.ts';
export { openStore } from './store/open.ts';
export type { ColumnId, ColumnValue, LedgerEntry, Row, Store } from './store/store.ts';
export * from './story/index.ts';
export type {
  DecadeResult,
  DecadeRunOptions,
  Outcome,
  PublishAllResult,
  RunOptions,
  RunResult,
  WorkspaceOptions,
};
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

/** What {@link publish} takes: where things are, and how to send. */
export type PublishAllOptions = PlaceOptions & PublishingOptions;

/**
 * Brings every column of the working folder into the store, unless it is there. Looks at no lake, and computes nothing.
 *
 * @example
 * await runAll({ store: 'dynamodb://wrapped', publish: false });
 * const { outcomes, published } = await publish({ store: 'dynamodb://wrapped', writeUnits: 10_000 });
 * @throws WrappedError where nothing can be sent; what happened to each column is in the result
 */
export const publish = (options: PublishAllOptions = {}): Promise<PublishAllResult> =>
  withPlace(options, (place) => publishAll(place, options));

/**
 * Puts a user on the list of those whom no run takes, and removes what there is of them in the store and the working folder. Safe to repeat.
 *
 * @example
 * const { columns } = await forget('me', { store: './wrapped-store' });
 * @throws WrappedError where a file can't be read or written, or the store not be reached
 */
export const forget = (user: string, options: PlaceOptions & ForgetOptions = {}): Promise<ForgetResult> =>
  withPlace(options, (place) => forgetUser(place, user, options));

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
