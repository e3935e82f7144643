import { WrappedError } from '../error.ts';
import type { Session } from '../sql/database.ts';
import { sql } from '../sql/sql.ts';
import { stoppable } from '../sql/stoppable.ts';
import { type GenresReport, stageGenres } from './genres-import.ts';
import { findInputs, type IgnoredFile, type Input } from './import-inputs.ts';
import { type ImportLake, withImportLake } from './import-lake.ts';
import { type OverlapMode, settleOverlaps } from './import-overlap.ts';
import { playsError, playsOf, publishPlays, stagePlays } from './import-plays.ts';
import { countRows, dropDuplicates, dropRows, nameArtists, type RowCount, readRows } from './import-rows.ts';
import { checkTimezone, publishUser } from './import-user.ts';
import type { DropReason, Importer } from './importers/importer.ts';
import { IMPORTERS } from './importers/index.ts';

export type { GenresReport } from './genres-import.ts';
export type { OverlapMode } from './import-overlap.ts';

/** What to import, and where to. */
export interface ImportOptions {
  /** Zips, folders and files. May be none where only genres or a time zone are given. */
  readonly paths: readonly string[];
  /** Whose listening it is: not blank, unless only genres are given. */
  readonly user: string;
  /** The folder of a lake of imports. Made where there is none. */
  readonly lake: string;
  /** Where the work is done. It has the temporary tables `import_…` to itself meanwhile. */
  readonly session: Session;
  /** The user's IANA time zone from now on. Default: what the lake has. */
  readonly timezone?: string | undefined;
  /** The id of the format that every file is read as. Default: what a file's content shows. */
  readonly format?: string | undefined;
  /** Default: 'refuse'. */
  readonly overlap?: OverlapMode | undefined;
  /** A CSV of `artist` and `genre`. */
  readonly genres?: string | undefined;
  /** Stops the import, which then throws the signal's reason; once it publishes, it goes on to its end. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each file, in order, when all rows are settled and nothing is written yet. */
  readonly onFile?: ((file: FileReport) => void) | undefined;
}

/** What became of a file's rows. `read` is `kept` and all `dropped` together. */
export interface FileReport {
  /** As its owner knows it: `export.zip/MyData/StreamingHistory0.json`. */
  readonly file: string;
  /** The importer's id. */
  readonly format: string;
  readonly read: number;
  readonly kept: number;
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
}

/** What an import did. Its files' `kept` and its years' rows have one sum. */
export interface ImportReport {
  readonly user: string;
  /** Absolute. */
  readonly lake: string;
  readonly files: readonly FileReport[];
  /** Files beside them that hold no listening history. */
  readonly ignored: readonly IgnoredFile[];
  readonly genres?: GenresReport;
  /** The time zone that was set, and whether the lake has plays of its user. */
  readonly timezone?: { readonly name: string; readonly hasPlays: boolean };
  /** Rows added, by UTC year. */
  readonly years: Readonly<Record<string, number>>;
  /** The first and the last instant among the rows added; null where none were. */
  readonly first: Date | null;
  readonly last: Date | null;
}

/**
 * Turns exports into rows of a lake, all of them or, where it throws, none. What the lake has already, from
 * whatever source, is not added again; so an import that was interrupted while it wrote is mended by running
 * it again.
 *
 * @throws {WrappedError} where an input can't be read or is cut, nothing in it is known, its time overlaps
 *   another source's, or the lake is a service's, in use, or not writable
 */
