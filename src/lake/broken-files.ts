import { messageOf, WrappedError } from '../error.ts';
import type { Session } from '../sql/database.ts';
import { ident, type Sql, sql } from '../sql/sql.ts';

interface File {
  readonly path: string;
}

/** A Parquet file that is cut short or broken, and what says so. */
export class UnreadableFile extends WrappedError {
  readonly path: string;

  constructor(path: string, found: string, cause?: unknown) {
    super(`${path} can't be read: ${found}`, {
      cause,
      hint: 'It may be cut short or still being written: copy or export it again, or move it out of the lake.',
    });
    this.path = path;
  }
}

/**
 * Does work without the files that turn out to be unreadable: it is done again with all that are known to be so far.
 * @param known those that are known to be so before
 * @throws UnreadableFile where no file is left
 */
export async function withoutBroken<Result>(
  files: readonly File[],
  work: (broken: readonly UnreadableFile[]) => Promise<Result>,
  known: readonly UnreadableFile[] = [],
): Promise<Result> {
  const broken = [...known];
  for (;;) {
    try {
      return await work(broken);
    } catch (error) {
      const isOfThem = error instanceof UnreadableFile && files.some(({ path }) => path === error.path);
      if (!isOfThem || broken.some(({ path }) => path === error.path)) throw error;
      broken.push(error);
      if (broken.length === files.length) throw broken[0];
    }
  }
}

/** Whether an error has nothing to do with what is in a file. */
export const isOfTheMachine = (error: unknown): boolean =>
  /Out of Memory|space|could not write|INTERRUPT|Too many open files/i.test(messageOf(error));

/**
 * The error for a query that failed over some files. Where its message names none of them, each is tried by itself: what it says of its
 * columns, and if that is well, every value of them.
 */
export async function whyUnreadable(
  session: Session,
  files: readonly File[],
  cause: unknown,
): Promise<unknown> {
  if (cause instanceof WrappedError || isOfTheMachine(cause)) return cause;
  for (const file of files) {
    const found = await whatIsWrong(session, file);
    if (found !== undefined) return found;
  }
  const named = files.find(({ path }) => firstLine(cause).includes(path));
  return named === undefined ? cause : new UnreadableFile(named.path, withoutPath(cause, named.path), cause);
}

/**
 * Looks for what a reader would pass over in silence. It goes by the rows of a file's parts (row groups): where these are fewer than the file
 * has, the rest would be missing; and a column that other files have and this one lacks would be null, and rows without it nobody's.
 * @param columns what each file has to have, by its name there
 * @throws UnreadableFile
 */
export async function checkFiles(
  session: Session,
  files: readonly File[],
  columns: readonly string[],
): Promise<void> {
  if (files.length === 0) return;
  const paths = files.map(({ path }) => path);
  const rowsOf = async (some: readonly string[]) => {
    const [row] = await session.rows<{ told: bigint | null; there: bigint }>(sql`
      SELECT
        (SELECT sum(num_rows)::BIGINT FROM parquet_file_metadata([${some}])) AS told,
        (SELECT count(*) FROM read_parquet([${some}], union_by_name = true, hive_partitioning = false)) AS there`);
    return row;
  };
  try {
    const [lacking] = await session.rows<{ path: string; has: string[] }>(sql`
      SELECT file_name AS path, list(name) AS has FROM parquet_schema([${paths}])
      GROUP BY file_name HAVING count(DISTINCT name) FILTER (name IN (${columns})) < ${columns.length} LIMIT 1`);
    if (lacking !== undefined) {
      const missing = columns.filter((column) => !lacking.has.includes(column));
      throw new UnreadableFile(
        lacking.path,
        `it has no column ${missing.map((name) => `'${name}'`).join(', ')}`,
      );
    }
    const all = await rowsOf(paths);
    if (all?.told === all?.there) return;
    for (const path of paths) {
      const own = await rowsOf([path]);
      if (own?.told !== own?.there)
        throw new UnreadableFile(
          path,
          `it says that it has ${own?.told} rows, and its row groups ${own?.there}`,
        );
    }
  } catch (cause) {
    throw await whyUnreadable(session, files, cause);
  }
}

async function whatIsWrong(session: Session, { path }: File): Promise<UnreadableFile | undefined> {
  const fails = (statement: Sql) =>
    session.rows<{ column_name: string }>(statement).then(
      (rows) => ({ rows, error: undefined }),
      (error: unknown) => ({ rows: [], error }),
    );
  const file = sql`read_parquet(${path}, hive_partitioning = false)`;
  const columns = await fails(sql`DESCRIBE SELECT * FROM ${file}`);
  const told = ['parquet_metadata', 'parquet_schema', 'parquet_file_metadata'].map((name) =>
    fails(sql`SELECT * FROM ${ident(name)}(${path})`),
  );
  for (const { error } of [columns, ...(await Promise.all(told))])
    if (error !== undefined)
      return new UnreadableFile(path, `its footer: ${withoutPath(error, path)}`, error);
  for (const { column_name: column } of columns.rows) {
    const { error } = await fails(sql`SELECT bit_xor(hash(${ident(column)})) FROM ${file}`);
    if (error !== undefined)
      return new UnreadableFile(path, `column ${column}: ${withoutPath(error, path)}`, error);
  }
  return undefined;
}

/** What follows the first line is an excerpt of our own SQL. A broken file may have put anything into it. */
const firstLine = (error: unknown): string =>
  (messageOf(error).split('\n')[0] ?? '').replaceAll(/\p{Cc}/gu, '');

/** A message without the path that the error names already. */
function withoutPath(error: unknown, path: string): string {
  const named = [`'${path}'`, `"${path}"`, path];
  return [...named.flatMap((name) => [`File ${name}`, `file ${name}`]), ...named].reduce(
    (text, name) => text.replaceAll(name, 'the file'),
    firstLine(error),
  );
}
