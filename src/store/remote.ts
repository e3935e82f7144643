import type { ColumnId, LedgerEntry, Store } from './store.ts';

/** Without progress for this long, a publish gives up. */
export const DEFAULT_GIVE_UP_SECONDS = 600;

/** A finished column on its way from a working folder into a store. */
export interface Publication extends ColumnId {
  /** As the working folder's ledger has it: written, or not applicable, so that the store's column goes. */
  readonly entry: LedgerEntry;
  /** The column's Parquet file: `user_id` and `value`, sorted by user. Undefined: there is none. */
  readonly file: string | undefined;
  /** The generation taken when its computation began. Default: the next. */
  readonly generation?: number | undefined;
  /** The store has it as it is: it comes along only where rows are sent whole. */
  readonly isThere?: boolean;
}

export interface PublishOptions {
  /** Send rows whole, 25 in a batch, which replaces them: for a store that nobody else fills. */
  readonly wholeRows?: boolean | undefined;
  /** Write units a second that are never passed. Default: as many as are taken without throttling. */
  readonly writeUnits?: number | undefined;
  /** Seconds without progress after which a publish gives up. */
  readonly giveUpAfter?: number | undefined;
  /** Send every value, also those that the store is known to have. */
  readonly force?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((tally: Tally) => void) | undefined;
}

/** What went over the wire, and what it was billed. */
export interface Tally {
  /** Users' rows that were acknowledged. */
  rows: number;
  requests: number;
  /** Of request bodies. */
  bytes: number;
  /** Write units, as the answers report them. */
  units: number;
  /** Requests that had to be sent again. */
  retries: number;
}

/** Why a column has nothing of such a user, as the ledger tells. */
export const TOO_LARGE = "the user's row would be over the 400 KB that DynamoDB holds";

/** A user whose row would be larger than the store holds. */
export interface RefusedRow {
  readonly user_id: string;
  /** Of all that the row would hold, the largest first. */
  readonly sizes: readonly { readonly column: string; readonly bytes: number }[];
  /** The columns that the user goes without for it. */
  readonly without: readonly string[];
}

/** A refused row, for a person: whose, and what takes the room. */
export function tooLarge({ user_id, sizes }: RefusedRow): string {
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  const shown = sizes.slice(0, SHOWN).map(({ column, bytes }) => `${column} ${kb(bytes)}`);
  const more = sizes.length > SHOWN ? `, and ${sizes.length - SHOWN} smaller` : '';
  return `the row of '${user_id}' would have ${kb(total)}, and DynamoDB holds 400 KB: ${shown.join(', ')}${more}`;
}

const SHOWN = 5;

const kb = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`;

/** What became of one column. */
export type PublishedColumn =
  | { readonly status: 'published'; readonly entry?: LedgerEntry; readonly refused?: number }
  /** A computation that began later was published before. */
  | { readonly status: 'overtaken'; readonly entry?: LedgerEntry }
  /** Not every row was acknowledged. */
  | { readonly status: 'failed'; readonly missing: number; readonly reason: string };

export interface PublishResult {
  /** By name. */
  readonly columns: ReadonlyMap<string, PublishedColumn>;
  readonly tally: Tally;
  readonly refused: readonly RefusedRow[];
}

/** One way of bringing columns in, and what it takes. */
export interface EstimatedPath {
  readonly path: 'one column at a time' | 'columns together' | 'whole rows' | 'import from S3';
  /** Null where it is no matter of requests. */
  readonly requests: number | null;
  /** Write units. */
  readonly units: number;
  readonly dollars: number;
  /** At `writeUnits` a second; null where that is not what it hangs on. */
  readonly hours: number | null;
}

/** What publishing would take, before anything is sent. */
export interface Estimate {
  /** Who have a row once it is done. */
  readonly users: number;
  /** Rows that are sent. */
  readonly rows: number;
  /** Of these rows, as the store counts them. */
  readonly bytes: number;
  readonly meanRow: number;
  readonly largestRow: number;
  /** Rows that would be larger than the store holds. */
  readonly tooLarge: number;
  /** A second. */
  readonly writeUnits: number;
  readonly prices: { readonly date: string; readonly region: string };
  readonly paths: readonly EstimatedPath[];
  /** Reading the table whole: a scan is billed for whole rows, whatever it asks for. */
  readonly reading: { readonly units: number; readonly dollars: number };
}

/** A store that columns are published to, rather than computed in. */
export interface RemoteStore extends Store {
  /** Takes the next generation of columns that are about to be computed: of two computations, the one that began later stays. */
  takeGenerations(columns: readonly ColumnId[]): Promise<number[]>;
  /**
   * Brings columns in, those of one user together. Safe to repeat and to interrupt.
   * @param work the working folder, which remembers what was sent; without it, all is sent, and a publish that is cut off begins anew
   * @throws WrappedError where nothing can be sent; what became of each column is in the result
   */
  publish(
    columns: readonly Publication[],
    work: string | undefined,
    options?: PublishOptions,
  ): Promise<PublishResult>;
  /** Removes one user's row, whatever is in it. Whether there was one. */
  removeRow(userId: string): Promise<boolean>;
  /** What a publish of these columns would take. Sends nothing. @param writeUnits a second. Default: what the store usually takes */
  estimate(
    columns: readonly Publication[],
    work: string | undefined,
    writeUnits: number | undefined,
  ): Promise<Estimate>;
}

export const isRemote = (store: Store): store is RemoteStore => 'publish' in store;
