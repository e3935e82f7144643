import { ident, join, type Sql, sql } from '../sql/sql.ts';

/**
 * What is one engine's alone, behind names: the same stories are to run on another SQL engine, which then needs these and nothing else.
 */

/** A struct value, its fields in the order given. */
export const struct = (fields: Readonly<Record<string, Sql>>): Sql =>
  sql`{${join(Object.entries(fields).map(([name, value]) => sql`${ident(name)}: ${value}`))}}`;

/** A value as JSON text. */
export const jsonText = (value: Sql): Sql => sql`to_json(${value})::VARCHAR`;

/** A 64-bit hash of several values together. Never stored: another engine, or version, hashes otherwise. */
export const hash64 = (values: readonly Sql[]): Sql => sql`hash(${join(values)})`;

/**
 * An aggregate: values as a list in the order of `place`, which has to tell all rows apart; the `n` lowest of them. By DuckDB's top-n,
 * which takes a third of the time of a `list(… ORDER BY …)`.
 */
export const listOf = (value: Sql, options: { place: Sql; n: number }): Sql =>
  sql`arg_min(${value}, ${options.place}, ${options.n})`;

/** An aggregate: the `n`th highest value, or the lowest where there are fewer. */
export const nthHighest = (value: Sql, n: number): Sql => sql`max(${value}, ${n})[-1]`;

/** An aggregate: the value of the row where `by` is highest, null if it is null there. */
export const valueAtHighest = (value: Sql, by: Sql): Sql => sql`arg_max_null(${value}, ${by})`;

/** The number that the database gives to each row of a table that it holds: they follow each other, in no order. */
export const rowNumberIn = (table: string): Sql => sql`${ident(table)}.rowid`;

/** An aggregate: all values as a list in the order of `place`. For few rows; where a number limits them, `listOf` is quicker. */
export const allOf = (value: Sql, place: Sql): Sql => sql`list(${value} ORDER BY ${place})`;

/**
 * An aggregate: the sum of whole numbers, as BIGINT; null of no rows. Exact, whatever the order, as long as it stays below 2^53, which in
 * milliseconds is 285,000 years: doubles are added, which DuckDB does in three quarters of the time of its 128-bit sum.
 */
export const wholeSum = (value: Sql): Sql => sql`sum((${value})::DOUBLE)::BIGINT`;

/** A list of what there is for each whole number from `from` to `to`. */
export const listFor = ({ from, to }: Range, one: (number: number) => Sql): Sql =>
  sql`[${join(Array.from({ length: to - from + 1 }, (_, index) => one(from + index)))}]`;

/** An aggregate: the sum of whole numbers where `part` is each number of a range, 0 where there is none: a list. */
export const sumsBy = (part: Sql, range: Range, value: Sql): Sql =>
  listFor(range, (number) => wholeSum(sql`CASE WHEN ${part} = ${number} THEN ${value} ELSE 0 END`));

/** An aggregate: the sums of lists of `length` whole numbers, place by place: a list. */
export const sumsOf = (lists: Sql, length: number): Sql =>
  listFor({ from: 1, to: length }, (place) => wholeSum(sql`(${lists})[${place}]`));

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Of a list, the first place (from 1) of its highest value. */
export const firstHighest = (list: Sql): Sql => sql`list_position(${list}, list_max(${list}))::BIGINT`;

/** Of a list, the sum. */
export const listSum = (list: Sql): Sql => sql`list_sum(${list})::BIGINT`;

/** The text at a place (from 1) of several. */
export const pick = (texts: readonly string[], place: Sql): Sql => sql`[${texts}][${place}]`;

/** The month of a date, from 1 to 12. */
export const monthOf = (day: Sql): Sql => sql`month(${day})`;

/** Whether a date is the first of a year. */
export const isNewYear = (day: Sql): Sql => sql`(${monthOf(day)} = 1 AND day(${day}) = 1)`;

/** How many days a date is after another. */
export const daysBetween = (from: Sql, to: Sql): Sql => sql`((${to}) - (${from}))::BIGINT`;

/** An aggregate: in how many months of a year dates are. */
export const distinctMonths = (day: Sql): Sql => sql`bit_count(bit_or(1 << ${monthOf(day)}::INTEGER))`;

/** The day of the week of a date, from 1 for Monday to 7. */
export const weekdayOf = (day: Sql): Sql => sql`isodow(${day})`;

/** `numerator / denominator` of integers to four decimals, half up; null where the denominator is 0. The same on every run and any engine. */
export const ratio = (numerator: Sql, denominator: Sql): Sql =>
  sql`((2 * (${numerator})::HUGEINT * 10000 + (${denominator})::HUGEINT) // nullif(2 * (${denominator})::HUGEINT, 0)) / 10000.0`;

/** The same, rounded up: whoever is said to be among that share of all is among them. */
export const ratioUp = (numerator: Sql, denominator: Sql): Sql =>
  sql`(((${numerator})::HUGEINT * 10000 + (${denominator})::HUGEINT - 1) // nullif((${denominator})::HUGEINT, 0)) / 10000.0`;

/** An aggregate: the middle value, or the mean of the two middle values. */
export const median = (value: Sql): Sql => sql`median(${value})`;

/** An aggregate: the middle value in order; of two middle ones the lower. */
export const lowerMiddle = (value: Sql): Sql => sql`quantile_disc(${value}, 0.5)`;

/** Milliseconds of plays, or null where any of them has no known length. */
export const knownMs: Sql = sql`CASE WHEN unknown_lengths = 0 THEN ms END`;

/**
 * The `n` highest rows of each user, by plays, then milliseconds, then the lower `key`, which the totals number in name order.
 * One row each: `user_year` (or what else `per` names), `place` (from 1), the key, `plays`, `ms` (known milliseconds), `unknown_lengths`,
 * and `distinct`, how many rows the user has.
 */
export const topRows = ({ per = 'user_year', ...options }: TopRows): Sql => sql`
  SELECT
    ${ident(per)},
    "distinct",
    place,
    -top.plays AS plays,
    -top.ms AS ms,
    top.key AS ${ident(options.key)},
    top.unknown_lengths AS unknown_lengths${alsoFields(options, (name) => sql`${ident('top', name)} AS ${ident(name)}`)}
  FROM (
    SELECT ${ident(per)}, "distinct", unnest(tops) AS top, unnest(range(1, len(tops) + 1)) AS place
    FROM (
      SELECT ${ident(per)}, count(*) AS "distinct", min({
        plays: -plays, ms: -ms, key: ${ident(options.key)}, unknown_lengths: unknown_lengths${alsoFields(options, (name) => sql`${ident(name)}: ${ident(name)}`)}
      }, ${options.n}) AS tops
      FROM ${options.from}
      GROUP BY ${ident(per)}
    )
  )`;

interface TopRows {
  readonly from: Sql;
  readonly per?: string;
  readonly key: string;
  /** Columns of `from` that are to be had of these rows too. */
  readonly also?: readonly string[];
  readonly n: number;
}

const alsoFields = ({ also = [] }: Pick<TopRows, 'also'>, one: (name: string) => Sql): Sql =>
  join(
    also.map((name) => sql`, ${one(name)}`),
    '',
  );

/** The order of names and ids: binary, a missing one like an empty one, and before it. */
export const nameOrder = (names: readonly string[]): Sql =>
  join([
    ...names.map((name) => sql`coalesce(${ident(name)}, '')`),
    ...names.map((name) => sql`${ident(name)} IS NOT NULL`),
  ]);
