import { totalmem } from 'node:os';

/** How much of the machine may be taken. */
export interface Bounds {
  /** Threads of one query. Default: the number of cores. */
  readonly threads?: number | undefined;
  /** Bytes of memory to stay within. Default: 60 % of the machine, or of what its cgroup may take. */
  readonly memory?: number | undefined;
  /** Bytes of plays, as Parquet, that are worked on at once. Default: a quarter of the memory. */
  readonly mouthful?: number | undefined;
  /** The folder for what does not fit in memory. Default: below the working folder. */
  readonly temp?: string | undefined;
  /** Bytes that it may grow to. Default: 90 % of what is free there. */
  readonly tempSize?: number | undefined;
}

/** How much memory a process may take, and what that means for how much it does at once. */
export interface Budget {
  /** Bytes that the database may take. */
  readonly memory: number;
  /** Bytes of plays, as Parquet, that are worked on at once: read together, or of one bucket of users. */
  readonly mouthful: number;
}

/** Of the machine, or of what its container may take. */
const SHARE = 0.6;

/** Of that, what the database may take: it does not count all that it does, above all what it reads and writes Parquet with. */
const DATABASE = 0.6;

/** Bytes of plays that take this many times as much memory to be grouped. */
const MEMORY_PER_BYTE = 4;

export function budgetOf({
  memory = Math.floor(SHARE * machineMemory()),
  mouthful = Math.floor(memory / MEMORY_PER_BYTE),
}: {
  readonly memory?: number | undefined;
  readonly mouthful?: number | undefined;
} = {}): Budget {
  return { memory: Math.floor(DATABASE * memory), mouthful };
}

/** Bytes of memory that there are: of the machine, or of the process's cgroup where that is less. */
function machineMemory(): number {
  const constrained = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return Math.min(totalmem(), constrained);
}
