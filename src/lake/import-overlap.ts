import { WrappedError } from '../error.ts';
import type { Session } from '../sql/database.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { withCommas } from '../with-commas.ts';
import { ROWS } from './import-rows.ts';

/**
 * What becomes of new rows in a time that another source has rows of: the import is refused, they are left
 * out, they are taken.
 */
export type OverlapMode = 'refuse' | 'skip' | 'add';

/** The time between a source's first row and its last, in milliseconds since 1970. */
type Span = { readonly source: string; readonly first: number; readonly last: number; readonly rows: number };

const MILLIS = sql`epoch_ms(played_at)`;

/**
 * Settles the rows of each new source, in turn, against the time that other sources cover: in the lake
 * (`source` and `played_at` of one user), or before it in this import. One source never overlaps itself: what
 * it has in common with its earlier exports is exact duplicates. Throws a WrappedError that names the overlap
 * where the mode is 'refuse'.
 */
export async function settleOverlaps(
  session: Session,
  options: { sources: readonly string[]; lake: Sql | undefined; mode: OverlapMode; user: string },
): Promise<void> {
  if (options.mode === 'add') return;
  const spans = new Map<string, Span>();
  const add = (span: Span) => spans.set(span.source, together(spans.get(span.source) ?? span, span));
  if (options.lake !== undefined) (await spansOf(session, options.lake)).forEach(add);
  for (const source of options.sources) {
    for (const other of [...spans.values()].filter((span) => span.source !== source)) {
      const inside = sql`source = ${source} AND dropped IS NULL
        AND ${MILLIS} BETWEEN ${other.first} AND ${other.last}`;
      if (options.mode === 'skip') {
        await session.run(sql`UPDATE ${ROWS} SET dropped = 'overlap' WHERE ${inside}`);
      } else {
        const [overlap] = await spansOf(session, sql`FROM ${ROWS} WHERE ${inside}`);
        if (overlap !== undefined) throw overlapping(overlap, other, options.user);
      }
    }
    (await spansOf(session, sql`FROM ${ROWS} WHERE source = ${source} AND dropped IS NULL`)).forEach(add);
  }
}

const together = (a: Span, b: Span): Span => ({
  source: a.source,
  first: Math.min(a.first, b.first),
  last: Math.max(a.last, b.last),
  rows: a === b ? a.rows : a.rows + b.rows,
});

const spansOf = (session: Session, rows: Sql): Promise<Span[]> =>
  session.rows<Span>(sql`
    SELECT coalesce(CAST(source AS VARCHAR), 'unknown') AS source, CAST(min(${MILLIS}) AS DOUBLE) AS first,
      CAST(max(${MILLIS}) AS DOUBLE) AS last, CAST(count(*) AS INTEGER) AS rows
    FROM (${rows}) GROUP BY ALL ORDER BY ALL`);

function overlapping(overlap: Span, other: Span, user: string): WrappedError {
  const minute = (millis: number) => new Date(millis).toISOString().slice(0, 16).replace('T', ' ');
  const stretch = ({ first, last }: Span) => `from ${minute(first)} to ${minute(last)}`;
  return new WrappedError(
    `${withCommas(overlap.rows)} new rows of ${overlap.source}, ${stretch(overlap)}, lie in the time that ` +
      `'${user}' already has from ${other.source}: ${withCommas(other.rows)} rows ${stretch(other)}`,
    {
      hint:
        'If both recorded the same listening, leave that time out with --overlap skip; ' +
        'if not, take it all with --overlap add.',
    },
  );
}
