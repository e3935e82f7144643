import { messageOf } from '../error.ts';
import { type Bucket, bucketsOf, SLICES } from '../totals/index.ts';
import type { Budget } from './budget.ts';

/** Whether a query needed more memory, or more disk beside it, than it may take. */
export const isTooLarge = (error: unknown): boolean => messageOf(error).startsWith('Out of Memory Error');

/**
 * Does work on users some at a time: on those of `atOnce` bytes of plays together, where all are `bytes`. What needs more memory than there is, is
 * done again with a quarter of the users at once.
 */
export async function inBuckets<Result>(
  bytes: number,
  atOnce: number,
  work: (buckets: readonly Bucket[]) => Promise<Result>,
): Promise<Result> {
  const buckets = bucketsOf(bytes, atOnce);
  try {
    return await work(buckets);
  } catch (error) {
    if (!isTooLarge(error) || buckets.length === SLICES) throw error;
    return inBuckets(bytes, bytes / (4 * buckets.length), work);
  }
}

/** Why a column failed, for a person: of a query that was too large, what would let it pass. */
export function reasonOf(error: unknown, { memory, mouthful }: Budget): string {
  const message = messageOf(error);
  if (!isTooLarge(error)) return message;
  if (message.includes('max_temp_directory_size'))
    return `what does not fit in memory takes more disk than it may: give it more with --temp-size, or another disk with --temp (${firstLine(message)})`;
  return `it does not fit in memory: give it more with --memory, or do less at once with --parallel 1 or a --mouthful below ${megabytes(mouthful)} (the database may take ${megabytes(memory)}: ${firstLine(message)})`;
}

/** Of a message of DuckDB, whose other lines are an excerpt of our own SQL. */
export const firstLine = (text: string): string => text.split('\n', 1)[0] as string;

const megabytes = (bytes: number): string => `${Math.floor(bytes / 1e6)}MB`;
