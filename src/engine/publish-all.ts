import { WrappedError } from '../error.ts';
import type { FolderStore } from '../store/folder/folder-store.ts';
import { type Estimate, isRemote } from '../store/remote.ts';
import { columnName, type LedgerEntry } from '../store/store.ts';
import { takeOutForgotten } from './forget.ts';
import { Forgotten } from './forgotten.ts';
import type { Outcome } from './outcome.ts';
import { Phases } from './phases.ts';
import type { Place } from './place.ts';
import { isSame, type Published, Publishing, type PublishingOptions, publicationOf } from './publish.ts';

/** What became of the columns of a working folder. */
export interface PublishAllResult {
  /** By story, then period. */
  readonly outcomes: readonly Outcome[];
  readonly published: Published | undefined;
}

/**
 * Brings every column of the working folder into the store, unless it is there. Looks at no lake, and computes nothing.
 * @throws WrappedError where the folder has no column; for whole rows, where the store has columns that the folder has not
 */
export async function publishAll(place: Place, options: PublishingOptions): Promise<PublishAllResult> {
  const { work, store } = place;
  const forgotten = await Forgotten.read(work.dir);
  const ready = await readyIn(work);
  if (options.wholeRows === true) {
    if (!isRemote(store)) {
      throw new WrappedError(`store ${store.name} is a folder, which has no rows to be put whole`, {
        hint: 'Leave out --whole-rows, or name a table with --store dynamodb://TABLE.',
      });
    }
    const own = new Set(ready.map(columnName));
    const lost = (await store.ledger()).filter(
      (entry) => entry.written !== undefined && !own.has(columnName(entry)),
    );
    if (lost.length > 0) {
      throw new WrappedError(
        `store ${store.name} has columns that working folder ${work.dir} has not, which whole rows would remove: ${lost.map(columnName).join(', ')}`,
        { hint: 'Publish without --whole-rows, or compute these columns first.' },
      );
    }
  }
  const outcomes: Outcome[] = [];
  const publishing = new Publishing(place, options, (outcome) => {
    outcomes.push(outcome);
    options.onEvent?.({ kind: 'column', outcome });
  });
  options.onEvent?.({ kind: 'plan', columns: ready.length, totals: 0 });
  for (const { story, period, state, written, reason } of ready) {
    const id = { story, period };
    const column = columnName(id);
    const outcome: Outcome =
      state === 'not-applicable'
        ? { column, status: 'skipped', reason: reason ?? '' }
        : { column, status: 'unchanged', rows: written?.rows ?? 0 };
    publishing.add({ id, outcome });
  }
  const published = await publishing.finish(new Phases());
  await takeOutForgotten(place, forgotten);
  outcomes.sort((a, b) => (a.column < b.column ? -1 : 1));
  return { outcomes, published };
}

/** The columns of a working folder, and those of which it says that they are not applicable. */
async function readyIn(work: FolderStore): Promise<LedgerEntry[]> {
  const entries = await work.ledger();
  const ready = entries.filter(({ written, state }) => written !== undefined || state === 'not-applicable');
  if (ready.some(({ written }) => written !== undefined)) return ready;
  throw new WrappedError(`working folder ${work.dir} has no columns to publish`, {
    hint: 'Compute them with `wrapped run-all --store dynamodb://… --no-publish`, or name their folder with --work.',
  });
}

/** What a publish would bring in. */
export interface PublishPlan {
  /** Names of columns that the store lacks, or has of other input. */
  readonly columns: readonly string[];
  /** How many it has already. */
  readonly unchanged: number;
  readonly estimate: Estimate;
}

/**
 * What {@link publishAll} would take. Sends nothing.
 * @throws WrappedError where the folder has no column, or the store is a folder
 */
export async function planPublish(
  { work, store }: Place,
  { writeUnits }: { readonly writeUnits?: number | undefined } = {},
): Promise<PublishPlan> {
  if (!isRemote(store)) {
    throw new WrappedError(`store ${store.name} is a folder: nothing is sent, and nothing is billed`, {
      hint: 'Name a table with --store dynamodb://TABLE. What a run would compute, `wrapped run-all --dry-run` tells.',
    });
  }
  const ready = await readyIn(work);
  const there = new Map((await store.ledger()).map((entry) => [columnName(entry), entry]));
  const publications = ready.map((entry) => ({
    ...publicationOf(work, entry),
    isThere: isSame(there.get(columnName(entry)), entry),
  }));
  const due = publications.filter(({ isThere }) => !isThere);
  return {
    columns: due.map(columnName),
    unchanged: publications.length - due.length,
    estimate: await store.estimate(publications, work.dir, writeUnits),
  };
}
