import { biggestDay } from './biggest-day.ts';
import type { ReleaseYearOf } from './era.ts';
import { groupBy } from './group.ts';
import type { ListenRow } from './listen-rows.ts';
import { compareText } from './order.ts';
import { rank, topGenre } from './rankings.ts';
import { tenThousandths } from './ratio.ts';
import type { Artist, SettledPlay } from './settle.ts';

const MIN_PLAYS = 30;
const MIN_PLAYS_OF_DAY = 10;
const LENGTH = 5;
const SCALE = 10_000;
const MS_PER_MINUTE = 60_000;

type RemarkableDay = NonNullable<ReturnType<typeof remarkableDay>>;

/**
 * The `remarkable-day` value of one user's year; null under 30 plays.
 * @param heard the artists that the user played in earlier years; undefined where nothing is known of these
 */
export function remarkableDay(
  rows: readonly ListenRow[],
  plays: readonly SettledPlay[],
  heard: ReadonlySet<string> | undefined,
  {
    genresOf,
    releaseYearOf,
  }: { genresOf: (artist: Artist) => ReadonlySet<string>; releaseYearOf: ReleaseYearOf },
) {
  if (plays.length < MIN_PLAYS) return null;
  const byDay = [...groupBy(plays, ({ day }) => day)]
    .map(([day, own]) => ({ day, own }))
    .sort((a, b) => compareText(a.day, b.day));
  /** The first day of the highest number above 0. */
  const highest = (numberOf: (own: readonly SettledPlay[]) => number) => {
    const [best] = byDay
      .map(({ day, own }) => ({ day, number: numberOf(own) }))
      .filter(({ number }) => number > 0)
      .sort((a, b) => b.number - a.number);
    return best;
  };

  const biggest = biggestDay(rows, plays, heard)!;
  const [favourite] = rank(
    plays.flatMap(({ ms, artist }) => (artist === null ? [] : { ms, thing: artist })),
    ({ key }) => key,
    ({ artist, artist_id }) => [artist, artist_id],
  );
  const genre = topGenre(plays, genresOf)?.genres[0]?.genre;
  const daysOfArtist = new Map(
    [...groupBy(plays, ({ artist }) => artist?.key)].map(([key, own]) => [
      key,
      new Set(own.map(({ day }) => day)).size,
    ]),
  );

  const ofArtist = highest(
    (own) => own.filter(({ artist }) => artist?.key === favourite?.thing.key && artist !== null).length,
  );
  const ofGenre = highest(
    (own) =>
      own.filter(({ artist }) => artist !== null && genre !== undefined && genresOf(artist).has(genre))
        .length,
  );
  const [nostalgic] = byDay
    .map(({ day, own }) => ({
      day,
      years: own.flatMap(({ track }) => (track && releaseYearOf(track)) ?? []),
    }))
    .filter(({ years }) => years.length >= MIN_PLAYS_OF_DAY)
    .map(({ day, years }) => ({
      day,
      mean: tenThousandths(BigInt(years.reduce((sum, year) => sum + year, 0)), BigInt(years.length)),
    }))
    .sort((a, b) => a.mean - b.mean);
  const unlike = highest((own) => {
    const known = own.filter(({ artist }) => artist !== null);
    if (known.length < MIN_PLAYS_OF_DAY) return 0;
    const alone = known.filter(({ artist }) => daysOfArtist.get(artist!.key) === 1);
    return tenThousandths(BigInt(alone.length), BigInt(known.length));
  });
  const newYear = byDay.find(({ day }) => day.endsWith('-01-01'));

  const told = [
    { why: 'most-minutes', day: biggest.day },
    biggest.new_artists && {
      why: 'new-artists',
      day: biggest.new_artists.day,
      new_artists: biggest.new_artists.artists,
    },
    ofArtist && {
      why: 'top-artist',
      day: ofArtist.day,
      ...shown(favourite!.thing),
      of_artist: ofArtist.number,
    },
    ofGenre && { why: 'top-genre', day: ofGenre.day, genre, of_genre: ofGenre.number },
    nostalgic && { why: 'nostalgic', day: nostalgic.day, release_year: nostalgic.mean / SCALE },
    unlike && { why: 'unlike', day: unlike.day, share: unlike.number / SCALE },
    newYear && { why: 'new-year', day: newYear.day },
  ].filter((one) => one != null);
  const days = told
    .filter(({ day }, index) => told.findIndex((other) => other.day === day) === index)
    .slice(0, LENGTH)
    .map((one) => {
      const known = rows.flatMap(({ day, isMusic, ms }) => (isMusic && day === one.day ? (ms ?? []) : []));
      const ms = known.reduce((sum, length) => sum + length, 0);
      return {
        ...one,
        minutes: known.length === 0 ? null : Math.floor(ms / MS_PER_MINUTE),
        plays: plays.filter(({ day }) => day === one.day).length,
      };
    });
  return { days };
}

/** A decade's `remarkable-day` of one user, from the years' values in their order. */
export const remarkableDayOfYears = (years: readonly { year: number; value: RemarkableDay }[]) => ({
  by_year: years.map(({ year, value }) => ({ year, days: value.days.map(({ day, why }) => ({ day, why })) })),
});

const shown = ({ artist, artist_id }: Artist) => ({
  ...(artist !== null && { artist }),
  ...(artist_id !== null && { artist_id }),
});
