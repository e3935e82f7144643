import type { Outcome } from '../engine/outcome.ts';
import type { Published } from '../engine/publish.ts';
import { tooLarge } from '../store/remote.ts';
import { columnOf } from '../store/store.ts';
import { isYear, listYears } from '../years.ts';
import { count, duration, plural, print, say, size, talkColors } from './output.ts';

/** Says what became of columns: a summary, and why some were skipped or failed. Sets the exit code. */
export function report(
  outcomes: readonly Outcome[],
  {
    seconds,
    store,
    json,
    published,
  }: { seconds: number; store: string; json: boolean; published: Published | undefined },
): void {
  const of = (status: string) => outcomes.filter((outcome) => outcome.status === status);
  const failed = of('failed');
  if (failed.length > 0) process.exitCode = 1;
  const parts = (['written', 'unchanged', 'skipped', 'failed'] as const)
    .map((status) => [of(status).length, status] as const)
    .filter(([number]) => number > 0)
    .map(([number, status]) => `${number} ${status}`);
  const summary = `${plural(outcomes.length, 'column')} in ${store}: ${parts.join(', ')} (${duration(seconds)})`;
  if (json) say(summary);
  else print(summary);
  const { red, dim } = talkColors();
  if (published !== undefined) sayWhatWasSent(published);
  for (const [reason, columns] of byReason(of('skipped'))) say(dim(`skipped ${columns}: ${reason}`));
  for (const [reason, columns] of byReason(failed)) say(`${red('failed')} ${columns}: ${reason}`);
  const missing = failed.filter((outcome) => outcome.missing !== undefined);
  if (missing.length > 0) {
    const values = missing.reduce((sum, outcome) => sum + (outcome.missing ?? 0), 0);
    const told = missing
      .slice(0, SHOWN_COLUMNS)
      .map((outcome) => `${outcome.column} ${count(outcome.missing ?? 0)}`);
    const more = missing.length > SHOWN_COLUMNS ? `, and ${missing.length - SHOWN_COLUMNS} columns more` : '';
    say(
      `${red('missing')} ${plural(values, 'value')}: ${told.join(', ')}${more}. The same command sends these, and only these.`,
    );
  }
}

function sayWhatWasSent({ tally, refused }: Published): void {
  const { red, dim } = talkColors();
  const { rows, requests, bytes, units, retries } = tally;
  const again = retries === 0 ? '' : `, ${plural(retries, 'request')} sent again`;
  say(
    dim(
      `sent ${plural(rows, 'row')} in ${plural(requests, 'request')}: ${size(bytes)}, ${plural(Math.round(units), 'write unit')}${again}`,
    ),
  );
  if (refused.length === 0) return;
  process.exitCode = 1;
  for (const row of refused.slice(0, SHOWN_ROWS)) say(`${red('too large')} ${tooLarge(row)}`);
  if (refused.length > SHOWN_ROWS)
    say(`${red('too large')} and ${plural(refused.length - SHOWN_ROWS, 'row')} more`);
}

const SHOWN_ROWS = 10;
const SHOWN_COLUMNS = 10;

/** `top-genre 2010–2014, 2016` by the reason that these columns share. */
function byReason(outcomes: readonly Outcome[]): Map<string, string> {
  const reasons = new Map<string, Map<string, string[]>>();
  for (const { column, reason = '' } of outcomes) {
    const { story, period } = columnOf(column);
    const stories = reasons.get(reason) ?? new Map<string, string[]>();
    stories.set(story, [...(stories.get(story) ?? []), period]);
    reasons.set(reason, stories);
  }
  return new Map(
    [...reasons].map(([reason, stories]) => [
      reason,
      [...stories].map(([story, periods]) => `${story} ${listPeriods(periods)}`).join(', '),
    ]),
  );
}

const listPeriods = (periods: readonly string[]): string =>
  periods.every(isYear) ? listYears(periods.map(Number)) : periods.join(', ');
