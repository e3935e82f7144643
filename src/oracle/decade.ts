/** The written definition of a decade's answers, from the raw listen rows of all its years. See `oracle.ts`. */

import { audioDayOfYears } from './audio-day.ts';
import { artistRanks, type ListenerAxes, listenerAxes, releaseYearLookup } from './axes.ts';
import { biggestDayOfYears } from './biggest-day.ts';
import { comebackOfYears } from './comeback.ts';
import { countsOfYears } from './counts.ts';
import { eraOfYears } from './era.ts';
import { evolutionOfYears } from './evolution.ts';
import { groupBy } from './group.ts';
import { AXES, type Axis, type History, type OracleOptions } from './history.ts';
import { type ListenRow, listenRows } from './listen-rows.ts';
import { listeningAgeOfYears } from './listening-age.ts';
import { loyaltyOfYears } from './loyalty.ts';
import { minutes } from './minutes.ts';
import { newArtistsOfYears } from './new-artists.ts';
import { oracle, type Row } from './oracle.ts';
import { compareTexts } from './order.ts';
import { decimals, personalities } from './personality.ts';
import { podcastOfYears } from './podcast.ts';
import { genreLookup, rank, type Tally, TOP } from './rankings.ts';
import { SCALE, tenThousandths } from './ratio.ts';
import { remarkableDayOfYears } from './remarkable-day.ts';
import { repeatOfYears } from './repeat.ts';
import { seasonOfYears } from './season.ts';
import { sessionOfYears } from './session.ts';
import { type Artist, type SettledPlay, settle, type Track } from './settle.ts';
import { skipOfYears } from './skip.ts';
import { songStoryOfYears } from './song-story.ts';
import { streakOfYears } from './streak.ts';
import { tastemakerOfYears } from './tastemaker.ts';
import { type Album, type AlbumPlay, albumPlays, ofAlbumsMostlyPlayed } from './top-album.ts';
import { topDiscoveryOfYears } from './top-discovery.ts';
import { topFanOfYears } from './top-fan.ts';
import { clock, weekday } from './week-and-clock.ts';

const MS_PER_MINUTE = 60_000;

/**
 * The rows of all users with at least one decade: values by story.
 * @param columns what `oracle` says of the same history, where it is known already
 */
export function decadeOracle(
  history: History,
  options: OracleOptions,
  { from, to }: { from: number; to: number },
  columns: ReadonlyMap<string, Row> = oracle(history, options),
): Map<string, Record<string, unknown>> {
  const rows = listenRows(history, options).filter(({ year }) => year >= from && year <= to);
  const years = [...groupBy(rows, (row) => row.year)].sort(([a], [b]) => a - b);
  const settled = years.map(([year, of]) => ({
    year,
    plays: settle(
      of.filter((row) => row.isPlay),
      options.identity,
    ),
  }));
  const result = new Map<string, Record<string, unknown>>();
  const put = (story: string, user: string, value: unknown) => {
    if (value !== null) result.set(user, { ...result.get(user), [story]: value });
  };

  for (const [user, own] of groupBy(rows, (row) => row.user_id)) put('minutes', user, minutesOf(own));

  const genresOf = genreLookup(history.artistGenres ?? []);
  const rankings = [
    rankingOf<Artist>(settled, {
      list: 'artists',
      thingsOf: ({ artist }) => (artist === null ? [] : [artist]),
      keyOf: ({ key }) => key,
      shown: ({ artist, artist_id }) => ({ artist, artist_id }),
    }),
    rankingOf<Track>(settled, {
      list: 'tracks',
      thingsOf: ({ track }) => (track === null ? [] : [track]),
      keyOf: ({ key }) => key,
      shown: ({ track, artist, track_id, artist_id }) => ({ track, artist, track_id, artist_id }),
    }),
    rankingOf<string>(settled, {
      list: 'genres',
      thingsOf: ({ artist }) => (artist === null ? [] : [...genresOf(artist)]),
      keyOf: (genre) => genre,
      shown: (genre) => ({ genre }),
    }),
    rankingOf<Album, AlbumPlay>(
      years.map(([year, of]) => ({
        year,
        plays: [
          ...groupBy(albumPlays(of, options.identity, history.tracks ?? []), (play) => play.user_id).values(),
        ].flatMap(ofAlbumsMostlyPlayed),
      })),
      {
        list: 'albums',
        thingsOf: ({ album }) => [album],
        keyOf: ({ key }) => key,
        shown: ({ album, artist, album_id }) => ({ album, artist, album_id }),
      },
    ),
  ];
  for (const [index, story] of ['top-artist', 'top-track', 'top-genre', 'top-album'].entries()) {
    for (const [user, value] of rankings[index]!) {
      const { faithful, ...rest } = value;
      put(story, user, story === 'top-artist' ? { ...rest, faithful } : rest);
    }
  }

  for (const [story, reduce] of Object.entries(REDUCED)) {
    for (const [user, years] of yearsOfStory(columns, story, { from, to })) put(story, user, reduce(years));
  }

  const playsOfUser = groupBy(
    settled.flatMap(({ plays }) => plays),
    (play) => play.user_id,
  );
  const byYear = settled.map(({ plays }) => groupBy(plays, (play) => play.user_id));
  for (const [user, own] of playsOfUser) {
    put('weekday', user, weekday(own));
    put('clock', user, clock(own));
    put('streak', user, streakOfYears(byYear.map((ofUsers) => ofUsers.get(user) ?? [])));
  }

  const yearly = axesByYear(history, settled, options);
  for (const [user, value] of listeningAxes(yearly.axes)) put('listening-axes', user, value);
  for (const [user, value] of personality(yearly, options)) put('listening-personality', user, value);
  return result;
}

