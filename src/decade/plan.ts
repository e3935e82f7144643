import { type ColumnState, isToDo, judge, makePlan, type PlannedColumn } from '../engine/plan.ts';
import { definitionOf, hash, namedTotals } from '../engine/provenance.ts';
import type { YearTotals } from '../engine/totals.ts';
import type { Workspace } from '../engine/workspace.ts';
import { WrappedError } from '../error.ts';
import { partitionYears } from '../lake/lake.ts';
import { ident, type Sql } from '../sql/sql.ts';
import type { LedgerEntry, Provenance, Store } from '../store/store.ts';
import { type AnyStory, type Cuts, type Decade, type DecadeContext, NO_DECADE } from '../story/index.ts';
import { sameIn } from '../totals/identity.ts';
import { hasNumber } from '../totals/index.ts';
import { listYears } from '../years.ts';
import { decadeUpTo, lengthOf, type Period, periodName } from './period.ts';

/** One year's column that a decade takes. */
export interface YearColumn {
  readonly year: number;
  readonly entry: LedgerEntry;
  /** Where it is read from: the working folder where it has it. */
  readonly store: Store;
  readonly totals: YearTotals;
}

/** One story's decade as planned. */
export interface PlannedDecade {
  readonly story: AnyStory;
  readonly period: string;
  /** left-out: the story has no decade. refused: its years are not all there, or not alike. */
  readonly state: ColumnState | 'left-out' | 'refused';
  readonly why: string | undefined;
  readonly from: Provenance;
  /** What is there: in the working folder, or, of a column that is fresh there alone, in the store. */
  readonly entry: LedgerEntry | undefined;
  readonly isInStoreAlone: boolean;
  /** The years it takes. */
  readonly years: readonly YearColumn[];
  /** Years that the lake has plays of and that it goes without. */
  readonly without: readonly number[];
  /** Whether the totals that exact answers take are there. */
  readonly exact: boolean;
  /** How the years' values were cut, where their notes tell. */
  readonly cuts: Cuts | undefined;
}

export interface DecadePlan {
  readonly period: Period;
  /** The years of it that the lake has plays of. The others are years of zero. */
  readonly years: readonly number[];
  readonly columns: readonly PlannedDecade[];
}

export interface DecadeOptions {
  readonly stories: readonly AnyStory[];
  /** Default: the ten years that end with the newest year that has a partition of its own. */
  readonly period?: Period | undefined;
  /** Take the years that there are, instead of refusing. */
  readonly partial?: boolean | undefined;
}

/** What {@link planDecade} takes more. */
interface PlanDecadeOptions extends DecadeOptions {
  /** Whose decades to judge. Default: the working folder's. */
  readonly ledger?: Store | undefined;
}

/** What the ledger keeps of how a decade was made, beside what its story notes. */
export interface DecadeNote {
  /** The years that it takes. */
  readonly years: readonly number[];
  /** Years that the lake has plays of and that it goes without; left out where there are none. */
  readonly without?: readonly number[];
  readonly exact: boolean;
}

/**
 * Plans from ledgers: neither plays nor rows are read.
 * @throws WrappedError where the lake has no plays of any of the years
 */
export async function planDecade(workspace: Workspace, options: PlanDecadeOptions): Promise<DecadePlan> {
  const { lake, store, work, years: lived } = workspace;
  const period = options.period ?? decadeUpTo(partitionYears(lake).at(-1) ?? 0);
  const years = lived.years.filter((year) => year >= period.from && year <= period.to);
  if (years.length === 0) {
    throw new WrappedError(
      `lake ${lake.dir} has no plays of ${periodName(period)}; it has ${listYears(lived.years)}`,
      {
        hint: 'Name the decade with --years, such as --years 2010-2019.',
      },
    );
  }
  const inWork = await makePlan(workspace, { stories: options.stories, years });
  const inStore =
    store === work ? inWork : await makePlan(workspace, { stories: options.stories, years, ledger: store });

  const columns: PlannedDecade[] = [];
  for (const [index, story] of options.stories.entries()) {
    const yearly = inWork.years.map(({ columns: ofWork, totals }, place) => {
      const own = ofWork[index] as PlannedColumn;
      const other = inStore.years[place]?.columns[index] as PlannedColumn;
      const there = own.state === 'fresh' ? { planned: own, store: work } : { planned: other, store };
      return { ...there, totals };
    });
    columns.push(await planStory(workspace, story, period, yearly, options));
  }
  return { period, years, columns };
}

