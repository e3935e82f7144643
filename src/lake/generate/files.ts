import { join } from 'node:path';
import { type LakeSpec, MONTHS } from './lake-spec.ts';
import type { Slice } from './sessions.ts';

/** A file of plays: its name in the folder of plays, and the time whose plays it has. */
export interface PlaysFile {
  readonly name: string;
  readonly slice: Slice;
}

/** Rows that one statement makes, about, and the most of a file: two gigabytes of memory, 200 MB. */
const ROWS_OF_BATCH = 5_000_000;

/** A year's files: a month each, or where that is too much, a part of one; as many together as one statement may make. */
export function batchesOf({ users, playsPerUser }: LakeSpec, year: number): PlaysFile[][] {
  const rowsOfMonth = (users * playsPerUser) / MONTHS;
  const parts = Math.ceil(rowsOfMonth / ROWS_OF_BATCH);
  const files = Array.from({ length: MONTHS }, (_, month) => filesOf(year, month + 1, parts)).flat();
  const together = Math.max(1, Math.floor((ROWS_OF_BATCH * parts) / rowsOfMonth));
  return Array.from({ length: Math.ceil(files.length / together) }, (_, batch) =>
    files.slice(batch * together, (batch + 1) * together),
  );
}

/** The files of a UTC month, of equal stretches of time. */
function filesOf(year: number, month: number, parts: number): PlaysFile[] {
  const [start, end] = [Date.UTC(year, month - 1), Date.UTC(year, month)];
  const cut = (part: number) => start + Math.round(((end - start) * part) / parts);
  const folder = join(`year=${year}`, `month=${String(month).padStart(2, '0')}`);
  return Array.from({ length: parts }, (_, part) => ({
    name: join(folder, `part-${String(part).padStart(3, '0')}.parquet`),
    slice: { from: cut(part), to: cut(part + 1) },
  }));
}
