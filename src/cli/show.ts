import { Command, Option } from 'commander';
import { type Period, parsePeriod, periodName } from '../decade/period.ts';
import { WrappedError } from '../error.ts';
import { openStore } from '../store/open.ts';
import { columnName, columnOf, type LedgerEntry, type Row, type Store } from '../store/store.ts';
import { refuseForgotten } from './forget.ts';
import {
  chooseStories,
  onePeriod,
  oneYear,
  type PlaceOptions,
  places,
  several,
  withStore,
} from './options.ts';
import { colorful, print, printJson, terminalWidth } from './output.ts';

interface Options extends PlaceOptions {
  readonly year?: number;
  readonly decade?: true;
  readonly years?: Period;
  readonly stories?: string[];
  readonly json?: true;
}

export const showCommand = (): Command =>
  withStore(
    new Command('show')
      .description("print one user's Wrapped")
      .argument('<user>', 'the user id')
      .addOption(
        new Option('--year <year>', 'one year (default: the newest, and all years at a glance)')
          .argParser(oneYear)
          .conflicts(['decade', 'years']),
      )
      .option('--decade', 'the decade: its lists, and the number one of each year')
      .option('--years <a-b>', 'which decade (default: the newest that the row has)', onePeriod)
      .option(
        '--stories <ids|dir>',
        "stories such as a,b; or a folder of one's own (may be given several times)",
        several,
      )
      .option('--json', 'the row as one line of JSON'),
  )
    .addHelpText(
      'after',
      '\nExamples:\n  $ wrapped show me\n  $ wrapped show me --year 2019\n  $ wrapped show me --decade\n  $ wrapped show me --json',
    )
    .action(async (user: string, options: Options) => {
      const place = await places(options);
      await refuseForgotten(place, user, 'has nothing to show');
      const stories = await chooseStories(options.stories ?? [], place.storiesFolder);
      const store = await openStore(place.store);
      try {
        const year = options.year === undefined ? undefined : String(options.year);
        const years = options.years && periodName(options.years);
        const wanted = options.decade || years !== undefined ? (years ?? NEWEST_DECADE) : year;
        await show(store, user, wanted, options, stories);
      } finally {
        await store.close();
      }
    });

/**
 * Prints one user's row.
 * @param wanted a period, or NEWEST_DECADE
 * @throws WrappedError where the store has no row of that user, or none of that period
 */
export async function show(
  store: Store,
  user: string,
  wanted: string | undefined,
  options: { readonly json?: true; readonly stories?: readonly string[] },
  stories: readonly { readonly id: string; readonly title: string }[],
): Promise<void> {
  const ledger = await store.ledger();
  const reasonOf = reasonsOf(ledger);
  const row = await store.row(user);
  if (row === undefined) throw await noRow(store, ledger, user);
  const periods = [...new Set(Object.keys(row.columns).map((name) => columnOf(name).period))].sort();
  const shownPeriod = wanted === NEWEST_DECADE ? newestDecade(periods) : wanted;
  const isDecade = wanted === NEWEST_DECADE || parsePeriod(wanted ?? '') !== undefined;
  const ids = options.stories === undefined ? undefined : new Set(stories.map(({ id }) => id));
  const columns = Object.fromEntries(
    Object.entries(row.columns).filter(([name]) => {
      const { story: id, period } = columnOf(name);
      return (wanted === undefined || period === shownPeriod) && ids?.has(id) !== false;
    }),
  );
  if (Object.keys(columns).length === 0) {
    const asked = [...(options.stories ?? []), ...(wanted === undefined ? [] : [wanted])].join(', ');
    const reasons =
      shownPeriod === undefined || ids === undefined
        ? []
        : [...ids].flatMap((story) => reasonOf(columnName({ story, period: shownPeriod })) ?? []);
    if (reasons.length > 0) {
      throw new WrappedError(
        `user '${user}' has nothing of ${asked} in store ${store.name}: ${reasons.join('; ')}`,
      );
    }
    throw new WrappedError(
      `user '${user}' has nothing of ${asked} in store ${store.name}; there is ${periods.join(', ')}`,
      isDecade
        ? {
            hint: `A decade is made of the yearly columns by \`wrapped decade${parsePeriod(wanted ?? '') === undefined ? '' : ` --years ${wanted}`}\`.`,
          }
        : {},
    );
  }
  const shown: Row = { user_id: row.user_id, columns };
  if (options.json) return printJson(shown);
  const { renderRow } = await import('../view/render-row.ts');
  print(
    renderRow(shown, {
      ...(shownPeriod === undefined ? {} : { period: shownPeriod }),
      stories,
      width: terminalWidth(process.stdout),
      color: colorful(process.stdout),
      missing: reasonOf,
      note: (column) => ledger.find((entry) => columnName(entry) === column)?.written?.note,
    }),
  );
}

/** Asks for whatever decade is the newest. */
const NEWEST_DECADE = 'a decade';

/** The decade that ends last; of those the longest. */
const newestDecade = (periods: readonly string[]): string | undefined =>
  periods
    .flatMap((name) => parsePeriod(name) ?? [])
    .sort((a, b) => a.to - b.to || b.from - a.from)
    .map(periodName)
    .at(-1);

/** Why a user that has a row has no value of a column, as the ledger tells. */
function reasonsOf(ledger: readonly LedgerEntry[]): (column: string) => string | undefined {
  const entries = new Map(ledger.map((entry) => [columnName(entry), entry]));
  return (column) => {
    const entry = entries.get(column);
    if (entry?.written === undefined) return entry?.reason;
    return Object.keys(entry.written.absent).join(', or ') || undefined;
  };
}

const SOME = 3;

async function noRow(store: Store, ledger: readonly LedgerEntry[], user: string): Promise<WrappedError> {
  const rowsOf = (entry: LedgerEntry) => entry.written?.rows ?? 0;
  const [written] = ledger.filter((entry) => rowsOf(entry) > 0).sort((a, b) => rowsOf(b) - rowsOf(a));
  if (written === undefined) {
    return new WrappedError(`store ${store.name} has no columns yet`, {
      hint: 'Compute them with `wrapped run-all`, or name another store with --store.',
    });
  }
  for await (const rows of store.values(written)) {
    const some = rows
      .slice(0, SOME)
      .map(({ user_id }) => `'${user_id}'`)
      .join(', ');
    return new WrappedError(
      `store ${store.name} has no row of user '${user}'; users it has are ${some}${rows.length > SOME ? ' …' : ''}`,
      {
        hint: 'After an import, `wrapped run-all` makes the rows.',
      },
    );
  }
  return new WrappedError(`store ${store.name} has no row of user '${user}'`);
}
