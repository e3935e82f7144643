import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Session } from '../sql/database.ts';
import { type Sql, sql } from '../sql/sql.ts';
import { TOTALS } from '../story/index.ts';
import { type Bucket, SLICES, type TotalsFile } from '../totals/index.ts';

/** The rows of a file of totals: of all users, or of a bucket of them. */
export type Reader = (file: TotalsFile, bucket?: Bucket) => Sql;

/**
 * The totals of some plays of one year: a folder of Parquet files for each, which hold one user after the other. What is there is whole, and
 * stays where another process makes it too. Numbers are the same however often and in whatever order the files are made.
 */
export class TotalsFolder {
  readonly dir: string;
  readonly #genres: string;
  readonly #spans = new Map<number, Promise<Spans>>();

  /** @param genres the fingerprint of the lake's genres, which one file of totals is made of beside the plays */
  constructor(dir: string, genres: string) {
    this.dir = dir;
    this.#genres = genres;
  }

  /** The folder of a file of totals. */
  folder(file: TotalsFile): string {
    return join(this.dir, file === 'artist_genre' ? `${file}-${this.#genres}` : file);
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

  /** What reads the totals bucket by bucket, of which there are `of`. The file `user` has to be there. */
  async reader(session: Session, of: number): Promise<Reader> {
    const spans = of === 1 ? undefined : await this.#spansOf(session, of);
    return (file, bucket) => {
      const all = readTotals([this.path(file)]);
      if (spans === undefined || bucket === undefined || !isOfUsers(file)) return all;
      const span = spans.get(bucket.index);
      return span === undefined
        ? sql`(SELECT * FROM ${all} WHERE false)`
        : sql`(SELECT * FROM ${all} WHERE user_year BETWEEN ${span.first} AND ${span.last})`;
    };
  }

  #spansOf(session: Session, of: number): Promise<Spans> {
    const known = this.#spans.get(of) ?? spansOf(session, this.path('user'), of);
    this.#spans.set(of, known);
    return known;
  }
}

/** The numbers of each bucket's users, first and last; none for a bucket without. */
type Spans = ReadonlyMap<number, { readonly first: bigint; readonly last: bigint }>;

async function spansOf(session: Session, users: string, of: number): Promise<Spans> {
  const rows = await session.rows<{ bucket: number; first: bigint; last: bigint }>(sql`
    SELECT (slice // ${SLICES / of})::INTEGER AS bucket, min(user_year) AS first, max(user_year) AS last
    FROM ${readTotals([users])} GROUP BY bucket`);
  return new Map(rows.map(({ bucket, ...span }) => [bucket, span]));
}

/** Whether a file has rows of users, and not only of things. */
export const isOfUsers = (file: TotalsFile): boolean =>
  file in TOTALS && 'user_year' in TOTALS[file as keyof typeof TOTALS];

/** Files of totals as one relation, by their patterns. */
export const readTotals = (paths: readonly string[]): Sql =>
  sql`read_parquet([${paths}], hive_partitioning = false)`;
