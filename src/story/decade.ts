import type { Sql } from '../sql/sql.ts';
import type { Cuts } from './personality.ts';
import type { Relations, Same, TotalsName } from './story.ts';
import type { ObjectType } from './types.ts';

/** Totals with `listener_year`: `user_year`, `listener`; to tell whose their rows are. */
type OfListeners<Reads extends TotalsName> = Relations<Reads> & { readonly listener_year: Sql };

/**
 * What a decade is reduced from: the story's own yearly columns, and the totals that it declared, of all the decade's years at once.
 *
 * - `years`: `listener`, `year`, `value`; a row per user and year with a value. A listener is a user, whatever the year.
 * - `each_year`: the totals of one year each. Numbers of one year follow each other, and DuckDB looks such up by their place, in a third
 *   of the time of a hash table: for joins of many rows.
 */
export type DecadeRelations<Reads extends TotalsName = TotalsName> = OfListeners<Reads> & {
  readonly years: Sql;
  readonly each_year: readonly EachYear<Reads>[];
};

type EachYear<Reads extends TotalsName> = OfListeners<Reads> & {
  readonly year: number;
  /** Whether a number is one of this year's. */
  readonly has: (number: Sql) => Sql;
};

/** What the SQL of a decade takes from the lake. */
export interface DecadeContext {
  /** How many years the period has. */
  readonly length: number;
  /** How the years' values were cut, where their notes tell: the same in all of them. */
  readonly cuts: Cuts | undefined;
  readonly same: Same;
}

/** Of a story that says nothing of decades. */
export const NO_DECADE = 'the story does not say how its years reduce';

/** How a story's years reduce to a decade. */
export interface Decade<Column extends ObjectType = ObjectType, Reads extends TotalsName = TotalsName> {
  readonly column: Column;
  /** How years reduce, in full sentences, as a story's own `definition`. */
  readonly definition?: string;
  /** The totals that `query` reads beside the yearly columns. */
  readonly reads: readonly Reads[];
  /**
   * Tables that all listeners share, such as numbers of things, by name: made once, in this order, each readable by those after it and
   * by `query`. A decade that has them is computed for some listeners at a time, so that its query may not look at all of them together.
   */
  readonly shared?: (
    relations: DecadeRelations<Reads>,
    context: DecadeContext,
  ) => Readonly<Record<string, Sql>>;
  /** One plain statement with a row per listener: `listener`, `value`, and if it likes `absent` and `note`, as a story's own. */
  readonly query: (relations: DecadeRelations<Reads>, context: DecadeContext) => Sql;
  /** The same from the yearly columns alone, where totals are gone; for a story that reads any. */
  readonly bounds?: (relations: Pick<DecadeRelations, 'years'>, context: DecadeContext) => Sql;
}

/** Returns a decade that reads totals, so that its query gets them by name. */
export const defineDecade = <const Column extends ObjectType, const Reads extends TotalsName>(
  decade: Decade<Column, Reads>,
): Decade<Column, Reads> => decade;
