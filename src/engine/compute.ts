import { join as joinPath } from 'node:path';
import type { Session } from '../sql/database.ts';
import { ident, join, type Sql, sql, unsafe } from '../sql/sql.ts';
import type { NewColumn } from '../store/store.ts';
import {
  type AnyStory,
  type PastRelations,
  type Relations,
  TOTALS,
  type TotalsName,
} from '../story/index.ts';
import { type Phases, secondsSince } from './phases.ts';
import type { PlannedColumn } from './plan.ts';
import { withTold, writeColumn } from './told.ts';
import type { YearTotals } from './totals.ts';

/** A story's column of one year, to be computed from that year's totals. */
export interface ColumnTask {
  readonly column: PlannedColumn;
  readonly totals: YearTotals;
}

/** Users of a year who have no value and for whom a story says no reason. */
const NO_PLAYS = 'no play that counts';

/** The totals of all other years that any of the columns reads. */
function pastOf(
  { past }: AnyStory,
  tasks: readonly ColumnTask[],
  lake: Pick<PastRelations, 'same' | 'since'>,
): PastRelations {
  const years = new Map(tasks.flatMap(({ column }) => column.past.map((totals) => [totals.year, totals])));
  const relation = (name: TotalsName): Sql =>
    years.size === 0
      ? sql`(SELECT ${join(
          Object.entries(TOTALS[name]).map(
            ([column, type]) => sql`NULL::${unsafe(type)} AS ${ident(column)}`,
          ),
        )} LIMIT 0)`
      : sql`read_parquet([${[...years.values()].map((totals) => totals.path(name))}])`;
  const reads: readonly TotalsName[] = past?.reads ?? [];
  return {
    ...(Object.fromEntries(reads.map((name) => [name, relation(name)])) as Relations),
    ...lake,
  };
}

/**
 * Computes one story for several years in one query, and writes a file a year.
 * @throws WrappedError where the story's query gives something else than one row per user and year
 */
export async function computeColumns(
  session: Session,
  story: AnyStory,
  tasks: readonly ColumnTask[],
  {
    scratch,
    phases,
    ...ofLake
  }: { readonly scratch: string; readonly phases: Phases } & Pick<PastRelations, 'same' | 'since'>,
): Promise<NewColumn[]> {
  const since = performance.now();
  const relation = (name: TotalsName): Sql =>
    sql`read_parquet([${tasks.map(({ totals }) => totals.path(name))}])`;
  const users = relation('user');
  const query = story.query(
    Object.fromEntries(story.reads.map((name: TotalsName) => [name, relation(name)])),
    pastOf(story, tasks, ofLake),
  );
  const telling = {
    who: `story ${story.id}`,
    key: 'user_year',
    column: story.column,
    queries: [query],
    users,
  } as const;
  return withTold(session, telling, async () => {
    const facts = await session.rows<{
      year: number;
      reason: string | null;
      users: bigint;
      note: string | null;
    }>(sql`
      SELECT
        year,
        CASE WHEN value IS NULL THEN coalesce(absent, ${NO_PLAYS}) END AS reason,
        count(*) AS users,
        max(note) AS note
      FROM ${users} LEFT JOIN told USING (user_year)
      GROUP BY ALL
      ORDER BY ALL`);
    const values = facts.reduce((sum, { reason, users }) => sum + (reason === null ? Number(users) : 0), 0);
    phases.add({ phase: 'story', name: story.id, rows: values, seconds: secondsSince(since) });
    const columns: NewColumn[] = [];
    for (const { column, totals } of tasks) {
      const file = joinPath(scratch, `${story.id}-${column.year}.parquet`);
      const ofYear = facts.filter(({ year }) => year === column.year);
      const rows = Number(ofYear.find(({ reason }) => reason === null)?.users ?? 0);
      const ofUsers = sql`SELECT user_id, value FROM told JOIN read_parquet(${totals.path('user')}) USING (user_year)`;
      await writeColumn(session, ofUsers, file, rows, phases);
      const note = ofYear.map((fact) => fact.note).find((found) => found !== null);
      columns.push({
        story: story.id,
        period: String(column.year),
        file,
        written: {
          from: column.from,
          rows,
          absent: Object.fromEntries(
            ofYear.flatMap(({ reason, users: count }) => (reason === null ? [] : [[reason, Number(count)]])),
          ),
          ...(note === undefined ? {} : { note: JSON.parse(note) }),
          type: story.column,
        },
      });
    }
    return columns;
  });
}
