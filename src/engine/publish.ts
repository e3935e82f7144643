import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../error.ts';
import type { FolderStore } from '../store/folder/folder-store.ts';
import {
  isRemote,
  type Publication,
  type PublishedColumn,
  type PublishOptions,
  type RefusedRow,
  type RemoteStore,
  type Tally,
  TOO_LARGE,
} from '../store/remote.ts';
import { type ColumnId, columnName, type LedgerEntry, type Store } from '../store/store.ts';
import type { Outcome, RunEvent } from './outcome.ts';
import type { Phases } from './phases.ts';
import type { Place } from './place.ts';

/** How columns are brought into a store that is not the working folder. */
export interface PublishingOptions
  extends Pick<PublishOptions, 'wholeRows' | 'writeUnits' | 'giveUpAfter' | 'force' | 'signal'> {
  /** False: leave that to a later publish. */
  readonly publish?: boolean | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/** What was sent to a remote store. */
export interface Published {
  readonly tally: Tally;
  readonly refused: readonly RefusedRow[];
}

/** A column that the working folder has, or of which it says that it is not applicable. */
export interface Ready {
  readonly id: ColumnId;
  /** What is to be said of it if the store has it already. */
  readonly outcome: Outcome;
  /** The generation taken before it was computed. */
  readonly generation?: number | undefined;
}

/**
 * Columns on their way from the working folder into the store: all that are ready go together, so that a user's row is written once. Where
 * the store is the working folder, they are there already.
 */
export class Publishing {
  readonly #place: Place;
  readonly #options: PublishingOptions;
  readonly #settle: (outcome: Outcome) => void;
  readonly #ready: Ready[] = [];

  constructor(place: Place, options: PublishingOptions, settle: (outcome: Outcome) => void) {
    this.#place = place;
    this.#options = options;
    this.#settle = settle;
  }

  get #isWanted(): boolean {
    return this.#place.store !== this.#place.work && this.#options.publish !== false;
  }

  /** Takes the generations of columns that are about to be computed; undefined where the store has none. */
  async takeGenerations(columns: readonly ColumnId[]): Promise<ReadonlyMap<string, number>> {
    const { store } = this.#place;
    if (!this.#isWanted || !isRemote(store)) return new Map();
    const generations = await store.takeGenerations(columns);
    return new Map(columns.map((column, index) => [columnName(column), generations[index] as number]));
  }

  add(ready: Ready): void {
    if (this.#isWanted) this.#ready.push(ready);
    else this.#settle(ready.outcome);
  }

  /** Publishes what was added, and settles it. */
  async finish(phases: Phases): Promise<Published | undefined> {
    if (this.#ready.length === 0) return undefined;
    return phases.timed(
      { phase: 'publish' },
      () => this.#publish(),
      (published) => ({ rows: published?.tally.rows ?? 0, bytes: published?.tally.bytes ?? 0 }),
    );
  }

  async #publish(): Promise<Published | undefined> {
    const { work, store } = this.#place;
    const entries = new Map((await work.ledger()).map((entry) => [columnName(entry), entry]));
    const there = new Map((await store.ledger()).map((entry) => [columnName(entry), entry]));
    const due: Due[] = [];
    for (const ready of this.#ready) {
      const name = columnName(ready.id);
      const entry = entries.get(name);
      if (entry === undefined) throw new Error(`${name} is not in ${work.name}`);
      if (this.#options.force !== true && isSame(there.get(name), entry)) this.#settle(ready.outcome);
      else due.push({ ...ready, entry });
    }
    if (isRemote(store)) return this.#publishTo(store, due, entries, there.size > 0);
    for (const one of due) this.#settle(await copyInto(store, one, this.#place));
    return undefined;
  }

  async #publishTo(
    store: RemoteStore,
    due: readonly Due[],
    entries: ReadonlyMap<string, LedgerEntry>,
    hasColumns: boolean,
  ): Promise<Published | undefined> {
    if (due.length === 0) return undefined;
    const { work } = this.#place;
    const publications = due.map(({ entry, generation }) => ({ ...publicationOf(work, entry), generation }));
    if (this.#options.wholeRows === true) {
      const own = new Set(due.map(({ id }) => columnName(id)));
      for (const [name, entry] of entries)
        if (entry.written !== undefined && !own.has(name))
          publications.push({ ...publicationOf(work, entry), isThere: true, generation: undefined });
    }
    const rows = Math.max(0, ...due.map(({ entry }) => entry.written?.rows ?? 0));
    this.#options.onEvent?.({ kind: 'publish', columns: due.length, rows, isEmpty: !hasColumns });
    try {
      const { columns, tally, refused } = await store.publish(publications, work.dir, {
        ...this.#options,
        onProgress: (now) => this.#options.onEvent?.({ kind: 'sent', tally: now }),
      });
      for (const one of due) this.#settle(outcomeOf(one, columns.get(columnName(one.id)), store));
      return { tally, refused };
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      for (const one of due) this.#settle(notPublished(one, store, messageOf(error)));
      return undefined;
    }
  }
}

/** A column of a working folder, to be published. */
export const publicationOf = (work: FolderStore, entry: LedgerEntry): Publication => ({
  story: entry.story,
  period: entry.period,
  entry,
  file: entry.written === undefined ? undefined : work.path(entry.written),
});

/** Whether the store's column is made of what the working folder's is. */
export function isSame(there: LedgerEntry | undefined, entry: LedgerEntry): boolean {
  if (entry.state === 'not-applicable')
    return there?.state === 'not-applicable' && there.reason === entry.reason;
  // Rows that were too large are tried again: they may fit by now.
  if (there?.written?.absent[TOO_LARGE] !== undefined) return false;
  return there?.state === 'written' && isDeepStrictEqual(there.written?.from, entry.written?.from);
}

type Due = Ready & { readonly entry: LedgerEntry };

function outcomeOf({ outcome, entry }: Due, became: PublishedColumn | undefined, store: Store): Outcome {
  const { column } = outcome;
  switch (became?.status) {
    case 'published':
      if (entry.state === 'not-applicable') return outcome;
      return {
        column,
        status: 'written',
        rows: became.entry?.written?.rows ?? entry.written?.rows ?? 0,
        ...(became.refused ? { refused: became.refused } : {}),
      };
    case 'overtaken':
      return { column, status: 'unchanged', rows: became.entry?.written?.rows ?? 0 };
    default: {
      const missing = became?.missing;
      return {
        column,
        status: 'failed',
        ...(missing === undefined ? {} : { missing }),
        reason: `not published to ${store.name}: ${became?.reason ?? 'it was left out'}`,
      };
    }
  }
}

const notPublished = ({ outcome }: Due, store: Store, why: string): Outcome => ({
  column: outcome.column,
  status: 'failed',
  reason: `not published to ${store.name}: ${why}`,
});

/** Into another folder. */
async function copyInto(store: Store, due: Due, { work, scratch }: Place): Promise<Outcome> {
  const { id, entry, outcome } = due;
  try {
    if (entry.written === undefined) {
      await store.putNotApplicable(id, entry.from, entry.reason ?? '');
      return outcome;
    }
    const { at: _at, when: _when, ...facts } = entry.written;
    // A store takes the file over; the working folder keeps its own.
    const file = join(await scratch(), `${columnName(id)}.parquet`);
    await copyFile(work.path(entry.written), file);
    await store.put({ ...id, file, written: facts });
    return { column: outcome.column, status: 'written', rows: facts.rows };
  } catch (error) {
    return notPublished(due, store, messageOf(error));
  }
}
