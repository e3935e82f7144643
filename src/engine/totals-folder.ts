import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Session } from '../sql/database.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { type Bucket, COLUMNS, isOfGenres, SLICES, type TotalsFile } from '../totals/index.ts';

/** The rows of a file of totals: of all users, or of a bucket of them. */
export type Reader = (file: TotalsFile, bucket?: Bucket) => Sql;

/**
 * The totals of some plays of one year: a folder of Parquet files for each, which hold one user after the other. What is there is whole, and
 * stays where another process makes it too. Numbers are the same however often and in whatever order the files are made.
 */
export class TotalsFolder {
  readonly dir: string;
  readonly #genres: string;
  #slices: Promise<readonly Slice[]> | undefined;

  /** @param genres the fingerprint of the lake's genres, of which some files of totals are made beside the plays */
  constructor(dir: string, genres: string) {
    this.dir = dir;
    this.#genres = genres;
  }

  /** The folder of a file of totals. */
  folder(file: TotalsFile): string {
    return join(this.dir, isOfGenres(file) ? `${file}-${this.#genres}` : file);
  }

  /** The Parquet files of a file of totals, as a pattern. */
  path(file: TotalsFile): string {
    return join(this.folder(file).replace(/[[*?]/g, '[$&]'), '*.parquet');
  }

  /** Whether all these files are there. */
  async have(files: readonly TotalsFile[]): Promise<boolean> {
    const there = await Promise.all(files.map((file) => stat(this.folder(file)).catch(() => undefined)));
    return !there.includes(undefined);
  }

  /** What reads the totals bucket by bucket. The file `user` has to be there. */
  async reader(session: Session): Promise<Reader> {
    this.#slices ??= slicesOf(session, this.path('user'));
    const slices = await this.#slices;
    return (file, bucket) => {
      const all = readTotals([this.path(file)]);
      if (bucket === undefined || bucket.of === 1 || !isOfUsers(file)) return all;
      const own = slices.filter(({ slice }) => Math.floor(slice / (SLICES / bucket.of)) === bucket.index);
      const [first, last] = [own[0]?.first, own.at(-1)?.last];
      return first === undefined || last === undefined
        ? sql`(SELECT * FROM ${all} WHERE false)`
        : sql`(SELECT * FROM ${all} WHERE user_year BETWEEN ${first} AND ${last})`;
    };
  }
}

/** The numbers of a slice's users, first and last. */
interface Slice {
  readonly slice: number;
  readonly first: bigint;
  readonly last: bigint;
}

/** The slices that have users, in order: of their numbers too. */
const slicesOf = (session: Session, users: string): Promise<Slice[]> =>
  session.rows<Slice & Record<string, unknown>>(sql`
    SELECT slice, min(user_year) AS first, max(user_year) AS last
    FROM ${readTotals([users])} GROUP BY slice ORDER BY slice`);

/** Whether a file has rows of users, and not only of things. */
export const isOfUsers = (file: TotalsFile): boolean =>
  file in COLUMNS && 'user_year' in COLUMNS[file as keyof typeof COLUMNS];

/** Files of totals as one relation, by their patterns. */
export const readTotals = (paths: readonly string[]): Sql =>
  sql`read_parquet([${paths}], hive_partitioning = false)`;
