import { messageOf, WrappedError } from '../error.ts';
import type { Session } from '../sql/database.ts';
import { ident, type Sql, sql, unsafe } from '../sql/sql.ts';
import type { NamedFile } from './import-inputs.ts';
import type { CsvImporter, JsonImporter, JsonLayout } from './importers/importer.ts';

/** What Unicode calls white space. A text of nothing else is blank. */
const WHITE_SPACE =
  ' \t\n\v\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a' +
  '\u2028\u2029\u202f\u205f\u3000\ufeff';
const REJECTS = { table: 'import_rejects', scan: 'import_reject_scans' } as const;

/** DuckDB's pattern that means this one file. */
export const globEscape = (path: string): string => path.replace(/[[*?]/g, '[$&]');

/**
 * A relation of the raw rows of JSON files of one layout: `filename`, and each of the fields as VARCHAR, null
 * where it is blank or not there. DuckDB parses the files in blocks, so that a list need not fit in memory; a
 * value that is no object is a row of nulls.
 */
export function jsonRows(fields: JsonImporter['fields'], layout: JsonLayout, paths: readonly string[]): Sql {
  const columns = Object.keys(fields).map(
    (name, index) => sql`${notBlank(sql`f[${index + 1}]`)} AS ${ident(name)}`,
  );
  return sql`SELECT filename, ${columns} FROM (
    SELECT filename, json_extract_string(json, [${Object.values(fields)}]) AS f
    FROM read_json_objects([${paths.map(globEscape)}], format = ${layout}, filename = true,
      compression = 'uncompressed'))`;
}

/**
 * The same of CSV files with LF line ends and one header (`undefined`: none, `fields` are all columns). Rows
 * that are not of the header's shape are left out: `countRejects` has them, once the relation was read.
 */
export function csvRows(
  fields: CsvImporter['fields'],
  header: readonly string[] | undefined,
  paths: readonly string[],
): Sql {
  const names = header ?? fields;
  const types = names.map((_, index) => sql`${unsafe(`c${index}`)}: 'VARCHAR'`);
  const columns = fields.map((field) => {
    const index = names.indexOf(field);
    return sql`${index < 0 ? null : notBlank(unsafe(`c${index}`))} AS ${ident(field)}`;
  });
  return sql`SELECT filename, ${columns} FROM read_csv([${paths.map(globEscape)}], auto_detect = false,
    header = ${header !== undefined}, columns = {${types}}, delim = ',', quote = '"', escape = '"', new_line = '\\n',
    filename = true, compression = 'none', store_rejects = true, rejects_limit = 0,
    rejects_table = ${REJECTS.table}, rejects_scan = ${REJECTS.scan})`;
}

/**
 * How many rows of each CSV file were no rows, by path. Throws where a quote is never closed, and so hides
 * the rows after it.
 */
export async function countRejects(
  session: Session,
  files: readonly NamedFile[],
): Promise<Map<string, number>> {
  const { table, scan } = REJECTS;
  const rejects = await session.rows<{ path: string; lines: number; unclosed: bigint | null }>(sql`
    SELECT file_path AS path, CAST(count(DISTINCT line) AS INTEGER) AS lines,
      min(line) FILTER (error_type = 'UNQUOTED VALUE' AND contains(csv_line, chr(10))) AS unclosed
    FROM ${ident(table)} JOIN ${ident(scan)} USING (scan_id, file_id) GROUP BY ALL`);
  for (const { path, unclosed } of rejects) {
    if (unclosed === null) continue;
    const name = files.find((file) => file.path === path)?.name ?? path;
    throw new WrappedError(`${name} has a quote in line ${unclosed} that is never closed`, {
      hint: 'The file may be cut short: export it again. Nothing was imported.',
    });
  }
  return new Map(rejects.map(({ path, lines }) => [path, lines]));
}

/** Lets go of the rejects, of which DuckDB would else hand out the old ones with the next. */
export async function clearRejects(session: Session): Promise<void> {
  for (const table of Object.values(REJECTS)) await session.run(sql`DROP TABLE IF EXISTS ${ident(table)}`);
}

/** What DuckDB says of a file that it can't read, in the words of the one who gave it. */
export function readError(error: unknown, files: readonly NamedFile[]): unknown {
  if (error instanceof WrappedError) return error;
  const message = messageOf(error);
  const named = files
    .filter(({ path }) => message.includes(path))
    .sort((a, b) => b.path.length - a.path.length);
  if (named[0] === undefined) return error;
  const [, row, problem] = /in (?:record\/value|line) (\d+): ([^.\n]*)/.exec(message) ?? [];
  const what = problem === undefined ? message.split('\n')[0] : `${problem}, near row ${row}`;
  return new WrappedError(`${named[0].name} can't be read: ${what}`, {
    hint: 'The file may be cut short: download or unpack the export again. Nothing was imported.',
    cause: error,
  });
}

/**
 * The first letter settles nearly every text; to trim them all of Unicode's white space would take twice as
 * long as reading them. In two branches, since DuckDB tries the sides of an OR in either order.
 */
const notBlank = (text: Sql): Sql =>
  sql`CASE WHEN unicode(${text}) BETWEEN 33 AND 126 THEN ${text} WHEN trim(${text}, ${WHITE_SPACE}) <> '' THEN ${text} END`;
