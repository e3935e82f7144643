import { groupBy } from './group.ts';
import { rank } from './rankings.ts';
import { ratio } from './ratio.ts';
import type { SettledPlay, Track } from './settle.ts';

export type ReleaseYearOf = (track: Track) => number | null;

export type Era = NonNullable<ReturnType<typeof era>>;

/** The `era` value of one user's plays in a year; null where no play has a release year. */
export function era(plays: readonly SettledPlay[], releaseYearOf: ReleaseYearOf) {
  const dated = datedPlays(plays, releaseYearOf).sort((a, b) => a.released - b.released);
  if (dated.length === 0) return null;
  const total = dated.length;
  const decades = [...groupBy(dated, ({ released }) => Math.trunc(released / 10) * 10)].map(
    ([decade, own]) => ({
      decade,
      plays: own.length,
      share: ratio(BigInt(own.length), BigInt(total)),
      ms: own.every(({ ms }) => ms !== null) ? own.reduce((sum, { ms }) => sum + ms!, 0) : null,
    }),
  );
  return {
    decades,
    median_year: dated[Math.ceil(total / 2) - 1]!.released,
    oldest: highestOf(dated, dated[0]!.released),
    newest: highestOf(dated, dated.at(-1)!.released),
    plays_with_date: total,
  };
}

/** A decade's `era` of one user, from the years' values in their order. */
export function eraOfYears(years: readonly { year: number; value: Era }[]) {
  const total = years.reduce((sum, { value }) => sum + value.plays_with_date, 0);
  const entries = years.flatMap(({ value }) => value.decades).sort((a, b) => a.decade - b.decade);
  const values = years.map(({ value }) => value);
  return {
    decades: [...groupBy(entries, ({ decade }) => decade)].map(([decade, own]) => {
      const plays = own.reduce((sum, entry) => sum + entry.plays, 0);
      return {
        decade,
        plays,
        share: ratio(BigInt(plays), BigInt(total)),
        ms: own.every(({ ms }) => ms !== null) ? own.reduce((sum, { ms }) => sum + ms!, 0) : null,
      };
    }),
    // The first of equals is of the earliest year.
    oldest: values.map(({ oldest }) => oldest).reduce((a, b) => (b.year < a.year ? b : a)),
    newest: values.map(({ newest }) => newest).reduce((a, b) => (b.year > a.year ? b : a)),
    plays_with_date: total,
    by_year: years.map(({ year, value }) => ({ year, median_year: value.median_year })),
  };
}

/** Plays of tracks with a release year. */
export const datedPlays = (plays: readonly SettledPlay[], releaseYearOf: ReleaseYearOf) =>
  plays.flatMap(({ user_id, ms, track }) => {
    const released = track === null ? null : releaseYearOf(track);
    return track === null || released === null ? [] : [{ user_id, ms, track, released }];
  });

function highestOf(dated: ReturnType<typeof datedPlays>, year: number) {
  const [first] = rank(
    dated.filter(({ released }) => released === year).map(({ ms, track }) => ({ ms, thing: track })),
    ({ key }) => key,
    ({ track, artist, track_id, artist_id }) => [track, artist, track_id, artist_id],
  );
  const { track, artist, track_id, artist_id } = first!.thing;
  return {
    year,
    track,
    artist,
    ...(track_id !== null && { track_id }),
    ...(artist_id !== null && { artist_id }),
  };
}