function minutesOf(rows: readonly ListenRow[]) {
  const years = [...groupBy(rows, (row) => row.year)]
    .sort(([a], [b]) => a - b)
    .flatMap(([year, own]) => {
      const value = minutes(own);
      return value === null ? [] : { year, ...value };
    });
  if (years.length === 0) return null;
  const known = years.flatMap(({ ms }) => ms ?? []);
  const [biggest] = [...years].sort(
    (a, b) => (b.ms ?? 0) - (a.ms ?? 0) || b.plays - a.plays || a.year - b.year,
  );
  return {
    minutes: known.length === 0 ? null : Math.floor(sum(known) / MS_PER_MINUTE),
    plays: sum(years.map(({ plays }) => plays)),
    years: years.map(({ year, minutes, plays }) => ({ year, minutes, plays })),
    biggest: biggest!.year,
    first: years[0]!.year,
  };
}

/** Stories whose decade follows from the years' values alone. */
const REDUCED: Readonly<Record<string, (years: { year: number; value: never }[]) => unknown>> = {
  'top-fan': topFanOfYears,
  era: eraOfYears,
  'listening-age': listeningAgeOfYears,
  'new-artists': newArtistsOfYears,
  loyalty: loyaltyOfYears,
  comeback: comebackOfYears,
  tastemaker: tastemakerOfYears,
  evolution: evolutionOfYears,
  'remarkable-day': remarkableDayOfYears,
  'biggest-day': biggestDayOfYears,
  'audio-day': audioDayOfYears,
  podcast: podcastOfYears,
  counts: countsOfYears,
  skip: skipOfYears,
  season: seasonOfYears,
  session: sessionOfYears,
  repeat: repeatOfYears,
  'song-story': songStoryOfYears,
  'top-discovery': topDiscoveryOfYears,
};

/** Each user's yearly values of one story within a period, in the order of years. */
function yearsOfStory(
  columns: ReadonlyMap<string, Record<string, unknown>>,
  story: string,
  { from, to }: { from: number; to: number },
) {
  return [...columns].flatMap(([user, row]) => {
    const years = Object.entries(row)
      .map(([column, value]) => ({ of: column.split('#'), value: value as never }))
      .filter(({ of: [id, year] }) => id === story && Number(year) >= from && Number(year) <= to)
      .map(({ of: [, year], value }) => ({ year: Number(year), value }))
      .sort((a, b) => a.year - b.year);
    return years.length === 0 ? [] : [[user, years] as const];
  });
}

interface Year<Play = SettledPlay> {
  year: number;
  plays: Play[];
}

interface Ranking<Thing, Play> {
  list: string;
  thingsOf: (play: Play) => Thing[];
  keyOf: (thing: Thing) => string;
  /** What is shown of it, in the order that breaks ties. */
  shown: (thing: Thing) => Record<string, string | null>;
}

