import { logUpdateStderr } from 'log-update';
import type { RunEvent } from '../engine/run.ts';
import type { Tally } from '../store/remote.ts';
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
export const showProgress = (): Progress => (process.stderr.isTTY ? liveProgress() : plainProgress());

function plainProgress(): Progress {
  const started = performance.now();
  const tell = (text: string) =>
    say(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${text}`);
  let left = 0;
  return {
    on(event) {
      if (event.kind === 'plan') left = event.columns;
      if (event.kind === 'column') left -= 1;
      if (event.kind === 'publish') tell(publishLine(event));
      if (event.kind === 'totals-done') tell(`totals ${event.year}`);
      if (event.kind === 'story-done')
        tell(`${event.story} ${spanOf(event.periods)}, ${plural(left, 'column')} to go`);
    },
    stop() {},
  };
}

function liveProgress(): Progress {
  const colors = talkColors();
  const started = performance.now();
  const running = new Map<string, { label: string; since: number }>();
  let total = 0;
  let done = 0;
  let columns = 0;
  let finished = 0;
  let publish: Publishing | undefined;

  const draw = () => {
    const elapsed = (performance.now() - started) / 1000;
    const share = total === 0 ? 0 : Math.min(1, done / total);
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
    const summary = `${bar(share, width).padEnd(width, '░')} ${count(finished)} of ${plural(columns, 'column')}, ${duration(elapsed)}${left}`;
    logUpdateStderr([...tasks, summary].join('\n'));
  };
  const timer = setInterval(draw, 100);
  timer.unref();

  return {
    on(event) {
      switch (event.kind) {
        case 'plan':
          columns = event.columns;
          total = columns + TOTALS_WEIGHT * event.totals;
          break;
        case 'totals':
          running.set(`totals ${event.year}`, {
            label: `totals ${event.year}${mouthfulOf(event)}: ${event.files.join(', ')}`,
            since: performance.now(),
          });
          break;
        case 'totals-done':
          if (running.delete(`totals ${event.year}`)) done += TOTALS_WEIGHT;
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
        case 'column':
          done += 1;
          finished += 1;
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