interface Yearly {
  readonly planned: PlannedColumn;
  readonly store: Store;
  readonly totals: YearTotals;
}

async function planStory(
  { lake, work, store, rules }: Workspace,
  story: AnyStory,
  period: Period,
  yearly: readonly Yearly[],
  { partial = false, ledger = work }: PlanDecadeOptions,
): Promise<PlannedDecade> {
  const name = periodName(period);
  const id = { story: story.id, period: name };
  const { decade } = story;
  const isFresh = ({ planned }: Yearly) => planned.state === 'fresh';
  const kinds = kindsOfCuts(yearly.filter(isFresh), partitionYears(lake));
  const taken = yearly.filter((one) => isFresh(one) && !kinds.others.includes(one.planned.year));
  const years = taken.map(({ planned, store: home, totals }): YearColumn => {
    return { year: planned.year, entry: planned.entry as LedgerEntry, store: home, totals };
  });
  const without = yearly.filter((one) => !taken.includes(one)).map(({ planned }) => planned.year);
  const exact = typeof decade !== 'object' || (await haveTotals(decade, years));
  const fromIf = (isExact: boolean): Provenance => ({
    version: story.version,
    definition:
      typeof decade === 'object' ? definitionOf(() => queriesOf(decade, period), decade.column) : '',
    rules,
    input: hash([years.map(({ year, entry: { from: made } }) => [year, made]), without, isExact]),
  });
  const judgedBy = async (home: Store) => {
    const entry = await home.entry(id);
    // Exact sums stay what they are when the totals that they were made of go.
    const stands = exact || judge(entry, fromIf(true), undefined, () => undefined).state === 'fresh';
    const why =
      exact && noteOf(entry)?.exact === false
        ? 'it holds bounds, and the totals for exact sums are there again'
        : 'the years it is made of';
    return { entry, ...judge(entry, fromIf(stands), undefined, () => why) };
  };
  const own = await judgedBy(ledger);
  const published = store === ledger || own.state === 'fresh' ? own : await judgedBy(store);
  const isInStoreAlone = own.state !== 'fresh' && published.state === 'fresh';
  const { entry, ...judged } = isInStoreAlone ? published : own;
  const from = fromIf(exact);
  const planned = {
    story,
    period: name,
    from,
    entry,
    isInStoreAlone,
    years,
    without,
    exact,
    cuts: kinds.taken,
  };

  if (typeof decade !== 'object') {
    return { ...planned, state: 'left-out', why: decade ?? NO_DECADE };
  }
  if (yearly.every((one) => one.planned.state === 'not-applicable')) {
    return { ...planned, without: [], state: 'not-applicable', why: yearly[0]?.planned.why };
  }
  const lacking = yearly.filter((one) => !isFresh(one)).map((one) => one.planned);
  if (years.length === 0 || (lacking.length > 0 && !partial)) {
    return { ...planned, state: 'refused', why: whatIsLacking(lacking, partial) };
  }
  if (kinds.others.length > 0 && !partial) return { ...planned, state: 'refused', why: kinds.why };
  return { ...planned, ...judged };
}

const noteOf = (entry: LedgerEntry | undefined) => entry?.written?.note as DecadeNote | undefined;

/** Whether a decade's column, as it is or as it is about to be, holds sums and not bounds. */
export const holdsSums = ({ state, entry, exact }: PlannedDecade): boolean =>
  state === 'fresh' ? noteOf(entry)?.exact !== false : exact;

/** Whether a decade is to be computed. Nothing makes bounds of exact sums. */
export function isDecadeToDo(planned: PlannedDecade, force = false): boolean {
  const { state, exact } = planned;
  if (state === 'left-out' || state === 'refused') return false;
  return isToDo({ state }, force && (exact || !holdsSums(planned)));
}

