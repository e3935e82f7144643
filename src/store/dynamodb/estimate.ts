import type { Session } from '../../sql/database.ts';
import { sql } from '../../sql/sql.ts';
import type { Estimate, EstimatedPath } from '../remote.ts';
import { attributeBytes, KEY_BYTES, type SentColumn, spansOf } from './changes.ts';
import { COLUMNS_PER_EXPRESSION, MAX_ROW_BYTES, ROWS_PER_BATCH } from './limits.ts';
import { PRICES, USUAL_UNITS_PER_SECOND } from './prices.ts';

const UNIT_BYTES = 1024;
const READ_UNIT_BYTES = 4096;

type Sums = Record<
  | 'users'
  | 'rows'
  | 'bytes'
  | 'all_bytes'
  | 'most'
  | 'too_large'
  | 'singles'
  | 'single_units'
  | 'updates'
  | 'update_units'
  | 'units',
  bigint | null
>;

/**
 * What it would take to bring columns in, by the sizes of the rows as they will be. A row is billed by its size before an update or after it,
 * whichever is larger: before the first of them it is taken to hold what does not change.
 *
 * @param columns all that the rows hold; those that do not change with what they were before
 * @param writeUnits a second
 */
export async function estimate(
  session: Session,
  columns: readonly SentColumn[],
  writeUnits = USUAL_UNITS_PER_SECOND,
): Promise<Estimate> {
  const total = {
    users: 0,
    rows: 0,
    bytes: 0,
    all_bytes: 0,
    most: 0,
    too_large: 0,
    singles: 0,
    single_units: 0,
    updates: 0,
    update_units: 0,
    units: 0,
  };
  for (const span of await spansOf(session, columns)) {
    const [sums] = await session.rows<Sums>(sql`
      WITH attribute AS (${attributeBytes(columns, span)}),
      sized AS (
        SELECT *,
          sum(bytes) OVER (PARTITION BY user_id) + ${KEY_BYTES} + strlen(user_id) AS row_bytes,
          -- Changed columns come one after the other, by place, into what is there.
          ${KEY_BYTES} + strlen(user_id) + sum(CASE WHEN changed THEN 0 ELSE bytes END) OVER (PARTITION BY user_id)
            + sum(CASE WHEN changed THEN bytes ELSE 0 END) OVER (PARTITION BY user_id ORDER BY place) AS grown_bytes
        FROM attribute
      ),
      by_user AS (
        SELECT user_id,
          any_value(row_bytes) AS row_bytes,
          bool_or(changed) AS changed,
          count(*) FILTER (changed) AS singles,
          sum(ceil(grown_bytes / ${UNIT_BYTES}.0)) FILTER (changed) AS single_units,
          count(DISTINCT place // ${COLUMNS_PER_EXPRESSION}) FILTER (changed) AS updates
        FROM sized GROUP BY user_id
      )
      SELECT
        count(*) AS users,
        count(*) FILTER (changed) AS rows,
        sum(row_bytes) FILTER (changed)::BIGINT AS bytes,
        sum(row_bytes)::BIGINT AS all_bytes,
        max(row_bytes)::BIGINT AS most,
        count(*) FILTER (row_bytes > ${MAX_ROW_BYTES}) AS too_large,
        sum(singles)::BIGINT AS singles,
        sum(single_units)::BIGINT AS single_units,
        sum(updates)::BIGINT AS updates,
        sum(updates * ceil(row_bytes / ${UNIT_BYTES}.0)) FILTER (changed)::BIGINT AS update_units,
        sum(ceil(row_bytes / ${UNIT_BYTES}.0)) FILTER (changed)::BIGINT AS units
      FROM by_user`);
    for (const [name, value] of Object.entries(sums ?? {}) as [keyof Sums, bigint | null][]) {
      const number = Number(value ?? 0);
      total[name] = name === 'most' ? Math.max(total.most, number) : total[name] + number;
    }
  }
  const written = (path: EstimatedPath['path'], requests: number, units: number): EstimatedPath => ({
    path,
    requests,
    units,
    dollars: (units / 1e6) * PRICES.writeUnits,
    hours: units / writeUnits / 3600,
  });
  const readUnits = Math.ceil(total.all_bytes / READ_UNIT_BYTES);
  return {
    users: total.users,
    rows: total.rows,
    bytes: total.bytes,
    meanRow: total.users === 0 ? 0 : Math.round(total.all_bytes / total.users),
    largestRow: total.most,
    tooLarge: total.too_large,
    writeUnits,
    prices: PRICES,
    paths: [
      written('one column at a time', total.singles, total.single_units),
      written('columns together', total.updates, total.update_units),
      written('whole rows', Math.ceil(total.rows / ROWS_PER_BATCH), total.units),
      {
        path: 'import from S3',
        requests: null,
        units: 0,
        dollars: (total.all_bytes / 1e9) * PRICES.importedGigabyte,
        hours: null,
      },
    ],
    reading: { units: readUnits, dollars: (readUnits / 1e6) * PRICES.readUnits },
  };
}
