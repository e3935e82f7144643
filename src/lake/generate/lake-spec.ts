import { ident, type Sql, sql } from '../../sql/sql.ts';

/** Which lake: together with this code and DuckDB's version these decide every row of it. */
export interface LakeSpec {
  readonly users: number;
  /** Mean listen rows per user and year, over all users, those who play nothing included. */
  readonly playsPerUser: number;
  /** UTC years, both included. */
  readonly years: { readonly from: number; readonly to: number };
  /** Any whole number. */
  readonly seed: number;
}

/** The hash that all others descend from. */
export const rootOf = (spec: LakeSpec): Sql => sql`hash(${spec.seed}::BIGINT)`;

export const yearsOf = ({ years }: LakeSpec): number => years.to - years.from + 1;

export const MONTHS = 12;

/** A month as one number, so that months can be subtracted. January of year 0 is 0. */
export const monthNumber = (year: number, month: number): number => year * MONTHS + month - 1;

/** Tables that live as long as a lake is being made; things have numbers in them, since joins on numbers are cheap. */
export const TABLES = {
  users: ident('generate_users'),
  artists: ident('generate_artists'),
  albums: ident('generate_albums'),
  tracks: ident('generate_tracks'),
  days: ident('generate_days'),
  plays: ident('generate_plays'),
} as const;

/** A hash as an id of 22 characters out of 62. */
export const idOf = (hash: Sql): Sql =>
  sql`translate(left(base64(unhex(md5(${hash}::VARCHAR))), 22), '+/', 'Aa')`;
