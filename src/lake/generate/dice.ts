import { type Sql, type SqlValue, sql } from '../../sql/sql.ts';

/**
 * What a roll decides. Two rolls of the same parent for different purposes are as good as independent.
 * A purpose's place in this list is part of what a seed means: add new ones at the end.
 */
const PURPOSES = [
  'activity',
  'activity angle',
  'user',
  'joins later',
  'joined',
  'zone',
  'no zone',
  'hour shift',
  'home genre',
  'podcasts',
  'privacy',
  'debut',
  'artist',
  'title',
  'rhythm',
  'albums',
  'tracks',
  'album',
  'track',
  'date',
  'no date',
  'genres',
  'second genre',
  'absent',
  'session',
  'hour',
  'minute',
  'session length',
  'podcast',
  'private',
  'day',
  'day load',
  'session count',
  'play',
  'repeat',
  'choice',
  'slot',
  'kind of choice',
  'phase',
  'taste',
  'favourite',
  'genre',
  'rank',
  'newest',
  'show',
  'episode',
  'length',
  'no length',
  'no skipped',
  'ending',
  'listened',
  'pauses',
  'pause',
] as const;

type Purpose = (typeof PURPOSES)[number];

/** Numbers of things (users, days, plays) stay below this, so that they never reach into the bits of a purpose. */
const NUMBER_BITS = 48n;

/**
 * A 64-bit hash for one thing of the lake (a user, one of their days, a play of that day), from its parent's hash
 * and its number. Everything in the lake is read off such hashes, so that a row depends on the seed and on nothing
 * else: not on threads, slices or order. One hash per step, since DuckDB's hash of several arguments is linear.
 */
export function roll(parent: Sql, purpose: Purpose, number: SqlValue = 0): Sql {
  const place = BigInt(PURPOSES.indexOf(purpose) + 1) << NUMBER_BITS;
  return sql`hash(xor(${parent}, ${place}::UBIGINT + (${number})::UBIGINT))`;
}

/** A hash as a DOUBLE in [0, 1). */
export const unit = (hash: Sql): Sql => sql`((${hash} >> 11)::DOUBLE * ${2 ** -53})`;

/** Whether a hash falls into a share (0 to 1) of all hashes. */
export const chance = (hash: Sql, share: number): Sql =>
  sql`(${hash} < ${BigInt(Math.round(share * 2 ** 32)) << 32n}::UBIGINT)`;

/** A whole number from 0 to `count - 1`, all as likely. */
export const pick = (hash: Sql, count: SqlValue): Sql => sql`(${hash} % (${count})::UBIGINT)::BIGINT`;

/**
 * A rank from 0 to `count - 1` with a chance in proportion to 1 / (rank + flat): Zipf-Mandelbrot with exponent 1.
 * The larger `flat`, the less the first ranks stand out.
 */
export const zipf = (hash: Sql, count: SqlValue, flat: number): Sql =>
  sql`least((${count}) - 1, floor(${flat} * (pow(1 + (${count}) / ${flat}, ${unit(hash)}) - 1))::BIGINT)`;

/** An exponentially distributed DOUBLE with mean 1. */
export const exponential = (hash: Sql): Sql => sql`(-ln(1 - ${unit(hash)}))`;

/** One of a list of constants, all as likely. */
export const oneOf = (hash: Sql, values: readonly SqlValue[]): Sql =>
  sql`([${values}])[1 + ${pick(hash, values.length)}]`;
