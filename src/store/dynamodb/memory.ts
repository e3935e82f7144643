import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { commitJson, isInUse, linkOrCopy, makeFolder, scratchName } from '../../files.ts';
import type { ObjectType } from '../../story/index.ts';
import type { RefusedRow } from '../remote.ts';
import type { ColumnId } from '../store.ts';
import type { ColumnFile } from './changes.ts';
import type { Found } from './ledger-table.ts';

const LEFT = 'left-';

/** What a column was when a table last got all of it from here. */
export interface Published extends ColumnFile {
  readonly generation: number;
  /** Users who are without it because their row would be too large. */
  readonly refused: readonly string[];
}

/** Whether the table still has of a column what is remembered: nobody wrote since, and nobody began to. */
export const isAsKnown = (known: Published | undefined, { writing, committed }: Found): known is Published =>
  known !== undefined && known.generation === committed && writing === committed;

/** A column of a publish that is under way. */
export interface RunningColumn extends ColumnId {
  readonly generation: number;
  /** Where the working folder kept it, which tells whether it was computed anew since; undefined: the column goes. */
  readonly at: string | undefined;
  /** Values of this generation and later are part of the column. */
  readonly base: number;
  /** Only what differs from the column as last published is sent. */
  readonly isDifference: boolean;
  /** Older values may lie about in rows, to be swept away at the end. */
  readonly sweeps: boolean;
  /** The table has it as it is; see `Publication`. */
  readonly isThere: boolean;
}

/** A publish that is under way: what it takes to go on with it. */
export interface Running {
  readonly columns: readonly RunningColumn[];
  readonly wholeRows: boolean;
  /** Every row is acknowledged. */
  readonly isSent: boolean;
  readonly through?: string | undefined;
  readonly also: readonly string[];
  /** Users whose row would be over 400 KB, so that they are without these columns. */
  readonly refused: readonly RefusedRow[];
}

/**
 * What a working folder remembers of one table, below `WORK/published/TABLE-…/`:
 *
 *     columns/top-artist/2019.json          the generation in which it was last published
 *     columns/top-artist/2019~17.parquet    and as what
 *     running/HOST-PID-TIME_NTH             a publish that is under way, under the name of the process
 *     running/left-UUID                     one that was ended before it was done
 *
 * A process takes over what one that is gone left behind, by renaming it: only one can.
 */
export class Memory {
  readonly #dir: string;
  readonly #running: string;
  /** Notes that were looked into, and those that were left again. */
  readonly #seen = new Set<string>();

  constructor(dir: string) {
    this.#dir = dir;
    this.#running = join(dir, 'running', scratchName());
  }

  /** A column as it was last published. Undefined where it never was, or where that is not known. */
  async published(column: ColumnId): Promise<Published | undefined> {
    const text = await readFile(this.#facts(column), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const facts = JSON.parse(text) as Omit<Published, 'path'>;
    return { ...facts, path: this.file(column, facts.generation) };
  }

  /** Where a column as published in a generation is kept. */
  file({ story, period }: ColumnId, generation: number): string {
    return join(this.#dir, 'columns', story, `${period}~${generation}.parquet`);
  }

  /** Keeps a column's file, so that it stays as it is while it is published, and after. */
  async hold(column: ColumnId, generation: number, path: string): Promise<string> {
    const file = this.file(column, generation);
    await makeFolder(join(this.#dir, 'columns', column.story));
    await rm(file, { force: true });
    await linkOrCopy(path, file);
    return file;
  }

  /** Notes that a held column is what the table has now. */
  async keep(
    column: ColumnId,
    generation: number,
    type: ObjectType,
    refused: readonly string[],
  ): Promise<void> {
    await commitJson(this.#facts(column), { generation, type, refused });
    await this.#drop(column, generation);
  }

  /** Notes that the table has nothing of a column. */
  async forget(column: ColumnId): Promise<void> {
    await rm(this.#facts(column), { force: true });
    await this.#drop(column, undefined);
  }

  /** Removes held files of a column but that of one generation. */
  async #drop({ story, period }: ColumnId, but: number | undefined): Promise<void> {
    const folder = join(this.#dir, 'columns', story);
    for (const name of await readdir(folder).catch(() => [])) {
      const isOther = name.startsWith(`${period}~`) && name !== `${period}~${but}.parquet`;
      if (isOther) await rm(join(folder, name), { force: true });
    }
  }

  /** Takes over a publish that a process left behind that is gone; each once. */
  async takeOver(): Promise<Running | undefined> {
    const folder = join(this.#dir, 'running');
    for (const name of await readdir(folder).catch(() => [])) {
      if (this.#seen.has(name)) continue;
      if (!name.startsWith(LEFT) && (await isInUse(folder, name))) continue;
      try {
        await rename(join(folder, name), this.#running);
        this.#seen.add(name);
        return JSON.parse(await readFile(this.#running, 'utf8')) as Running;
      } catch {
        // Another process was quicker.
      }
    }
    return undefined;
  }

  /** Notes how far the publish of this process is. */
  async note(running: Running): Promise<void> {
    await commitJson(this.#running, running);
  }

  /** Leaves a publish, or columns of it, to whoever asks for them. */
  async leaveBehind(running: Running): Promise<void> {
    const name = `${LEFT}${randomUUID()}`;
    this.#seen.add(name);
    await commitJson(join(this.#dir, 'running', name), running);
  }

  /** Leaves the publish of this process to whoever goes on with it. */
  async leave(): Promise<void> {
    await rename(this.#running, join(this.#dir, 'running', `${LEFT}${randomUUID()}`)).catch(() => undefined);
  }

  /** The publish is over, or not worth going on with. */
  async end(): Promise<void> {
    await rm(this.#running, { force: true });
  }

  #facts({ story, period }: ColumnId): string {
    return join(this.#dir, 'columns', story, `${period}.json`);
  }
}
