import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { commitFolderOnce, commitJson, makeFolder } from '../files.ts';
import { checkUnchanged, type Lake, type LakeFile, type PlaysFile } from '../lake/lake.ts';
import type { YearSource } from '../lake/local-years.ts';
import { musicOf } from '../lake/music.ts';
import type { PlaysSchema, Tables } from '../lake/relations.ts';
import type { Session } from '../sql/database.ts';
import { type Sql, sql } from '../sql/sql.ts';
import type { TotalsName } from '../story/index.ts';
import {
  type DueStep,
  FILES_OF_PLAYS,
  type Part,
  readsPlays,
  type StepInput,
  stepsFor,
  type TotalsFile,
} from '../totals/index.ts';
import {
  bytesOf,
  differenceOf,
  INPUT,
  type KnownTotals,
  knownTotals,
  type Mouthful,
  planMouthfuls,
  stamps,
  type TotalsInput,
} from './mouthfuls.ts';
import { type Phases, bytesOf as sizeOf } from './phases.ts';
import { type InputPrint, inputPrint, totalsRules } from './provenance.ts';
import { inBuckets } from './too-large.ts';
import { type Reader, readTotals, TotalsFolder } from './totals-folder.ts';

/** What a year's totals are made of. */
interface YearInput {
  readonly work: string;
  readonly lake: Lake;
  readonly source: YearSource;
  /** See `rulesOf`. */
  readonly rules: string;
  /** Bytes of plays that are read at once. */
  readonly mouthful: number;
}

/** What it takes to make totals. */
interface Making {
  readonly session: Session;
  readonly tables: Tables;
  readonly schema: PlaysSchema;
  /** The year's plays, without those of forgotten users. */
  readonly source: YearSource;
  readonly scratch: string;
  readonly phases: Phases;
  /** Whether no other process works in the same folder, which may read totals that are of no use to this one. */
  readonly isAlone: () => Promise<boolean>;
  /** `mouthful`: which, from 1, of those that are read one after the other; undefined of what is made of totals. */
  readonly onStep?: ((files: readonly TotalsFile[], mouthful?: number) => void) | undefined;
}

/** Some of a year's files, and the totals of their plays. */
interface Eaten extends Mouthful {
  readonly totals: TotalsFolder;
}

/**
 * The totals of one year, below `WORK/totals/YEAR/`, a folder for the whole and one for each mouthful; where there is one mouthful, that is
 * the whole. Whatever the mouthfuls, the whole is the same.
 */
export class YearTotals {
  readonly year: number;
  readonly print: InputPrint;
  readonly mouthfuls: readonly Eaten[];
  /** What differs from the input that totals of this year were last made of, for a person; undefined where there were none or nothing does. */
  readonly whatChanged: string | undefined;
  /** Bytes of its plays. */
  readonly bytes: number;
  /** The totals of all its plays. */
  readonly whole: TotalsFolder;
  readonly #input: YearInput;

  private constructor(input: YearInput, known: readonly KnownTotals[]) {
    const { lake, source, mouthful: size } = input;
    this.#input = input;
    this.year = source.year;
    this.bytes = bytesOf(source.files);
    this.print = inputPrint(lake, source.files, input.rules);
    this.whole = this.#totalsOf(source.files);
    const now = this.#about(source.files, 1);
    this.whatChanged = whatChanged(known, basename(this.whole.dir), now);
    this.mouthfuls = planMouthfuls(lake, source.files, { ...now, size, known }).map((one) => ({
      ...one,
      totals: this.#totalsOf(one.files),
    }));
  }

  /** Plans from listings, and from what the totals that are there were made of. */
  static async plan(input: YearInput): Promise<YearTotals> {
    return new YearTotals(input, await knownTotals(join(input.work, 'totals', String(input.source.year))));
  }

  path(file: TotalsFile): string {
    return this.whole.path(file);
  }

  have(files: readonly TotalsFile[]): Promise<boolean> {
    return this.whole.have(files);
  }

  /** The steps still to be done before these totals are there. */
  missing(totals: Iterable<TotalsName>): Promise<DueStep[]> {
    return missingIn(this.whole, stepsFor(totals));
  }

