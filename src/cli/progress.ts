import type { RunEvent } from '../engine/outcome.ts';
import type { Tally } from '../store/remote.ts';
import { columnName } from '../store/store.ts';
import { bar } from '../view/bar.ts';
import { count, duration, plural, say, size, talkColors, terminalWidth } from './output.ts';

/** Shows a run on stderr while it goes on. */
export interface Progress {
  on(event: RunEvent): void;
  stop(): void;
}

/** What a year's totals weigh beside one column, for the estimate of the time left. */
const TOTALS_WEIGHT = 6;

/** A live display on a terminal, plain lines off it. */
export const showProgress = async (): Promise<Progress> =>
  process.stderr.isTTY ? liveProgress() : plainProgress();

/** Counts columns that are computed: those for a table are settled only when all are sent. */
class Columns {
  all = 0;
  readonly #done = new Set<string>();

  on(event: RunEvent): void {
    if (event.kind === 'plan') this.all = event.columns;
    if (event.kind === 'column') this.#done.add(event.outcome.column);
    if (event.kind === 'story-done')
      for (const period of event.periods) this.#done.add(columnName({ story: event.story, period }));
  }

  get done(): number {
    return this.#done.size;
  }
}

function plainProgress(): Progress {
  const started = performance.now();
  const tell = (text: string) =>
    say(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${text}`);
  const columns = new Columns();
  return {
    on(event) {
      columns.on(event);
      if (event.kind === 'publish') tell(publishLine(event));
      if (event.kind === 'totals-done') tell(`totals ${event.year}`);
      if (event.kind === 'story-done')
        tell(
          `${event.story} ${spanOf(event.periods)}, ${plural(columns.all - columns.done, 'column')} to go`,
        );
    },
    stop() {},
  };
}

async function liveProgress(): Promise<Progress> {
  const { logUpdateStderr } = await import('log-update');
  const colors = talkColors();
  const started = performance.now();
  const running = new Map<string, { label: string; since: number }>();
  const columns = new Columns();
  let total = 0;
  let totalsDone = 0;
  let publish: Publishing | undefined;

  const draw = () => {
    const elapsed = (performance.now() - started) / 1000;
    const share = total === 0 ? 0 : Math.min(1, (columns.done + TOTALS_WEIGHT * totalsDone) / total);
    const left = share > 0.02 && share < 1 ? `, about ${duration((elapsed / share) * (1 - share))} left` : '';
    const tasks = [...running.values()].map(
      ({ label, since }) =>
        `  ${colors.cyan('●')} ${label} ${colors.dim(duration((performance.now() - since) / 1000))}`,
    );
    if (publish !== undefined) {
      logUpdateStderr(`  ${colors.cyan('●')} ${publishLine(publish)}${sentSoFar(publish)}`);
      return;
    }
    const width = Math.max(8, Math.min(30, terminalWidth(process.stderr) - 50));
    const summary = `${bar(share, width).padEnd(width, '░')} ${count(columns.done)} of ${plural(columns.all, 'column')}, ${duration(elapsed)}${left}`;
    logUpdateStderr([...tasks, summary].join('\n'));
  };
  const timer = setInterval(draw, 100);
  timer.unref();

  return {
    on(event) {
      columns.on(event);
      switch (event.kind) {
        case 'plan':
          total = event.columns + TOTALS_WEIGHT * event.totals;
          break;
        case 'totals':
          running.set(`totals ${event.year}`, {
            label: `totals ${event.year}${mouthfulOf(event)}: ${event.files.join(', ')}`,
            since: performance.now(),
          });
          break;
        case 'totals-done':
          if (running.delete(`totals ${event.year}`)) totalsDone += 1;
          break;
        case 'story':
          running.set(event.story, {
            label: `${event.story} ${spanOf(event.periods)}`,
            since: performance.now(),
          });
          break;
        case 'story-done':
          running.delete(event.story);
          break;
        case 'publish':
          running.clear();
          publish = { ...event, tally: undefined, since: performance.now() };
          break;
        case 'sent':
          if (publish !== undefined) publish.tally = event.tally;
          break;
      }
    },
    stop() {
      clearInterval(timer);
      logUpdateStderr.clear();
      logUpdateStderr.done();
    },
  };
}

/** `, mouthful 2 of 12` */
const mouthfulOf = ({ mouthful, of }: Extract<RunEvent, { kind: 'totals' }>): string =>
  mouthful === undefined ? '' : `, mouthful ${mouthful} of ${of}`;

interface Publishing {
  readonly columns: number;
  readonly rows: number;
  readonly isEmpty: boolean;
  readonly since: number;
  tally: Tally | undefined;
}

/** So many rows are worth a word about whole rows. */
const MANY_ROWS = 1000;

const publishLine = ({ columns, rows, isEmpty }: Pick<Publishing, 'columns' | 'rows' | 'isEmpty'>): string =>
  `publishing ${plural(columns, 'column')} of up to ${plural(rows, 'user')}${
    isEmpty && rows >= MANY_ROWS
      ? '; the table is empty: `wrapped publish --whole-rows --exclusive` takes a 25th of the requests'
      : ''
  }`;

function sentSoFar({ tally, since }: Publishing): string {
  if (tally === undefined) return '';
  const seconds = (performance.now() - since) / 1000;
  return `\n    ${plural(tally.rows, 'row')}, ${size(tally.bytes)}, ${count(Math.round(tally.units / seconds))} write units/s, ${duration(seconds)}`;
}

const spanOf = (periods: readonly string[]): string =>
  periods.length === 1 ? String(periods[0]) : `${periods[0]}–${periods.at(-1)}`;
