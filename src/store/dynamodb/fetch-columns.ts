import { open, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { allDone } from '../../all-done.ts';
import { commitJson, makeFolder } from '../../files.ts';
import type { Session } from '../../sql/database.ts';
import { sql } from '../../sql/sql.ts';
import { type ObjectType, sqlType } from '../../story/index.ts';
import { COLUMN_ROW_GROUP } from '../folder/folder-store.ts';
import { fromAttribute } from './attributes.ts';
import { lotsOf, type RowsTable, SEGMENTS, userIdOf, type Wanted } from './rows-table.ts';
import type { Item, Persist } from './table.ts';

/** A column to be fetched. */
export interface FetchedColumn extends Wanted {
  readonly type: ObjectType;
}

/** How far the scan of a segment has come. */
interface SegmentState {
  /** Of its file of lines: what is beyond was not noted. */
  readonly bytes: number;
  readonly next: Item | undefined;
  readonly isDone: boolean;
}

/**
 * Reads columns out of the rows, all in one scan of the table, its segments at the same time, into a folder: a Parquet file each, sorted by
 * user. A call that was cut off goes on where each segment was.
 *
 * @param folder of these columns in these generations alone
 * @param persist how each page is asked for
 * @returns the files, in the order of the columns
 */
export async function fetchColumns(
  rows: RowsTable,
  session: Session,
  columns: readonly FetchedColumn[],
  folder: string,
  persist: Persist,
  signal?: AbortSignal,
): Promise<string[]> {
  await makeFolder(folder);
  const files: string[] = [];
  for (const [index, lot] of lotsOf(columns).entries()) {
    const segments = Array.from({ length: SEGMENTS }, (_, segment) => segment);
    const lines = await allDone(
      segments.map((segment) =>
        scanSegment(rows, lot, segment, join(folder, `${index}-${segment}`), persist, signal),
      ),
    );
    for (const [place, { name, type }] of lot.entries()) {
      const file = join(folder, `${name}.parquet`);
      signal?.throwIfAborted();
      await session.run(sql`
        COPY (
          SELECT user_id, value::${sqlType(type)} AS value
          FROM read_json([${lines}], format = 'newline_delimited', columns = {user_id: 'VARCHAR', place: 'INTEGER', value: 'JSON'})
          WHERE place = ${place} ORDER BY user_id
        ) TO ${file} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${COLUMN_ROW_GROUP})`);
      files.push(file);
    }
  }
  return files;
}

/** Reads one segment into a file of lines: `{"user_id": …, "place": of the column, "value": …}`. Returns the file. */
async function scanSegment(
  rows: RowsTable,
  columns: readonly FetchedColumn[],
  segment: number,
  path: string,
  persist: Persist,
  signal: AbortSignal | undefined,
): Promise<string> {
  const [lines, notes] = [`${path}.jsonl`, `${path}.json`];
  let state = await stateOf(notes);
  const file = await open(lines, 'a');
  try {
    if (state.isDone) return lines;
    await truncate(lines, state.bytes);
    for await (const { items, next } of rows.pages(
      columns,
      { segment, of: SEGMENTS },
      { after: state.next, persist },
    )) {
      const text = items.flatMap((item) => linesOf(columns, item)).join('');
      await file.appendFile(text);
      await file.datasync();
      state = { bytes: state.bytes + Buffer.byteLength(text), next, isDone: next === undefined };
      await commitJson(notes, state);
      signal?.throwIfAborted();
    }
    return lines;
  } finally {
    await file.close();
  }
}

const stateOf = (path: string): Promise<SegmentState> =>
  readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as SegmentState,
    () => ({ bytes: 0, next: undefined, isDone: false }),
  );

const linesOf = (columns: readonly FetchedColumn[], item: Item): string[] =>
  columns.flatMap(({ name, base, type }, place) => {
    const value = fromAttribute(type, base, item[name]);
    return value === undefined ? [] : [`${JSON.stringify({ user_id: userIdOf(item), place, value })}\n`];
  });
