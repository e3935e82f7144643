import { join, type Sql, sql, unsafe } from '../../sql/sql.ts';

/** Columns to add: names, and what each is in terms of the columns that are there. */
type Columns = Readonly<Record<string, Sql>>;

/**
 * A relation with more columns, step by step: a step sees the columns of the steps before it. Each is computed once,
 * where naming them all in one SELECT would repeat what they share.
 */
export const extend = (relation: Sql, ...steps: readonly Columns[]): Sql =>
  steps.reduce(
    (columns, step) => sql`SELECT *, ${join(Object.entries(step).map(named))} FROM (${columns})`,
    relation,
  );

/** The rows of a relation that meet a condition. */
export const where = (relation: Sql, condition: Sql): Sql =>
  sql`SELECT * FROM (${relation}) WHERE ${condition}`;

const named = ([name, expression]: readonly [string, Sql]): Sql => sql`${expression} AS ${unsafe(name)}`;
