import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { columnBatches } from '../arrow.ts';
import type { ColumnType } from '../story/index.ts';
import { missingColumn } from './ledger.ts';
import type { ColumnId, Store } from './store.ts';

export const EXPORT_FORMATS = ['parquet', 'arrow', 'csv', 'json'] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/**
 * A column's bytes in a format, sorted by user, some hundreds of users at a time.
 *
 * parquet: `user_id`, and `value` as a nested column. arrow: the same as an IPC stream. json: a line per user. csv: `user_id`, and
 * the value's keys as columns, lists and objects in them as JSON.
 * @throws WrappedError where the store has no such column
 */
export async function exportColumn(
  store: Store,
  column: ColumnId,
  format: ExportFormat,
): Promise<AsyncIterable<Uint8Array | string>> {
  const written = (await store.entry(column))?.written;
  if (written === undefined) throw await missingColumn(store, column);
  switch (format) {
    case 'parquet':
      return parquetBytes(store, column);
    case 'arrow':
      return arrowBytes(store, column);
    case 'csv':
      return csvLines(store, column, written.type);
    case 'json':
      return jsonLines(store, column);
  }
}

async function* jsonLines(store: Store, column: ColumnId): AsyncIterable<string> {
  for await (const rows of store.values(column)) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

async function* csvLines(store: Store, column: ColumnId, type: ColumnType): AsyncIterable<string> {
  const { stringify } = await import('csv-stringify/sync');
  const keys = type.kind === 'object' ? Object.keys(type.fields) : [];
  yield stringify([['user_id', ...keys]]);
  const cell = (value: unknown) =>
    typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  for await (const rows of store.values(column)) {
    yield stringify(
      rows.map(({ user_id, value }) => [
        user_id,
        ...keys.map((key) => cell((value as Record<string, unknown>)[key])),
      ]),
    );
  }
}

async function* arrowBytes(store: Store, column: ColumnId): AsyncIterable<Uint8Array> {
  const { RecordBatchStreamWriter } = await import('apache-arrow');
  yield* await RecordBatchStreamWriter.writeAll(columnBatches(store, column));
}

/** The column's file, or one made of the rows in a folder of its own, which goes when the bytes are read. */
async function* parquetBytes(store: Store, column: ColumnId): AsyncIterable<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'wrapped-export-'));
  try {
    const [file = ''] = await store.files([column], folder);
    yield* createReadStream(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
