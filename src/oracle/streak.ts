import { groupBy } from './group.ts';
import { compareTexts } from './order.ts';
import type { Artist, SettledPlay } from './settle.ts';

const DAY_MS = 24 * 60 * 60_000;

interface Run {
  days: number;
  from: string;
  to: string;
}

/** The `streak` value of one user's plays in a year. */
export function streak(plays: readonly SettledPlay[]) {
  const byArtist = groupBy(
    plays.filter((play) => play.artist !== null),
    (play) => play.artist!.key,
  );
  const [best] = [...byArtist.values()]
    .map((own) => ({ artist: own[0]!.artist!, ...longestRun(own) }))
    .sort(
      (a, b) =>
        b.days - a.days ||
        compareTexts([a.from], [b.from]) ||
        compareTexts([a.artist.artist, a.artist.artist_id], [b.artist.artist, b.artist.artist_id]),
    );
  return { longest: longestRun(plays), of_artist: best === undefined ? null : shown(best) };
}

/** The `streak` value of one user's plays by year, in a decade. */
export function streakOfYears(years: readonly SettledPlay[][]) {
  const ofArtist = years.flatMap((plays) => (plays.length === 0 ? [] : (streak(plays).of_artist ?? [])));
  // The first of the most days: years are in order.
  const most = Math.max(...ofArtist.map(({ days }) => days));
  return {
    longest: longestRun(years.flat()),
    of_artist: ofArtist.find(({ days }) => days === most) ?? null,
    exact: true,
  };
}

function shown({ artist: { artist, artist_id }, ...run }: { artist: Artist } & Run) {
  return { artist, ...(artist_id !== null && { artist_id }), ...run };
}

/** The first of the longest runs of days with a play. */
function longestRun(plays: readonly SettledPlay[]): Run {
  const days = [...new Set(plays.map(({ day }) => day))].sort();
  let longest: Run | undefined;
  let run: Run | undefined;
  for (const day of days) {
    const goesOn = run !== undefined && Date.parse(day) - Date.parse(run.to) === DAY_MS;
    run = goesOn ? { ...run!, days: run!.days + 1, to: day } : { days: 1, from: day, to: day };
    if (longest === undefined || run.days > longest.days) longest = run;
  }
  return longest!;
}
