import type * as Arrow from 'apache-arrow';
import { missingColumn } from './store/ledger.ts';
import type { ColumnId, Store } from './store/store.ts';
import type { ColumnType } from './story/index.ts';

type ArrowLibrary = typeof Arrow;

/**
 * A column as record batches: `user_id` (Utf8) and `value` (Struct after the story's column type: text Utf8, integer Int64, number
 * Float64, boolean Bool, list List, object Struct), sorted by user.
 * @throws WrappedError where the store has no such column
 */
export async function* columnBatches(store: Store, column: ColumnId): AsyncIterable<Arrow.RecordBatch> {
  const arrow = await import('apache-arrow');
  const type = (await store.entry(column))?.written?.type;
  if (type === undefined) throw await missingColumn(store, column);
  for await (const rows of store.values(column)) {
    const users = arrow.vectorFromArray(
      rows.map(({ user_id }) => user_id),
      new arrow.Utf8(),
    );
    const values = arrow.vectorFromArray(
      rows.map(({ value }) => toArrow(type, value)),
      arrowType(arrow, type),
    );
    yield* new arrow.Table({ user_id: users, value: values } as Record<string, Arrow.Vector>).batches;
  }
}

/** A column as one Arrow table, for those who compute with it; see {@link columnBatches} for its schema. */
export async function columnTable(store: Store, column: ColumnId): Promise<Arrow.Table> {
  const { Table } = await import('apache-arrow');
  const batches: Arrow.RecordBatch[] = [];
  for await (const batch of columnBatches(store, column)) batches.push(batch);
  return new Table(batches);
}

function arrowType(arrow: ArrowLibrary, type: ColumnType): Arrow.DataType {
  switch (type.kind) {
    case 'text':
      return new arrow.Utf8();
    case 'integer':
      return new arrow.Int64();
    case 'number':
      return new arrow.Float64();
    case 'boolean':
      return new arrow.Bool();
    case 'list':
      return new arrow.List(new arrow.Field('item', arrowType(arrow, type.item), true));
    case 'object':
      return new arrow.Struct(
        Object.entries(type.fields).map(
          ([name, field]) => new arrow.Field(name, arrowType(arrow, field), true),
        ),
      );
  }
}

/** Arrow's builders take 64-bit integers as `bigint`, and null for what is missing. */
function toArrow(type: ColumnType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (type.kind === 'integer') return BigInt(value as number);
  if (type.kind === 'list') return (value as unknown[]).map((item) => toArrow(type.item, item));
  if (type.kind === 'object') {
    const source = value as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(type.fields).map(([name, field]) => [name, toArrow(field, source[name])]),
    );
  }
  return value;
}
