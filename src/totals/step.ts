import type { Identity } from '../lake/lake.ts';
import type { PlaysColumnName } from '../lake/listen-row.ts';
import type { LocalTime } from '../lake/local-time.ts';
import type { Session } from '../sql/database.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { TOTALS } from '../story/index.ts';
import type { Bucket } from './buckets.ts';

/** The SQL types of the columns of totals: of those that stories read, and of rows by user that only other totals are made of. */
export const COLUMNS = {
  ...TOTALS,
  /**
   * One row per music listen row that is short or marked as skipped; and of those of unknown length per row that says whether it is marked, and
   * per row of a private session. Where its track is not known to have been played, `track` is null and the row says what names it.
   */
  skip_row: {
    user_year: 'BIGINT',
    track: 'BIGINT',
    is_short: 'BOOLEAN',
    is_marked: 'BOOLEAN',
    is_private: 'BOOLEAN',
    is_lengthless: 'BOOLEAN',
    track_id: 'VARCHAR',
    title: 'VARCHAR',
    artist: 'VARCHAR',
    artist_id: 'VARCHAR',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A file of totals: one that stories read, or one that only other totals do. */
export type TotalsFile = keyof typeof COLUMNS | 'artist_name' | 'variant' | 'album_row' | 'episode';

/** Totals to be read: of all users, or of the one bucket that is being written. */
export type ReadTotals = (file: TotalsFile) => Sql;

/** What every step makes its totals with. */
export interface StepInput {
  readonly session: Session;
  readonly year: number;
  readonly identity: Identity;
  /** Totals of the same year that the step `reads`. */
  readonly read: ReadTotals;
  /** Whether a file is to be made: one that the step `alsoWrites` may not be. */
  readonly wants: (file: TotalsFile) => boolean;
  /** Keeps rows as one of the files that the step `writes`. */
  readonly write: (file: TotalsFile, rows: Sql) => Promise<void>;
  /** The same, a bucket of users at a time: `rows` of the totals of these, sorted by `user_year`. */
  readonly writeByUser: (file: TotalsFile, rows: (read: ReadTotals, bucket: Bucket) => Sql) => Promise<void>;
}

/** What a step that reads plays makes its totals from. */
export interface PlaysInput extends StepInput {
  /** The columns that the lake's plays have. */
  readonly has: ReadonlySet<PlaysColumnName>;
  /** Listen rows of every kind, each in its user's year. */
  readonly plays: Sql;
  /** Those of music; see `musicOf`. */
  readonly music: Sql;
  /** The lake's tables, where it has them; see `TABLE_COLUMNS`. */
  readonly tracks: Sql | undefined;
  /** The clocks of the year's users. */
  readonly localTime: () => Promise<LocalTime>;
}

/** What is made of totals alone. */
export interface DerivedInput extends StepInput {
  /** The lake's tables, where it has them. */
  readonly users: Sql | undefined;
  readonly tracks: Sql | undefined;
  readonly artistGenres: Sql | undefined;
}

/** Totals of some of a year's plays, to become part of those of all. */
export interface Part {
  /** Its rows, of all its users or those of one bucket. Numbers are its own. */
  readonly read: (file: TotalsFile, bucket?: Bucket) => Sql;
}

/** What the totals of several mouthfuls are made into those of all with. */
export interface MergeInput extends StepInput {
  readonly parts: readonly Part[];
}

interface Files {
  readonly reads: readonly TotalsFile[];
  readonly writes: readonly TotalsFile[];
  /** What it makes of the same work, where it is asked for. */
  readonly alsoWrites?: readonly TotalsFile[];
}

/** A step that reads plays: those of one mouthful at a time, whose totals are then merged. */
export interface PlaysStep extends Files {
  build(input: PlaysInput): Promise<void>;
  merge(input: MergeInput): Promise<void>;
}

/** A step that reads other totals alone. */
export interface DerivedStep extends Files {
  derive(input: DerivedInput): Promise<void>;
}

/** One step on the way from plays to totals. */
export type TotalsStep = PlaysStep | DerivedStep;

export const readsPlays = (step: TotalsStep): step is PlaysStep => 'merge' in step;

/** Numbers of users, tracks and artists are of one year each: the year in the high bits, the place in order in the low. */
export const NUMBERS_PER_YEAR = 2 ** 32;

/** Whether a number is one of a year's. */
export const hasNumber = (year: number, number: Sql): Sql =>
  sql`${number} BETWEEN ${year * NUMBERS_PER_YEAR} AND ${(year + 1) * NUMBERS_PER_YEAR - 1}`;
