import type { ColumnType } from '../story/index.ts';

/** One story and one period: `top-artist#2019`. */
export interface ColumnId {
  readonly story: string;
  /** A year, `2019`, or a decade, `2010-2019`. */
  readonly period: string;
}

/** `top-artist#2019` */
export const columnName = ({ story, period }: ColumnId): string => `${story}#${period}`;

/** The column of a name, as {@link columnName} makes it. */
export function columnOf(name: string): ColumnId {
  const [story = '', period = ''] = name.split('#');
  return { story, period };
}

/** What a column was computed from, by what may change: it is stale where any part differs. */
export interface Provenance {
  /** The story's version. */
  readonly version: number;
  /** Of the story's query and column type, so that a change without a new version is noticed too. */
  readonly definition: string;
  /** Of the rules that decide answers: the rules' version, the default time zone, what identifies a track. */
  readonly rules: string;
  /** Of the input: the lake's files that the totals were made of. */
  readonly input: string;
}

/** What the ledger keeps of a column. */
export interface LedgerEntry extends ColumnId {
  /**
   * written: the column is there. not-applicable: the lake lacks what the story needs, so there is none. failed: the last
   * computation failed; `written` then tells whether an older column is still there.
   */
  readonly state: 'written' | 'not-applicable' | 'failed';
  readonly from: Provenance;
  /** Why it failed, or is not applicable. */
  readonly reason?: string;
  /** The column that readers get, if any. */
  readonly written?: Written;
}

/** A column that is there. */
export interface Written {
  /** Where the store keeps it: a path or a name that means something to that store alone. */
  readonly at: string;
  readonly from: Provenance;
  /** Users with a value. */
  readonly rows: number;
  /** Users of that year without one, by reason. */
  readonly absent: Readonly<Record<string, number>>;
  /** How the column was made, as its story tells: such as the cuts of an axis. */
  readonly note?: unknown;
  /** The type of the values, so that they can be read without the story. */
  readonly type: ColumnType;
  /** ISO 8601, UTC. */
  readonly when: string;
}

/** A user's value of one column. */
export interface ColumnValue {
  readonly user_id: string;
  readonly value: unknown;
}

/** All columns of one user, by name, in the order of the ledger. */
export interface Row {
  readonly user_id: string;
  readonly columns: Readonly<Record<string, unknown>>;
}

/** A column on its way into a store: a Parquet file of `user_id` and `value`, sorted by `user_id` in binary order, one row a user. */
export interface NewColumn extends ColumnId {
  readonly file: string;
  readonly written: Omit<Written, 'at' | 'when'>;
}

/**
 * Where the columns live. Readers trust the ledger: a column is what its entry says, whatever else lies about. Any number of processes
 * may write different columns at once; of two that write the same one, the later commit stays.
 */
export interface Store {
  /** As a person would name it: `./wrapped-store`, `dynamodb://wrapped`. */
  readonly name: string;
  /** Every entry, sorted by story, then period. */
  ledger(): Promise<LedgerEntry[]>;
  entry(column: ColumnId): Promise<LedgerEntry | undefined>;
  /** Puts a column in place of what was there: users that are no longer in it lose their value. Takes the file over. The entry is written last. */
  put(column: NewColumn): Promise<LedgerEntry>;
  /** Notes that a column failed; what was there stays. */
  putFailure(column: ColumnId, from: Provenance, reason: string): Promise<LedgerEntry>;
  /** Notes that a column is not applicable; what was there goes. */
  putNotApplicable(column: ColumnId, from: Provenance, reason: string): Promise<LedgerEntry>;
  /** One user's row; undefined where no column has the user. */
  row(userId: string): Promise<Row | undefined>;
  /** A column's values sorted by user, some hundreds at a time. @throws WrappedError where there is no such column */
  values(column: ColumnId): AsyncIterable<ColumnValue[]>;
  /**
   * Parquet files of columns, in their order: `user_id` and `value`, sorted by user. A store that keeps none makes them in `folder`, where
   * a call that was cut off goes on. @throws WrappedError where there is no such column
   */
  files(columns: readonly ColumnId[], folder: string, signal?: AbortSignal): Promise<string[]>;
  close(): Promise<void>;
}
