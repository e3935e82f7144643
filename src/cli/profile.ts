import type { Phase } from '../engine/phases.ts';
import { table } from '../view/table.ts';
import { count, printJson, say, size, talkColors, terminalWidth } from './output.ts';

/**
 * Says where the time of a run went: a table beside the data, or lines of JSON among it.
 * @param seconds of the whole run, by the clock on the wall
 */
export function sayProfile(phases: readonly Phase[], { seconds, json }: { seconds: number; json: boolean }) {
  if (json) {
    for (const phase of phases) printJson({ ...phase, seconds: rounded(phase.seconds) });
    return printJson({ phase: 'whole', seconds: rounded(seconds) });
  }
  const whole = { phase: 'whole run', name: undefined, year: undefined, rows: 0, bytes: 0, seconds };
  const lines = [...phases, whole];
  const { head, rows } = table(
    [
      { head: 'phase', texts: lines.map(({ phase, year }) => [phase, year].join(' ').trim()) },
      { texts: lines.map(({ name }) => name ?? ''), least: 12 },
      { head: 'rows', texts: lines.map(({ rows: made }) => (made === 0 ? '' : count(made))), align: 'right' },
      {
        head: 'bytes',
        texts: lines.map(({ bytes }) => (bytes === 0 ? '' : size(bytes))),
        align: 'right',
      },
      { head: 'seconds', texts: lines.map((line) => line.seconds.toFixed(2)), align: 'right' },
    ],
    Math.max(80, terminalWidth(process.stderr)),
  );
  const { dim } = talkColors();
  say(['', head, ...rows].join('\n'));
  say(dim('Seconds are by the clock: parts that ran at once overlap, and add up to more than the whole.'));
}

const rounded = (seconds: number): number => Number(seconds.toFixed(4));
