import { WrappedError } from '../error.ts';
import { type ColumnId, columnName, type Store } from './store.ts';

/** By story, then period; both in binary order. */
export function compareColumns(a: ColumnId, b: ColumnId): number {
  if (a.story !== b.story) return a.story < b.story ? -1 : 1;
  return a.period < b.period ? -1 : a.period > b.period ? 1 : 0;
}

/** The error for a column that a store does not have, with the periods that it has of that story. */
export async function missingColumn(store: Store, column: ColumnId): Promise<WrappedError> {
  const periods = (await store.ledger())
    .filter((entry) => entry.story === column.story && entry.written !== undefined)
    .map((entry) => entry.period);
  const has =
    periods.length === 0 ? `nothing of ${column.story}` : `${column.story} of ${periods.join(', ')}`;
  return new WrappedError(`store ${store.name} has no column ${columnName(column)}; it has ${has}`, {
    hint: `Make it with \`wrapped run --story ${column.story} --year ${column.period}\`.`,
  });
}
