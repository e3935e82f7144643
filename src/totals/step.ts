import type { Identity } from '../lake/lake.ts';
import type { PlaysColumnName } from '../lake/listen-row.ts';
import type { LocalTime } from '../lake/local-time.ts';
import type { Session } from '../sql/database.ts';
import type { Sql } from '../sql/sql.ts';
import type { TotalsName } from '../story/index.ts';

/** A file of totals: one that stories read, or one that only other totals do. */
export type TotalsFile = TotalsName | 'artist_name';

/** What a step makes its totals from. */
export interface StepInput {
  readonly session: Session;
  readonly year: number;
  readonly identity: Identity;
  /** The columns that the lake's plays have. */
  readonly has: ReadonlySet<PlaysColumnName>;
  /** The year's music listen rows, each in its user's year; see `musicOf`. */
  readonly music: Sql;
  /** The lake's tables, where it has them; see `TABLE_COLUMNS`. */
  readonly users: Sql | undefined;
  readonly tracks: Sql | undefined;
  readonly artistGenres: Sql | undefined;
  /** The clocks of the year's users. */
  readonly localTime: () => Promise<LocalTime>;
  /** Totals of the same year that the step `reads`. */
  readonly read: (file: TotalsFile) => Sql;
  /** Whether a file is to be made: one that the step `alsoWrites` may not be. */
  readonly wants: (file: TotalsFile) => boolean;
  /** Keeps rows as one of the files that the step `writes`. */
  readonly write: (file: TotalsFile, rows: Sql) => Promise<void>;
}

/** One step on the way from plays to totals. */
export interface TotalsStep {
  readonly reads: readonly TotalsFile[];
  readonly writes: readonly TotalsFile[];
  /** What it makes of the same work, where it is asked for. */
  readonly alsoWrites?: readonly TotalsFile[];
  build(input: StepInput): Promise<void>;
}

/** Numbers of users, tracks and artists are of one year each: the year in the high bits, the place in name order in the low. */
export const NUMBERS_PER_YEAR = 2 ** 32;