/** Every user's decade of one ranking. */
function rankingOf<Thing, Play extends { user_id: string; ms: number | null } = SettledPlay>(
  years: readonly Year<Play>[],
  { list, thingsOf, keyOf, shown }: Ranking<Thing, Play>,
) {
  const namesOf = (thing: Thing) => Object.values(shown(thing));
  const ids = new Set(['artist_id', 'track_id', 'album_id']);
  const show = (thing: Thing) =>
    Object.fromEntries(
      Object.entries(shown(thing)).filter(([name, value]) => value !== null || !ids.has(name)),
    );

  /** What the newest year shows in which anyone played it. */
  const newest = new Map<string, Thing>();
  for (const { plays } of years) {
    for (const thing of plays.flatMap(thingsOf)) newest.set(keyOf(thing), thing);
  }

  const all = years.flatMap(({ year, plays }) =>
    plays.flatMap((play) =>
      thingsOf(play).map((thing) => ({ user: play.user_id, year, ms: play.ms, thing })),
    ),
  );
  return new Map(
    [...groupBy(all, ({ user }) => user)].map(([user, own]) => {
      const yearly = [...groupBy(own, ({ year }) => year)].map(([year, ofYear]) => ({
        year,
        top: rank(ofYear, keyOf, namesOf).slice(0, TOP),
      }));
      const decade = rank(
        own.map(({ ms, thing }) => ({ ms, thing: newest.get(keyOf(thing))! })),
        keyOf,
        namesOf,
      );
      return [
        user,
        {
          [list]: decade.slice(0, TOP).map(({ thing, plays, ms }) => ({ ...show(thing), plays, ms })),
          distinct: decade.length,
          by_year: yearly.map(({ year, top: [first] }) => ({
            year,
            ...show(first!.thing),
            plays: first!.plays,
          })),
          faithful: faithful(yearly.flatMap(({ top }) => top)),
          exact: true,
        },
      ];
    }),
  );

  /** In the yearly lists most often; then plays in them, then milliseconds (unknown ones add nothing), then names. */
  function faithful(entries: readonly Tally<Thing>[]) {
    const [best] = [...groupBy(entries, ({ thing }) => keyOf(thing)).values()]
      .map((same) => ({
        thing: same.at(-1)!.thing,
        years: same.length,
        plays: sum(same.map(({ plays }) => plays)),
        ms: sum(same.map(({ ms }) => ms ?? 0)),
      }))
      .sort(
        (a, b) =>
          b.years - a.years ||
          b.plays - a.plays ||
          b.ms - a.ms ||
          compareTexts(namesOf(a.thing), namesOf(b.thing)),
      );
    return { ...show(best!.thing), years: best!.years, plays: best!.plays };
  }
}

interface YearOfAxes {
  year: number;
  plays: number;
  axes: ListenerAxes;
}

/** Each user's axes by year, and the personalities of each year. */
function axesByYear(history: History, years: readonly Year[], { fixedCuts }: OracleOptions) {
  const releaseYearOf = releaseYearLookup(history.tracks ?? []);
  const axes = new Map<string, YearOfAxes[]>();
  const codes = new Map<number, ReturnType<typeof personalities>>();
  for (const { year, plays } of years) {
    const context = { year, releaseYearOf, artistRanks: artistRanks(plays) };
    const ofYear = new Map<string, ListenerAxes>();
    for (const [user, own] of groupBy(plays, (play) => play.user_id)) {
      const of = listenerAxes(own, context);
      if (of === null) continue;
      ofYear.set(user, of);
      axes.set(user, [...(axes.get(user) ?? []), { year, plays: own.length, axes: of }]);
    }
    codes.set(year, personalities(ofYear, fixedCuts));
  }
  return { axes, codes };
}

/** The mean of the years that have the axis, weighted by plays, in ten-thousandths. */
function weighted(years: readonly YearOfAxes[]): ListenerAxes {
  const mean = (axis: Axis) => {
    const known = years.filter(({ axes }) => axes[axis] !== null);
    const plays = sum(known.map((of) => of.plays));
    if (plays === 0) return null;
    const total = known.reduce((all, of) => all + BigInt(of.axes[axis]!) * BigInt(of.plays), 0n);
    return tenThousandths(total, BigInt(plays) * BigInt(SCALE));
  };
  return Object.fromEntries(AXES.map((axis) => [axis, mean(axis)])) as ListenerAxes;
}

const listeningAxes = (axes: ReadonlyMap<string, YearOfAxes[]>) =>
  [...axes].map(([user, years]) => {
    const by_year = years.map(({ year, axes: of, plays }) => ({ year, axes: decimals(of), plays }));
    const value = { axes: decimals(weighted(years)), plays: sum(years.map(({ plays }) => plays)), by_year };
    return [user, value] as const;
  });

function personality(
  { axes, codes }: ReturnType<typeof axesByYear>,
  { fixedCuts }: OracleOptions,
): (readonly [string, unknown])[] {
  const told = new Map(
    [...axes].map(([user, years]) => [user, years.filter(({ year }) => codes.get(year)!.has(user))]),
  );
  const decade = personalities(new Map([...told].map(([user, years]) => [user, weighted(years)])), fixedCuts);
  return [...decade].map(([user, value]) => {
    const years = told.get(user)!;
    const by_year = years.map(({ year }) => {
      const { code, name } = codes.get(year)!.get(user)!;
      return { year, code, name };
    });
    return [user, { ...value, plays: sum(years.map(({ plays }) => plays)), by_year }];
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
