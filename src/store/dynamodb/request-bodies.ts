import { GENERATION, ROWS_KEY } from './attributes.ts';
import type { RowChange, SentColumn, WholeRow } from './changes.ts';
import { BYTES_PER_BATCH, ROWS_PER_BATCH } from './limits.ts';

/** Writes the JSON of `UpdateItem` requests: what depends on the columns alone is put together once. */
export class UpdateBodies {
  readonly #columns: readonly SentColumn[];
  readonly #table: string;
  readonly #known = new Map<string, string>();

  constructor(table: string, columns: readonly SentColumn[]) {
    this.#table = table;
    this.#columns = columns;
  }

  /** An update that a newer generation of any of its columns refuses. */
  of({ user_id, columns, values }: RowChange): string {
    let head = this.#known.get(columns);
    if (head === undefined) {
      head = this.#head(columns);
      this.#known.set(columns, head);
    }
    return `${head}${values === '' ? '' : ','}${values}},"Key":${keyOf(user_id)}}`;
  }

  /** The columns that a change is of. */
  columnsOf({ columns }: Pick<RowChange, 'columns'>): SentColumn[] {
    return placesOf(columns).map(({ place }) => this.#columns[place] as SentColumn);
  }

  /** The same change without columns that are newer in the table; undefined where none is left. */
  without(change: RowChange, newer: (column: SentColumn) => boolean): RowChange | undefined {
    const kept = placesOf(change.columns).filter(({ place }) => !newer(this.#columns[place] as SentColumn));
    if (kept.length === 0) return undefined;
    const values = JSON.parse(`{${change.values}}`) as Record<string, unknown>;
    return {
      user_id: change.user_id,
      columns: kept.map(({ text }) => text).join(','),
      values: kept
        .filter(({ removes }) => !removes)
        .map(({ place }) => `":${place}":${JSON.stringify(values[`:${place}`])}`)
        .join(','),
    };
  }

  #head(columns: string): string {
    const places = placesOf(columns);
    const set = places.filter(({ removes }) => !removes).map(({ place }) => `#${place}=:${place}`);
    const remove = places.filter(({ removes }) => removes).map(({ place }) => `#${place}`);
    const update = [
      ...(set.length > 0 ? [`SET ${set.join(',')}`] : []),
      ...(remove.length > 0 ? [`REMOVE ${remove.join(',')}`] : []),
    ].join(' ');
    // Where a row has no such column there is nothing to compare, which is not "greater".
    const isNewer = places.map(({ place }) => `#${place}.#g>:g${place}`).join(' OR ');
    const names = Object.fromEntries([
      ['#g', GENERATION],
      ...places.map(({ place }) => [`#${place}`, this.#columns[place]?.name]),
    ]);
    const generations = places.map(({ place }) => `":g${place}":{"N":"${this.#columns[place]?.generation}"}`);
    return (
      `{"TableName":${JSON.stringify(this.#table)},"ReturnConsumedCapacity":"TOTAL",` +
      `"UpdateExpression":"${update}","ConditionExpression":"NOT (${isNewer})",` +
      `"ExpressionAttributeNames":${JSON.stringify(names)},"ExpressionAttributeValues":{${generations.join(',')}`
    );
  }
}

/** `0,3,-5` */
const placesOf = (columns: string) =>
  columns.split(',').map((text) => ({ text, place: Math.abs(Number(text)), removes: text.startsWith('-') }));

const keyOf = (userId: string): string => `{"${ROWS_KEY}":{"S":${JSON.stringify(userId)}}}`;

/** One row's part of a batch, as JSON. */
export const batchPart = ({ user_id, attributes }: WholeRow): string =>
  attributes === ''
    ? `{"DeleteRequest":{"Key":${keyOf(user_id)}}}`
    : `{"PutRequest":{"Item":{"${ROWS_KEY}":{"S":${JSON.stringify(user_id)}}${attributes}}}}`;

export const batchBody = (table: string, parts: readonly string[]): string =>
  `{"RequestItems":{${JSON.stringify(table)}:[${parts.join(',')}]},"ReturnConsumedCapacity":"TOTAL"}`;

/** Rows as batches that DynamoDB takes. */
export async function* inBatches(
  rows: AsyncIterable<WholeRow>,
): AsyncGenerator<{ rows: WholeRow[]; parts: string[] }> {
  let batch: { rows: WholeRow[]; parts: string[] } = { rows: [], parts: [] };
  let bytes = 0;
  for await (const row of rows) {
    const part = batchPart(row);
    // A letter takes three bytes at most.
    const most = part.length * 3;
    if (batch.rows.length === ROWS_PER_BATCH || (batch.rows.length > 0 && bytes + most > BYTES_PER_BATCH)) {
      yield batch;
      batch = { rows: [], parts: [] };
      bytes = 0;
    }
    batch.rows.push(row);
    batch.parts.push(part);
    bytes += most;
  }
  if (batch.rows.length > 0) yield batch;
}
