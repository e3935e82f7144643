import { WrappedError } from '../error.ts';
import type { YearSource } from '../lake/local-years.ts';
import { columnName, type LedgerEntry, type Provenance, type Store } from '../store/store.ts';
import type { AnyStory, TotalsName } from '../story/index.ts';
import type { TotalsFile } from '../totals/index.ts';
import { listYears } from '../years.ts';
import { lackingFacts } from './facts.ts';
import type { Mouthful } from './mouthfuls.ts';
import { baseOf, provenanceOf, whatDiffers } from './provenance.ts';
import { YearTotals } from './totals.ts';
import type { Workspace } from './workspace.ts';

/** What a column is, compared with what the lake, the story and the rules are now. */
export type ColumnState = 'fresh' | 'missing' | 'stale' | 'failed' | 'not-applicable';

/** One column as planned. */
export interface PlannedColumn {
  readonly story: AnyStory;
  readonly year: number;
  readonly state: ColumnState;
  /** Why it is what it is; nothing to say of a fresh one. */
  readonly why: string | undefined;
  /** What it would be computed from now. */
  readonly from: Provenance;
  /** What the ledger has of it. */
  readonly entry: LedgerEntry | undefined;
  /** The totals of other years that the story reads, in order of years. */
  readonly past: readonly YearTotals[];
}

/** One year as planned. */
export interface PlannedYear {
  readonly year: number;
  readonly source: YearSource;
  readonly totals: YearTotals;
  /** The totals that columns to be computed read, the year's own and those of other years. */
  readonly reads: readonly TotalsName[];
  /** The files of totals that have to be made for them. */
  readonly missingTotals: readonly TotalsFile[];
  /** The mouthfuls whose plays have to be read for them. */
  readonly unread: readonly Mouthful[];
  readonly columns: readonly PlannedColumn[];
}

export interface Plan {
  /** In order. */
  readonly years: readonly PlannedYear[];
  /** Years that nothing is computed of, but whose totals a column of `years` reads. In order. */
  readonly past: readonly PlannedYear[];
  /** Years that were asked for and that the lake has no plays of. */
  readonly without: readonly number[];
}

export interface PlanOptions {
  readonly stories: readonly AnyStory[];
  /** Default: every year that the lake has listen rows of. */
  readonly years?: readonly number[] | undefined;
  /** Compute what is fresh too. */
  readonly force?: boolean | undefined;
  /** Whose ledger to judge by. Default: the working folder's. */
  readonly ledger?: Pick<Store, 'ledger'> | undefined;
}

/** Whether a planned column is to be computed. */
export const isToDo = ({ state }: Pick<PlannedColumn, 'state'>, force = false): boolean =>
  state === 'missing' || state === 'stale' || state === 'failed' || (force && state === 'fresh');

/**
 * Plans from listings, ledgers and file metadata; no play is read.
 * @throws WrappedError for a lake without plays, or without plays of any of the years
 */
