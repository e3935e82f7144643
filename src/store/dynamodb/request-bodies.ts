import { GENERATION, ROWS_KEY } from './attributes.ts';
import type { RowChange, SentColumn, WholeRow } from './changes.ts';
import { BYTES_PER_BATCH, ROWS_PER_BATCH } from './limits.ts';

/** Writes the JSON of `UpdateItem` requests: what depends on the columns alone is put together once. */
export class UpdateBodies {
  readonly #columns: readonly SentColumn[];
  readonly #table: string;
  readonly #known = new Map<string, Buffer>();

  constructor(table: string, columns: readonly SentColumn[]) {
    this.#table = table;
    this.#columns = columns;
  }

  /** An update that a newer generation of any of its columns refuses. */
  of({ user_id, columns, values }: RowChange): Buffer {
    let head = this.#known.get(columns);
    if (head === undefined) {
      head = Buffer.from(this.#head(columns));
      this.#known.set(columns, head);
    }
    const key = Buffer.from(`},"Key":${keyOf(user_id)}}`);
    return Buffer.concat(values.length === 0 ? [head, key] : [head, COMMA, values, key]);
  }

  /** The columns that a change is of. */
  columnsOf({ columns }: RowChange): SentColumn[] {
    return placesOf(columns).map(({ place }) => this.#columns[place] as SentColumn);
  }

  /** The same change without some columns; undefined where none is left. */
  without(change: RowChange, isLeftOut: (column: SentColumn) => boolean): RowChange | undefined {
    const kept = placesOf(change.columns).filter(
      ({ place }) => !isLeftOut(this.#columns[place] as SentColumn),
    );
    if (kept.length === 0) return undefined;
    const values = JSON.parse(`{${change.values}}`) as Record<string, unknown>;
    const written = kept.filter(({ removes }) => !removes);
    return {
      user_id: change.user_id,
      columns: kept.map(({ text }) => text).join(','),
      values: Buffer.from(
        written.map(({ place }) => `":${place}":${JSON.stringify(values[`:${place}`])}`).join(','),
      ),
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

const COMMA = Buffer.from(',');

/** `0,3,-5` */
const placesOf = (columns: string) =>
  columns.split(',').map((text) => ({ text, place: Math.abs(Number(text)), removes: text.startsWith('-') }));

const keyOf = (userId: string): string => `{"${ROWS_KEY}":{"S":${JSON.stringify(userId)}}}`;

const PART_END = Buffer.from('}}}');

/** One row's part of a batch, as JSON. */
export const batchPart = ({ user_id, attributes }: WholeRow): Buffer =>
  attributes.length === 0
    ? Buffer.from(`{"DeleteRequest":{"Key":${keyOf(user_id)}}}`)
    : Buffer.concat([
        Buffer.from(`{"PutRequest":{"Item":{"${ROWS_KEY}":{"S":${JSON.stringify(user_id)}}`),
        attributes,
        PART_END,
      ]);

const BATCH_END = Buffer.from(']},"ReturnConsumedCapacity":"TOTAL"}');

export const batchBody = (table: string, parts: readonly Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from(`{"RequestItems":{${JSON.stringify(table)}:[`),
    ...parts.flatMap((part, index) => (index === 0 ? [part] : [COMMA, part])),
    BATCH_END,
  ]);

/** Rows as batches that DynamoDB takes. */
export async function* inBatches(
  rows: AsyncIterable<WholeRow>,
): AsyncGenerator<{ rows: WholeRow[]; parts: Buffer[] }> {
  let batch: { rows: WholeRow[]; parts: Buffer[] } = { rows: [], parts: [] };
  let bytes = 0;
  for await (const row of rows) {
    const part = batchPart(row);
    if (
      batch.rows.length === ROWS_PER_BATCH ||
      (batch.rows.length > 0 && bytes + part.length > BYTES_PER_BATCH)
    ) {
      yield batch;
      batch = { rows: [], parts: [] };
      bytes = 0;
    }
    batch.rows.push(row);
    batch.parts.push(part);
    bytes += part.length + COMMA.length;
  }
  if (batch.rows.length > 0) yield batch;
}
