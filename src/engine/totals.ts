import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { commitJson, commitOnce } from '../files.ts';
import type { Lake, LakeFile } from '../lake/lake.ts';
import type { YearSource } from '../lake/local-years.ts';
import { musicOf } from '../lake/music.ts';
import type { PlaysSchema, Tables } from '../lake/relations.ts';
import type { Session } from '../sql/database.ts';
import { sql } from '../sql/sql.ts';
import type { TotalsName } from '../story/index.ts';
import { type DueStep, type StepInput, stepsFor, type TotalsFile } from '../totals/index.ts';
import { bytesOf, type Phases } from './phases.ts';
import type { InputPrint } from './provenance.ts';

/**
 * The totals of one year, as files below `WORK/totals/YEAR/FINGERPRINT/`. A file that is there is whole and made of that input, and
 * stays where another process makes it too. Numbers are the same however often and in whatever order the files are made.
 */
export class YearTotals {
  readonly year: number;
  readonly #folder: string;
  readonly #dir: string;
  readonly #print: InputPrint;

  constructor(work: string, year: number, print: InputPrint) {
    this.year = year;
    this.#folder = join(work, 'totals', String(year));
    this.#dir = join(this.#folder, print.plays);
    this.#print = print;
  }

  path(file: TotalsFile): string {
    return join(this.#dir, `${file}${file === 'artist_genre' ? `-${this.#print.genres}` : ''}.parquet`);
  }

  /** The steps still to be done before these totals are there. */
  async missing(totals: Iterable<TotalsName>): Promise<DueStep[]> {
    const missing: DueStep[] = [];
    for (const due of stepsFor(totals)) if (!(await this.have(due.files))) missing.push(due);
    return missing;
  }

  /** Whether all these files are there. */
  async have(files: readonly TotalsFile[]): Promise<boolean> {
    const there = await Promise.all(files.map((file) => stat(this.path(file)).catch(() => undefined)));
    return !there.includes(undefined);
  }

  /** What differs from the input that totals of this year were last made of, for a person; undefined where there were none or nothing does. */
  async whatChanged(lake: Lake, source: YearSource): Promise<string | undefined> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      if (join(this.#folder, name) === this.#dir) return undefined;
      const text = await readFile(join(this.#folder, name, INPUT), 'utf8').catch(() => undefined);
      if (text !== undefined) return difference(JSON.parse(text) as InputFiles, inputFiles(lake, source));
    }
    return undefined;
  }

  /** Does the missing steps, then removes totals of this year that were made of other input. */
  async make(options: {
    totals: Iterable<TotalsName>;
    session: Session;
    lake: Lake;
    tables: Tables;
    schema: PlaysSchema;
    source: YearSource;
    scratch: string;
    onStep?: ((files: readonly TotalsFile[]) => void) | undefined;
    phases: Phases;
  }): Promise<void> {
    const { session, lake, tables, schema, source, scratch, phases } = options;
    const missing = await this.missing(options.totals);
    if (missing.length === 0) return;
    let made = { rows: 0, bytes: 0 };
    const input: Omit<StepInput, 'wants'> = {
      session,
      year: this.year,
      identity: schema.identity,
      has: schema.has,
      music: musicOf(source.plays),
      users: tables.users,
      tracks: tables.tracks,
      artistGenres: tables.artist_genres,
      localTime: source.localTime,
      read: (file) => sql`read_parquet(${this.path(file)})`,
      write: async (file, rows) => {
        // Version 2 packs numbers by their differences: two thirds of the size and of the time, to write and to read.
        const temp = join(scratch, `${this.year}-${file}.parquet`);
        const [{ Count = 0n } = {}] = await session.rows<{ Count: bigint }>(
          sql`COPY (${rows}) TO ${temp} (FORMAT parquet, PARQUET_VERSION v2)`,
        );
        made = { rows: made.rows + Number(Count), bytes: made.bytes + (await bytesOf(temp)) };
        await commitOnce(temp, this.path(file));
      },
    };
    for (const { step, files } of missing) {
      options.onStep?.(files);
      made = { rows: 0, bytes: 0 };
      await phases.timed(
        { phase: 'totals', name: files.join(', '), year: this.year },
        () => step.build({ ...input, wants: (file) => files.includes(file) }),
        () => made,
      );
    }
    await commitJson(join(this.#dir, INPUT), inputFiles(lake, source));
    for (const name of await readdir(this.#folder)) {
      const other = join(this.#folder, name);
      if (other !== this.#dir) await rm(other, { recursive: true, force: true });
    }
  }
}

const INPUT = 'input.json';

/** Path below the lake, to size and modification time. */
type InputFiles = Record<string, string>;

function inputFiles(lake: Lake, source: YearSource): InputFiles {
  const files: readonly LakeFile[] = [
    ...source.files,
    ...(lake.tables.users ?? []),
    ...(lake.tables.tracks ?? []),
  ];
  return Object.fromEntries(
    files.map((file) => [relative(lake.dir, file.path), `${file.bytes} ${file.modified}`]),
  );
}

function difference(before: InputFiles, after: InputFiles): string {
  const added = Object.keys(after).filter((path) => before[path] === undefined);
  const removed = Object.keys(before).filter((path) => after[path] === undefined);
  const changed = Object.keys(after).filter(
    (path) => before[path] !== undefined && before[path] !== after[path],
  );
  const parts = [
    [added, 'new'],
    [changed, 'changed'],
    [removed, 'gone'],
  ] as const;
  const told = parts
    .filter(([paths]) => paths.length > 0)
    .map(([paths, what]) =>
      paths.length === 1 ? `${paths[0]} is ${what}` : `${paths.length} files are ${what}`,
    );
  return told.join(', ') || 'the layout or the rules';
}
