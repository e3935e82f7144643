import { groupBy } from './group.ts';
import type { ListenRow } from './listen-rows.ts';
import { compareText } from './order.ts';
import type { SettledPlay } from './settle.ts';
import { topArtistOf, topTrackOf } from './top-of.ts';

const MS_PER_MINUTE = 60_000;

interface NewArtists {
  day: string;
  artists: number;
}

interface BiggestDay {
  day: string;
  minutes: number | null;
  ms: number | null;
  plays: number;
  track: object | null;
  artist: object | null;
  new_artists: NewArtists | null;
}

/**
 * The `biggest-day` value of one user's year; null where nothing of it is music.
 * @param heard the artists that the user played in earlier years; undefined where nothing is known of these
 */
export function biggestDay(
  rows: readonly ListenRow[],
  plays: readonly SettledPlay[],
  heard: ReadonlySet<string> | undefined,
): BiggestDay | null {
  const days = groupBy(
    rows.filter(({ isMusic }) => isMusic),
    ({ day }) => day,
  );
  const [biggest] = [...days]
    .map(([day, own]) => {
      const known = own.flatMap(({ ms }) => ms ?? []);
      const ms = known.reduce((sum, length) => sum + length, 0);
      return { day, ms, isKnown: known.length > 0, plays: own.filter(({ isPlay }) => isPlay).length };
    })
    .sort((a, b) => b.ms - a.ms || b.plays - a.plays || compareText(a.day, b.day));
  if (biggest === undefined) return null;
  const { day, ms, isKnown } = biggest;

  const ofDay = plays.filter((play) => play.day === day);
  return {
    day,
    minutes: isKnown ? Math.floor(ms / MS_PER_MINUTE) : null,
    ms: isKnown ? ms : null,
    plays: biggest.plays,
    track: topTrackOf(ofDay),
    artist: topArtistOf(ofDay),
    new_artists: heard === undefined ? null : mostNew(plays, heard),
  };
}

/** The day on which most artists were played for the first time. */
function mostNew(plays: readonly SettledPlay[], heard: ReadonlySet<string>): NewArtists | null {
  const artists = groupBy(
    plays.filter(({ artist }) => artist !== null && !heard.has(artist.key)),
    ({ artist }) => artist!.key,
  );
  const firstDays = [...artists.values()].map((own) => own.map(({ day }) => day).sort(compareText)[0]!);
  const [most] = [...groupBy(firstDays, (day) => day)]
    .map(([day, same]) => ({ day, artists: same.length }))
    .sort((a, b) => b.artists - a.artists || compareText(a.day, b.day));
  return most ?? null;
}

/** The `biggest-day` value of a decade, from the values of its years in order. */
export function biggestDayOfYears(years: readonly { value: BiggestDay }[]): BiggestDay {
  // A sort is stable: of equals the earliest year stays first.
  const [biggest] = years
    .map(({ value }) => value)
    .sort((a, b) => (b.ms ?? 0) - (a.ms ?? 0) || b.plays - a.plays);
  const [newest] = years
    .flatMap(({ value }) => value.new_artists ?? [])
    .sort((a, b) => b.artists - a.artists);
  return { ...biggest!, new_artists: newest ?? null };
}