  /** The mouthfuls whose plays have to be read for these totals. */
  async unread(totals: Iterable<TotalsName>): Promise<Mouthful[]> {
    const steps = stepsOfPlays((await this.missing(totals)).filter(({ step }) => readsPlays(step)));
    const unread: Mouthful[] = [];
    for (const mouthful of this.mouthfuls)
      for (const { part, lacks } of await this.#partsFor(mouthful, steps))
        if (lacks.length > 0) unread.push(part);
    return unread;
  }

  /** How many there are, with each that becomes part of another. */
  get parts(): number {
    return this.mouthfuls.reduce((sum, one) => sum + this.#partsOf(one).length, 0);
  }

  /** Does the missing steps, then removes totals of this year that are of no more use. */
  async make(options: Making & { readonly totals: Iterable<TotalsName> }): Promise<void> {
    const due = await this.missing(options.totals);
    const ofPlays = due.filter(({ step }) => readsPlays(step));
    if (ofPlays.length > 0) await this.#makeMouthfuls(ofPlays, options);
    const all = { totals: this.whole, files: this.#input.source.files };
    if (this.mouthfuls.length > 1) {
      const folders = this.mouthfuls.map(({ totals }) => totals);
      await this.#merge(all, folders, ofPlays, options);
    }
    for (const { step, files } of due) {
      if (readsPlays(step)) continue;
      options.onStep?.(files);
      const { users, tracks, artist_genres: artistGenres } = options.tables;
      const work = (input: StepInput) => step.derive({ ...input, users, tracks, artistGenres });
      await this.#timed(all, files, options, work, { reads: this.#tableFiles() });
    }
    if (due.length > 0) await this.#note(all.totals, all.files, this.mouthfuls.length);
    // Parts become a mouthful where plays were to be read, and else stay.
    const mouthfuls =
      ofPlays.length === 0 ? this.mouthfuls.flatMap((one) => this.#partsOf(one)) : this.mouthfuls;
    if (await options.isAlone()) await this.#tidy([all, ...mouthfuls]);
  }

  /** Does what the mouthfuls lack of these steps. */
  async #makeMouthfuls(due: readonly DueStep[], options: Making): Promise<void> {
    const steps = stepsOfPlays(due);
    let number = 0;
    for (const mouthful of this.mouthfuls) {
      for (const { part, lacks } of await this.#partsFor(mouthful, steps)) {
        number += 1;
        if (lacks.length === 0) continue;
        await this.#read(part, lacks, number, options);
        await this.#note(part.totals, part.files, 1);
      }
      if (mouthful.of === undefined) continue;
      const parts = this.#partsOf(mouthful);
      // Its parts are of no more use then: what they have beyond what was asked for comes along.
      const more = stepsOfPlays([...steps, ...(await inAll(parts))]);
      const folders = parts.map(({ totals }) => totals);
      await this.#merge(mouthful, folders, await missingIn(mouthful.totals, more), options);
      await this.#note(mouthful.totals, mouthful.files, 1);
    }
  }

  /** Makes totals of a mouthful of plays. */
  async #read(mouthful: Eaten, due: readonly DueStep[], number: number, options: Making): Promise<void> {
    const { schema, tables, source } = options;
    const plays = source.plays(mouthful.files);
    for (const { step, files } of due) {
      if (!readsPlays(step)) continue;
      options.onStep?.(files, number);
      const work = (input: StepInput) =>
        step.build({
          ...input,
          has: schema.has,
          plays,
          music: musicOf(plays),
          tracks: tables.tracks,
          localTime: source.localTime,
        });
      await this.#timed(mouthful, files, options, work, {
        reads: [...mouthful.files, ...this.#tableFiles()],
      });
    }
  }

  /** Makes one of the totals of several. By half as many users at once as else: what they are joined with is of all users, and takes memory beside them. */
  async #merge(
    into: Pick<Eaten, 'totals' | 'files'>,
    parts: readonly TotalsFolder[],
    due: readonly DueStep[],
    options: Making,
  ): Promise<void> {
    for (const { step, files } of due) {
      if (!readsPlays(step)) continue;
      options.onStep?.(files);
      const readers = await Promise.all(parts.map((part) => part.reader(options.session)));
      const work = (input: StepInput) =>
        step.merge({ ...input, parts: readers.map((read): Part => ({ read })) });
      await this.#timed(into, files, options, work, { reads: [], atOnce: this.#input.mouthful / 2 });
    }
  }

