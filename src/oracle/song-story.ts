import { shownTrack } from './in-order.ts';
import { compareText } from './order.ts';
import { rank } from './rankings.ts';
import type { SettledPlay, Track } from './settle.ts';

const MILESTONES = [10, 50, 100];

/** The `song-story` value of one user's plays in a year; null where no play has a known track. */
export function songStory(plays: readonly SettledPlay[]) {
  const [top] = rank(
    plays.flatMap(({ ms, track }) => (track === null ? [] : { ms, thing: track })),
    (track) => track.key,
    ({ track, artist, track_id, artist_id }: Track) => [track, artist, track_id, artist_id],
  );
  if (top === undefined) return null;
  const days = plays
    .filter(({ track }) => track?.key === top.thing.key)
    .sort((a, b) => a.started - b.started || compareText(a.day, b.day))
    .map(({ day }) => day);
  return {
    ...shownTrack(top.thing),
    plays: days.length,
    first: days[0]!,
    months: Array.from(
      { length: 12 },
      (_, month) => days.filter((day) => Number(day.slice(5, 7)) === month + 1).length,
    ),
    milestones: MILESTONES.flatMap((nth) => (days.length < nth ? [] : { plays: nth, day: days[nth - 1]! })),
  };
}

/** The `song-story` value of a decade, from the values of its years in order. */
export function songStoryOfYears(
  years: readonly { year: number; value: NonNullable<ReturnType<typeof songStory>> }[],
) {
  const by_year = years.map(({ year, value: { months: _, milestones: __, ...song } }) => ({ year, ...song }));
  return { by_year };
}
