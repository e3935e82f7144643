import { highest, lowest } from './extremes.ts';
import { groupBy } from './group.ts';
import { compareTexts } from './order.ts';
import { rank, TOP } from './rankings.ts';
import type { Artist, SettledPlay } from './settle.ts';

/** A phase has so many plays. */
const MIN_PLAYS = 30;
const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const SHOWN = 3;

type ArtistPlay = SettledPlay & { artist: Artist };

/** The `evolution` value of one user's plays in a year; null under 30 plays of known artists. */
export function evolution(plays: readonly SettledPlay[], genresOf: (artist: Artist) => ReadonlySet<string>) {
  const known = plays.filter((play): play is ArtistPlay => play.artist !== null);
  if (known.length < MIN_PLAYS) return null;
  const leaders = rank(
    known.map(({ ms, artist }) => ({ ms, thing: artist })),
    ({ key }) => key,
    namesOf,
  )
    .slice(0, TOP)
    .map(({ thing }) => thing.key);

  const byMonth = groupBy(known, monthOf);
  // A sort is stable: of equals the first listed stays first, fewer and earlier cuts before others.
  const [best] = splits()
    .map((runs) => runs.map((months) => months.flatMap((month) => byMonth.get(month) ?? [])))
    .filter((runs) => runs.every((run) => run.length >= MIN_PLAYS))
    .map((runs) => ({ runs, led: sum(runs.map((run) => playsOfLeader(run, leaders))) }))
    .sort((a, b) => b.led - a.led);

  const genres = (some: readonly ArtistPlay[]) => some.flatMap(({ artist }) => [...genresOf(artist)]);
  const artists = (some: readonly ArtistPlay[]) => some.map(({ artist }) => artist);
  return {
    phases: best!.runs.map((run) => {
      const months = run.map(monthOf);
      const [genre] = mostAbove(genres(run), genres(known), {
        keyOf: (one) => one,
        namesOf: (one) => [one],
      });
      return {
        from: lowest(months),
        to: highest(months),
        plays: run.length,
        artists: mostAbove(artists(run), artists(known), { keyOf: ({ key }) => key, namesOf })
          .slice(0, SHOWN)
          .map(({ thing: { artist, artist_id }, plays: count }) => ({
            artist,
            ...(artist_id !== null && { artist_id }),
            plays: count,
          })),
        genre: genre === undefined ? null : { genre: genre.thing, plays: genre.plays },
      };
    }),
  };
}

/** A decade's `evolution` of one user, from the years' values in their order. */
export const evolutionOfYears = (
  years: readonly { year: number; value: NonNullable<ReturnType<typeof evolution>> }[],
) => ({
  by_year: years.map(({ year, value }) => ({
    year,
    phases: value.phases.map(({ from, to, artists: [first] }) => {
      const { plays: _, ...artist } = first!;
      return { from, to, ...artist };
    }),
  })),
});

/** All ways to cut the months into one, two or three runs, those of fewer runs first, then those with earlier cuts. */
function splits(): number[][][] {
  const cuts = MONTHS.slice(0, -1);
  const between = (after: number, upTo: number) => MONTHS.filter((month) => month > after && month <= upTo);
  return [
    [MONTHS],
    ...cuts.map((cut) => [between(0, cut), between(cut, 12)]),
    ...cuts.flatMap((first) =>
      cuts
        .filter((second) => second > first)
        .map((second) => [between(0, first), between(first, second), between(second, 12)]),
    ),
  ];
}

const monthOf = ({ day }: SettledPlay): number => Number(day.slice(5, 7));

const namesOf = ({ artist, artist_id }: Artist) => [artist, artist_id];

const playsOfLeader = (run: readonly ArtistPlay[], leaders: readonly string[]): number =>
  highest(leaders.map((leader) => run.filter(({ artist }) => artist.key === leader).length));

/** The things of a phase by how far they are above their share of the year, none that are below it. */
function mostAbove<Thing>(
  phase: readonly Thing[],
  year: readonly Thing[],
  { keyOf, namesOf }: { keyOf: (thing: Thing) => string; namesOf: (thing: Thing) => (string | null)[] },
) {
  const ofYear = groupBy(year, keyOf);
  return [...groupBy(phase, keyOf)]
    .map(([key, own]) => ({
      thing: own[0]!,
      plays: own.length,
      above: own.length * year.length - ofYear.get(key)!.length * phase.length,
    }))
    .filter(({ above }) => above >= 0)
    .sort(
      (a, b) => b.above - a.above || b.plays - a.plays || compareTexts(namesOf(a.thing), namesOf(b.thing)),
    );
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