  /** Does a step that makes files of some totals. Nothing is kept of files of the lake, which it `reads`, that changed meanwhile. */
  #timed(
    into: Pick<Eaten, 'totals' | 'files'>,
    files: readonly TotalsFile[],
    { session, schema, scratch, phases }: Making,
    work: (input: StepInput) => Promise<void>,
    {
      reads,
      atOnce = this.#input.mouthful,
    }: { readonly reads: readonly LakeFile[]; readonly atOnce?: number },
  ): Promise<void> {
    const { totals } = into;
    const bytes = bytesOf(into.files);
    const made = { rows: 0, bytes: 0 };
    const make = async (file: TotalsFile, parts: readonly Sql[]) => {
      const temp = join(scratch, `${this.year}-${basename(totals.dir)}-${file}`);
      await rm(temp, { recursive: true, force: true });
      await makeFolder(temp);
      const own = { rows: 0, bytes: 0 };
      for (const [index, rows] of parts.entries()) {
        const path = join(temp, `${String(index).padStart(4, '0')}.parquet`);
        // Version 2 packs numbers by their differences: two thirds of the size and of the time, to write and to read.
        const [{ Count = 0n } = {}] = await session.rows<{ Count: bigint }>(
          sql`COPY (${rows}) TO ${path} (FORMAT parquet, PARQUET_VERSION v2)`,
        );
        own.rows += Number(Count);
        own.bytes += await sizeOf(path);
      }
      await checkUnchanged(reads);
      await commitFolderOnce(temp, totals.folder(file));
      made.rows += own.rows;
      made.bytes += own.bytes;
    };
    let reader: Promise<Reader> | undefined;
    const input: StepInput = {
      session,
      year: this.year,
      identity: schema.identity,
      read: (file) => readTotals([totals.path(file)]),
      wants: (file) => files.includes(file),
      write: (file, rows) => make(file, [rows]),
      writeByUser: async (file, rows) => {
        reader ??= totals.reader(session);
        const read = await reader;
        await inBuckets(bytes, atOnce, (buckets) =>
          make(
            file,
            buckets.map((bucket) => rows((of) => read(of, bucket), bucket)),
          ),
        );
      },
    };
    return phases.timed(
      { phase: 'totals', name: files.join(', '), year: this.year },
      () => work(input),
      () => made,
    );
  }

  #tableFiles(): LakeFile[] {
    return Object.values(this.#input.lake.tables).flat();
  }

  /** Those that it becomes of; itself, where its plays are read. */
  #partsOf(mouthful: Eaten): Eaten[] {
    return mouthful.of?.map((files) => ({ files, totals: this.#totalsOf(files) })) ?? [mouthful];
  }

  /** The same, and what of these steps each has to be read for: nothing, where the mouthful has them all. */
  async #partsFor(mouthful: Eaten, steps: readonly DueStep[]): Promise<{ part: Eaten; lacks: DueStep[] }[]> {
    const isDone = (await missingIn(mouthful.totals, steps)).length === 0;
    return Promise.all(
      this.#partsOf(mouthful).map(async (part) => ({
        part,
        lacks: isDone ? [] : await missingIn(part.totals, steps),
      })),
    );
  }

  #totalsOf(files: readonly PlaysFile[]): TotalsFolder {
    const { work, lake, rules } = this.#input;
    const print = inputPrint(lake, files, rules);
    return new TotalsFolder(join(work, 'totals', String(this.year), print.plays), print.genres);
  }

  #about(files: readonly PlaysFile[], mouthfuls: number): TotalsInput {
    const { lake, rules } = this.#input;
    return {
      rules: totalsRules(lake, rules),
      mouthfuls,
      plays: stamps(lake, files),
      tables: stamps(lake, [...(lake.tables.users ?? []), ...(lake.tables.tracks ?? [])]),
    };
  }

  #note(totals: TotalsFolder, files: readonly PlaysFile[], mouthfuls: number): Promise<void> {
    return commitJson(join(totals.dir, INPUT), this.#about(files, mouthfuls));
  }

  /** Removes totals of the year that are none of these. */
  async #tidy(used: readonly Pick<Eaten, 'totals'>[]): Promise<void> {
    const folders = new Set(used.map(({ totals }) => totals.dir));
    const folder = join(this.#input.work, 'totals', String(this.year));
    for (const name of await readdir(folder)) {
      const other = join(folder, name);
      if (!folders.has(other)) await rm(other, { recursive: true, force: true });
    }
  }
}

async function missingIn(totals: TotalsFolder, steps: readonly DueStep[]): Promise<DueStep[]> {
  const missing: DueStep[] = [];
  for (const due of steps) if (!(await totals.have(due.files))) missing.push(due);
  return missing;
}

/** The steps that read plays for what these make, with those that they read. */
const stepsOfPlays = (due: readonly DueStep[]): DueStep[] =>
  due.length === 0 ? [] : stepsFor(due.flatMap(({ files }) => files)).filter(({ step }) => readsPlays(step));

/** What all of these have of what is made of plays. */
async function inAll(parts: readonly Eaten[]): Promise<DueStep[]> {
  const files: TotalsFile[] = [];
  for (const file of FILES_OF_PLAYS) {
    const have = await Promise.all(parts.map(({ totals }) => totals.have([file])));
    if (have.every((one) => one)) files.push(file);
  }
  return stepsFor(files);
}

/** Compares with the totals that are there of most of the year's plays. */
function whatChanged(known: readonly KnownTotals[], name: string, now: TotalsInput): string | undefined {
  if (known.some((one) => one.name === name)) return undefined;
  const count = (one: TotalsInput) => Object.keys(one.plays).length;
  const [most] = [...known].sort((a, b) => count(b) - count(a));
  return most === undefined ? undefined : differenceOf(most, now);
}
