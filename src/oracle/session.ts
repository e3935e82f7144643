import { highest } from './extremes.ts';
import { inOrder } from './in-order.ts';
import { ratio } from './ratio.ts';
import type { SettledPlay } from './settle.ts';

const MS_PER_MINUTE = 60_000;
const GAP_MS = 10 * MS_PER_MINUTE;

/** The `session` value of one user's plays in a year. */
export function session(plays: readonly SettledPlay[]) {
  const sessions: SettledPlay[][] = [];
  for (const play of inOrder(plays)) {
    const before = endOf(sessions.at(-1) ?? []);
    if (play.started - before > GAP_MS) sessions.push([play]);
    else sessions.at(-1)!.push(play);
  }
  const told = sessions.map((own) => {
    const ms = endOf(own) - own[0]!.started;
    return { minutes: Math.floor(ms / MS_PER_MINUTE), ms, plays: own.length, day: own[0]!.day };
  });
  return summed(
    told.length,
    told.reduce((sum, { ms }) => sum + ms, 0),
    told,
  );
}

/** The `session` value of a decade, from the values of its years in order. */
export function sessionOfYears(years: readonly { value: ReturnType<typeof session> }[]) {
  const values = years.map(({ value }) => value);
  return summed(
    values.reduce((sum, { sessions }) => sum + sessions, 0),
    values.reduce((sum, { ms }) => sum + ms, 0),
    values.map(({ longest }) => longest),
  );
}

const endOf = (plays: readonly SettledPlay[]): number => highest(plays.map(({ ended }) => ended));

interface Session {
  minutes: number;
  ms: number;
  plays: number;
  day: string;
}

function summed(sessions: number, ms: number, inTime: readonly Session[]) {
  // A sort is stable: of equals the first stays first.
  const [longest] = [...inTime].sort((a, b) => b.ms - a.ms || b.plays - a.plays);
  const mean_minutes = ratio(BigInt(ms), BigInt(sessions * MS_PER_MINUTE));
  return { sessions, ms, mean_minutes, longest: longest! };
}
