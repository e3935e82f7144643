import { type Sql, sql } from '../sql/sql.ts';

/**
 * Users are spread over so many slices by the first three hexadecimal digits of the md5 of their id, the same in every year and engine. A
 * bucket is some slices on end: since users are numbered in that order, in any totals it is one range of `user_year`.
 */
export const SLICES = 4096;

/** Which slice, from 0, a user is in. Md5 takes its time: once per distinct user, never per play. */
export const sliceOf = (userId: Sql): Sql => sql`('0x' || left(md5(${userId}), 3))::SMALLINT`;

/** The order in which users are numbered. */
export const userOrder = (userId: Sql): Sql => sql`md5(${userId}), ${userId}`;

/** One of `of` equal parts of all users, from 0. */
export interface Bucket {
  readonly index: number;
  readonly of: number;
}

/** All users, as one bucket. */
export const EVERYONE: Bucket = { index: 0, of: 1 };

/** The buckets that keep each below `atOnce`, where all are `size`: a power of two. */
export function bucketsOf(size: number, atOnce: number): Bucket[] {
  const of = Math.min(SLICES, 2 ** Math.ceil(Math.log2(Math.max(1, size / atOnce))));
  return Array.from({ length: of }, (_, index) => ({ index, of }));
}