export async function importExports(options: ImportOptions): Promise<ImportReport> {
  const { paths, user, genres, session, signal } = options;
  const timezone = options.timezone === undefined ? undefined : checkTimezone(options.timezone);
  const importer = importerOf(options.format);
  if (paths.length === 0 && genres === undefined && timezone === undefined) {
    throw new WrappedError('nothing to import', { hint: 'Name an export: a zip, a folder or a file.' });
  }
  if (!/^\P{Cc}*[^\s\p{Cc}]\P{Cc}*$/u.test(user) && (paths.length > 0 || timezone !== undefined)) {
    throw new WrappedError(
      `the user id is ${JSON.stringify(user)}: it must not be blank or hold control characters`,
      {
        hint: 'Say whose listening it is: --user ID.',
      },
    );
  }
  return withImportLake(options.lake, async (lake) => {
    try {
      const { found, files, years, stagedGenres } = await stoppable(session, signal, async (session) => {
        const found = await findInputs(paths, { importer, temp: lake.temp, lake: lake.path, signal });
        const files = await settle({ ...options, session }, lake, found.inputs);
        refuseMistaken(found.inputs, files);
        for (const file of files) options.onFile?.(file);
        const years = await stagePlays(session, lake, user);
        const stagedGenres = genres === undefined ? undefined : await stageGenres(session, lake, genres);
        signal?.throwIfAborted();
        return { found, files, years, stagedGenres };
      });
      await lake.mark();
      await stagedGenres?.publish();
      if (timezone !== undefined) await publishUser(session, lake, user, timezone);
      await publishPlays(lake, years);
      const zone = timezone === undefined ? undefined : await zoneReport(session, lake, user, timezone);
      return {
        user,
        lake: lake.path,
        files,
        ignored: found.ignored,
        ...(stagedGenres === undefined ? {} : { genres: stagedGenres.report }),
        ...(zone === undefined ? {} : { timezone: zone }),
        years: Object.fromEntries(years.map(({ year, rows }) => [year, rows])),
        first: years.at(0)?.first ?? null,
        last: years.at(-1)?.last ?? null,
      };
    } finally {
      await dropRows(session);
    }
  });
}

/** Reads the inputs' rows and decides which are kept. */
async function settle(
  options: ImportOptions,
  lake: ImportLake,
  inputs: readonly Input[],
): Promise<FileReport[]> {
  const { session, user, overlap = 'refuse' } = options;
  const unreadable = await readRows(session, inputs, lake.temp);
  await nameArtists(session);
  const plays = await playsOf(lake, user);
  const sources = [...new Set(inputs.map((input) => input.importer.id))];
  try {
    await dropDuplicates(session, plays);
    await settleOverlaps(session, { sources, lake: plays, mode: overlap, user });
  } catch (error) {
    throw playsError(error, lake);
  }
  const counts = [...(await countRows(session)), ...unreadable];
  return inputs.map((input, number) =>
    fileReport(
      input,
      counts.filter(({ file }) => file === number),
    ),
  );
}

async function zoneReport(session: Session, lake: ImportLake, user: string, name: string) {
  const plays = await playsOf(lake, user);
  const found = plays === undefined ? [] : await session.rows(sql`FROM (${plays}) LIMIT 1`);
  return { name, hasPlays: found.length > 0 };
}

/** A file of which nothing can be used is of another format than it was said to be, where it looks so. */
function refuseMistaken(inputs: readonly Input[], files: readonly FileReport[]): void {
  for (const [number, { looksLike, importer }] of inputs.entries()) {
    const { file, read, dropped } = files[number]!;
    const unfit = (dropped['unreadable row'] ?? 0) + (dropped['no name'] ?? 0);
    if (looksLike === undefined || looksLike.id === importer.id || unfit < read) continue;
    throw new WrappedError(`${file} is not ${importer.id}: it looks like ${looksLike.id}`, {
      hint: `Leave out --format, or say --format ${looksLike.id}. Nothing was imported.`,
    });
  }
}

function fileReport({ name, importer }: Input, counts: readonly RowCount[]): FileReport {
  const dropped: Partial<Record<DropReason, number>> = {};
  let [read, kept] = [0, 0];
  for (const { dropped: reason, rows } of counts) {
    read += rows;
    if (reason === null) kept += rows;
    else dropped[reason] = rows;
  }
  return { file: name, format: importer.id, read, kept, dropped };
}

function importerOf(format: string | undefined): Importer | undefined {
  const importer = IMPORTERS.find(({ id }) => id === format);
  if (importer !== undefined || format === undefined) return importer;
  throw new WrappedError(`no format ${JSON.stringify(format)}`, {
    hint: `The formats are ${IMPORTERS.map(({ id }) => id).join(', ')}.`,
  });
}