export async function makePlan(workspace: Workspace, options: PlanOptions): Promise<Plan> {
  const { lake, years, rules, work, budget } = workspace;
  if (years.years.length === 0) {
    throw new WrappedError(`lake ${lake.dir} has no listen row with a user and a time`, {
      hint: 'Add some with `wrapped import PATH… --user ID`.',
    });
  }
  const wanted = options.years ?? years.years;
  const without = wanted.filter((year) => !years.years.includes(year));
  if (without.length === wanted.length) {
    throw new WrappedError(
      `lake ${lake.dir} has no plays of ${listYears(without)}; it has ${listYears(years.years)}`,
      { hint: 'Name any of these years.' },
    );
  }
  const lacking = await lackingFacts(workspace, options.stories);
  const ledger = new Map(
    (await (options.ledger ?? work).ledger()).map((entry) => [columnName(entry), entry]),
  );
  const known = new Map<number, YearInput>();
  const inputOf = async (year: number): Promise<YearInput> => {
    const before = known.get(year);
    if (before !== undefined) return before;
    const source = await years.source(year);
    const { mouthful } = budget;
    const totals = await YearTotals.plan({ work: work.dir, lake, source, rules, mouthful });
    const input = { year, source, totals };
    known.set(year, input);
    return input;
  };
  const judged: { input: YearInput; columns: PlannedColumn[] }[] = [];
  for (const year of wanted.filter((one) => !without.includes(one)).sort((a, b) => a - b)) {
    const input = await inputOf(year);
    const columns: PlannedColumn[] = [];
    for (const story of options.stories) {
      const past = await Promise.all(pastYears(story, year, years.years).map(inputOf));
      const from = provenanceOf(
        story,
        input.totals.print,
        rules,
        past.map((other) => [other.year, other.totals.print]),
      );
      const entry = ledger.get(columnName({ story: story.id, period: String(year) }));
      const lacks = story.needs?.map((need) => lacking.get(need)).find((reason) => reason !== undefined);
      columns.push({
        story,
        year,
        from,
        entry,
        past: past.map(({ totals }) => totals),
        ...judge(entry, from, lacks, (before) => whatDiffers(before, from, input.totals.whatChanged)),
      });
    }
    judged.push({ input, columns });
  }
  const toDo = judged.flatMap(({ columns }) => columns.filter((column) => isToDo(column, options.force)));
  const planned = async ({ year, source, totals }: YearInput, columns: readonly PlannedColumn[]) => {
    const reads = [...new Set(toDo.flatMap((column) => readsOf(column, totals)))];
    const isRead = toDo.some((column) => column.year === year || column.past.includes(totals));
    const missingTotals = isRead ? (await totals.missing(reads)).flatMap(({ files }) => files) : [];
    const unread = isRead ? await totals.unread(reads) : [];
    return { year, source, totals, reads, missingTotals, unread, columns };
  };
  const others = [...known.values()]
    .filter(({ totals }) => !judged.some(({ input }) => input.totals === totals))
    .filter(({ totals }) => toDo.some(({ past }) => past.includes(totals)))
    .sort((a, b) => a.year - b.year);
  return {
    years: await Promise.all(judged.map(({ input, columns }) => planned(input, columns))),
    past: await Promise.all(others.map((input) => planned(input, []))),
    without,
  };
}

/** What there is of one year. */
interface YearInput {
  readonly year: number;
  readonly source: YearSource;
  readonly totals: YearTotals;
}

/** The other years that a story's column of `year` reads, of those that the lake has. */
const pastYears = ({ past }: AnyStory, year: number, all: readonly number[]): number[] =>
  all.filter((other) => past !== undefined && (past.years === 'last' ? other === year - 1 : other < year));

/** What a column reads of a year's totals. */
const readsOf = ({ story, year, past }: PlannedColumn, totals: YearTotals): TotalsName[] => [
  ...(year === totals.year ? story.reads : []),
  ...(past.includes(totals) ? (story.past?.reads ?? []) : []),
];

/** Compares a column with what it would be computed from now. `whatChanged` tells of input that differs, for a person. */
export function judge(
  entry: LedgerEntry | undefined,
  from: Provenance,
  lacks: string | undefined,
  whatChanged: (before: Provenance) => string | undefined,
): { state: ColumnState; why: string | undefined } {
  if (lacks !== undefined) return { state: 'not-applicable', why: lacks };
  if (entry === undefined) return { state: 'missing', why: 'never computed' };
  if (entry.state === 'failed') return { state: 'failed', why: entry.reason };
  if (entry.state === 'written' && entry.written === undefined)
    return { state: 'missing', why: 'its file is gone' };
  if (entry.state === 'not-applicable')
    return { state: 'missing', why: 'was not applicable when last looked at' };
  if (entry.from.version !== from.version) {
    return {
      state: 'stale',
      why: `the story is version ${from.version}, the column is of version ${entry.from.version}`,
    };
  }
  if (entry.from.definition !== from.definition) return { state: 'stale', why: 'the story’s query changed' };
  if (entry.from.rules !== from.rules && baseOf(entry.from.rules) === baseOf(from.rules))
    return { state: 'stale', why: 'other users are forgotten since' };
  if (entry.from.rules !== from.rules) {
    return { state: 'stale', why: `rules changed: now ${from.rules}; the column is of ${entry.from.rules}` };
  }
  if (entry.from.input !== from.input) {
    const what = whatChanged(entry.from);
    return { state: 'stale', why: `input changed${what === undefined ? '' : `: ${what}`}` };
  }
  return { state: 'fresh', why: undefined };
}
