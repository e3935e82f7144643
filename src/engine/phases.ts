import { stat } from 'node:fs/promises';

/** What a run does, one part after the other or several at once. */
export const PHASES = ['plan', 'fetch', 'totals', 'story', 'columns', 'publish'] as const;

/** Where the time of a run went: one phase of it, or one part of a phase. */
export interface Phase {
  /**
   * plan: lake and ledgers are listed, and compared. fetch: a decade's years are read out of a table. totals: one step of one year. story: a
   * story's queries. columns: files are written and committed.
   */
  readonly phase: (typeof PHASES)[number];
  /** The totals' files, the story, or nothing. */
  readonly name?: string | undefined;
  /** Of totals. */
  readonly year?: number | undefined;
  /** Rows of totals, values of a story, values of columns, rows that were sent. */
  readonly rows: number;
  /** Of the files that were written, or that were sent; of the plan, of the plays that it is about. */
  readonly bytes: number;
  /** By the clock on the wall: those of parts that ran at once overlap. */
  readonly seconds: number;
}

/** A part of a phase, and what it made. */
type Part = Pick<Phase, 'phase' | 'name' | 'year'>;
type Made = Partial<Pick<Phase, 'rows' | 'bytes'>>;

/** The phases of one run, added up as they end. */
export class Phases {
  readonly #parts = new Map<string, Phase>();

  /** What there is so far: by phase, then year, else in the order of their first end. */
  list(): Phase[] {
    return [...this.#parts.values()].sort(
      (one, other) =>
        PHASES.indexOf(one.phase) - PHASES.indexOf(other.phase) || (one.year ?? 0) - (other.year ?? 0),
    );
  }

  add(part: Part & Made & Pick<Phase, 'seconds'>): void {
    const key = `${part.phase} ${part.year} ${part.name}`;
    const before = this.#parts.get(key);
    this.#parts.set(key, {
      phase: part.phase,
      ...(part.name !== undefined && { name: part.name }),
      ...(part.year !== undefined && { year: part.year }),
      rows: (before?.rows ?? 0) + (part.rows ?? 0),
      bytes: (before?.bytes ?? 0) + (part.bytes ?? 0),
      seconds: (before?.seconds ?? 0) + part.seconds,
    });
  }

  /** Does work that is a part of a phase; `made` says what came of it. Work that throws took its time all the same. */
  async timed<Result>(
    part: Part,
    work: () => Promise<Result>,
    made: (result: Result) => Made | Promise<Made> = () => ({}),
  ): Promise<Result> {
    const since = performance.now();
    let what: Made = {};
    try {
      const result = await work();
      what = await made(result);
      return result;
    } finally {
      this.add({ ...part, ...what, seconds: secondsSince(since) });
    }
  }
}

/** Seconds since an instant of `performance.now()`. */
export const secondsSince = (instant: number): number => (performance.now() - instant) / 1000;

/** The bytes of a file. */
export const bytesOf = async (path: string): Promise<number> => (await stat(path)).size;
