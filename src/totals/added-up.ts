import { ident, join, type Sql, sql, unsafe } from '../sql/sql.ts';
import { wholeSum } from '../story/index.ts';
import { COLUMNS } from './step.ts';

/** What there is to add up of plays. */
export const PLAYED: readonly string[] = ['plays', 'ms', 'unknown_lengths'];

/** Rows of totals added up: `sums` by all other columns. */
export function addedUp(file: keyof typeof COLUMNS, rows: Sql, sums: readonly string[]): Sql {
  const types: Readonly<Record<string, string>> = COLUMNS[file];
  const columns = Object.keys(types).map((column) =>
    sums.includes(column)
      ? sql`${wholeSum(ident(column))}::${unsafe(types[column] as string)} AS ${ident(column)}`
      : ident(column),
  );
  return sql`SELECT ${join(columns)} FROM (${rows}) GROUP BY ${join(
    Object.keys(types)
      .filter((column) => !sums.includes(column))
      .map((column) => ident(column)),
  )}`;
}