/** What the query of a decade takes from the lake and its years. */
export const contextOf = (
  workspace: Pick<Workspace, 'years'>,
  period: Period,
  { cuts }: PlannedDecade,
): DecadeContext => ({ length: lengthOf(period), cuts, same: sameIn(workspace.years.schema.identity) });

/** Everything that a decade runs, with relations under their own names. */
function queriesOf(decade: Decade, period: Period): (Sql | undefined)[] {
  const totals = { ...namedTotals(), listener_year: ident('listener_year') };
  const relations = {
    ...totals,
    years: ident('years'),
    each_year: [{ ...totals, year: period.from, has: (number: Sql) => hasNumber(period.from, number) }],
  };
  const context = { length: lengthOf(period), cuts: undefined, same: sameIn('track_id') };
  return [
    ...Object.values(decade.shared?.(relations, context) ?? {}),
    decade.query(relations, context),
    decade.bounds?.(relations, context),
  ];
}

async function haveTotals(decade: Decade, years: readonly YearColumn[]): Promise<boolean> {
  if (decade.reads.length === 0) return true;
  const there = await Promise.all(years.map(({ totals }) => totals.have(['user', ...decade.reads])));
  return !there.includes(false);
}

/** `2012, 2014 are missing; 2015 is stale (input changed)`, and what to do. */
function whatIsLacking(lacking: readonly PlannedColumn[], partial: boolean): string {
  const states = [...new Set(lacking.map(({ state }) => state))];
  const told = states.map((state) => {
    const same = lacking.filter((one) => one.state === state);
    const whys = new Set(same.map(({ why }) => why));
    const why = state !== 'missing' && whys.size === 1 ? ` (${[...whys][0]})` : '';
    return `${listYears(same.map(({ year }) => year))} ${same.length === 1 ? 'is' : 'are'} ${state.replace('-', ' ')}${why}`;
  });
  const years = ranges(lacking.map(({ year }) => year));
  const isOfOtherRules = lacking.every(({ why }) => why?.startsWith('rules changed'));
  const todo = isOfOtherRules
    ? `give the --timezone that the run had, or run \`wrapped run-all --years ${years}\` with this one`
    : `run \`wrapped run-all --years ${years}\` first`;
  return `${told.join('; ')}: ${todo}${partial ? '' : ', or take the years that there are with --partial'}`;
}

/** `2010-2012,2014`, as `--years` takes it. */
const ranges = (years: readonly number[]): string =>
  listYears(years).replaceAll('–', '-').replaceAll(' ', '');

/**
 * How years' values were cut, as their notes tell: at fixed cuts, or at the population's median. `taken` is what most years have, of
 * two as many the newest's; `others` are the years of another. A year without a partition of its own has only what time zones moved
 * there, of a handful of users: what it was cut by is left aside.
 */
function kindsOfCuts(fresh: readonly Yearly[], partitions: readonly number[]) {
  const kinds = new Map<Cuts, number[]>();
  for (const { planned } of fresh) {
    const { cuts } = (planned.entry?.written?.note ?? {}) as { cuts?: Cuts };
    if (cuts === undefined || !partitions.includes(planned.year)) continue;
    kinds.set(cuts, [...(kinds.get(cuts) ?? []), planned.year]);
  }
  const [most] = [...kinds].sort(
    ([, one], [, other]) => other.length - one.length || (other.at(-1) ?? 0) - (one.at(-1) ?? 0),
  );
  const others = [...kinds].filter(([kind]) => kind !== most?.[0]).flatMap(([, years]) => years);
  const told = [...kinds].map(([kind, years]) => `${listYears(years)} at ${CUTS[kind]}`).join(', ');
  return {
    taken: most?.[0],
    others,
    why: `its years were cut in different ways, ${told}, and can't be mixed: --partial leaves out ${listYears(others)}`,
  };
}

const CUTS: Readonly<Record<Cuts, string>> = { fixed: 'fixed cuts', population: "the population's median" };
