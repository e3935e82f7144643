import { distance } from 'fastest-levenshtein';
import { WrappedError } from '../error.ts';
import { type ColumnId, columnName, type Store } from './store.ts';

/** By story, then period; both in binary order. */
export function compareColumns(a: ColumnId, b: ColumnId): number {
  if (a.story !== b.story) return a.story < b.story ? -1 : 1;
  return a.period < b.period ? -1 : a.period > b.period ? 1 : 0;
}

/** As many letters may differ in a name that was misspelt. */
const MOST_LETTERS = 2;

/** The error for a column that a store does not have, with the periods that it has of that story. */
export async function missingColumn(store: Store, column: ColumnId): Promise<WrappedError> {
  const ledger = await store.ledger();
  const own = ledger.find((entry) => columnName(entry) === columnName(column));
  if (own?.reason !== undefined)
    return new WrappedError(`store ${store.name} has no column ${columnName(column)}: ${own.reason}`);
  const written = ledger.filter((entry) => entry.written !== undefined);
  const periods = written.filter(({ story }) => story === column.story).map(({ period }) => period);
  const stories = [...new Set(written.map(({ story }) => story))];
  const has =
    periods.length > 0
      ? `${column.story} of ${periods.join(', ')}`
      : `nothing of ${column.story}${stories.length > 0 ? `, but ${stories.join(', ')}` : ''}`;
  const nearest = stories.find((story) => distance(story, column.story) <= MOST_LETTERS);
  const isTurned = stories.includes(column.period);
  if (periods.length === 0 && (isTurned || nearest !== undefined)) {
    const meant = isTurned ? `${column.period} ${column.story}` : `${nearest} ${column.period}`;
    return new WrappedError(`store ${store.name} has no column ${columnName(column)}`, {
      hint: `Did you mean '${meant}'?`,
    });
  }
  return new WrappedError(`store ${store.name} has no column ${columnName(column)}; it has ${has}`, {
    hint: column.period.includes('-')
      ? `\`wrapped decade --years ${column.period}\` makes a decade of the years.`
      : `\`wrapped stories\` lists the stories; \`wrapped run --story ID --year YEAR\` makes a column.`,
  });
}
