/**
 * The written definition of the stories' answers, against which the SQL is checked: a plain reducer over
 * listen rows, from DESIGN.md's rules, sharing no code with the engine. It is meant to be read; it is in no
 * hurry.
 */

import { audioDay } from './audio-day.ts';
import { artistRanks, type ListenerAxes, listenerAxes, releaseYearLookup } from './axes.ts';
import { biggestDay } from './biggest-day.ts';
import { comeback } from './comeback.ts';
import { counts } from './counts.ts';
import { era } from './era.ts';
import { evolution } from './evolution.ts';
import { lowest } from './extremes.ts';
import { groupBy } from './group.ts';
import type { History, OracleOptions } from './history.ts';
import { listenRows } from './listen-rows.ts';
import { listeningAges } from './listening-age.ts';
import { loyalty } from './loyalty.ts';
import { minutes } from './minutes.ts';
import { newArtists } from './new-artists.ts';
import { decimals, personalities } from './personality.ts';
import { podcast } from './podcast.ts';
import { genreLookup, topArtist, topGenre, topTrack } from './rankings.ts';
import { remarkableDay } from './remarkable-day.ts';
import { repeat } from './repeat.ts';
import { season } from './season.ts';
import { session } from './session.ts';
import { type SettledPlay, settle, settledNames } from './settle.ts';
import { skips } from './skip.ts';
import { songStory } from './song-story.ts';
import { streak } from './streak.ts';
import { tastemakers } from './tastemaker.ts';
import { albumPlays, topAlbum } from './top-album.ts';
import { topDiscoveries } from './top-discovery.ts';
import { topFans } from './top-fan.ts';
import { clock, weekday } from './week-and-clock.ts';

/** The stories that the oracle knows. */
export const STORIES = [
  'minutes',
  'top-artist',
  'top-fan',
  'top-track',
  'top-genre',
  'listening-personality',
  'listening-axes',
  'era',
  'listening-age',
  'new-artists',
  'loyalty',
  'comeback',
  'tastemaker',
  'evolution',
  'remarkable-day',
  'biggest-day',
  'weekday',
  'clock',
  'audio-day',
  'season',
  'streak',
  'repeat',
  'session',
  'song-story',
  'top-discovery',
  'top-album',
  'podcast',
  'counts',
  'skip',
] as const;

export type Story = (typeof STORIES)[number];

/** One user's columns: values by story and year, such as `top-artist#2019`. */
export type Row = Record<string, unknown>;

/** The rows of all users with at least one column, over every local year that occurs. */
export function oracle(history: History, options: OracleOptions): Map<string, Row> {
  const genresOf = genreLookup(history.artistGenres ?? []);
  const releaseYearOf = releaseYearLookup(history.tracks ?? []);
  const countries = new Map((history.users ?? []).map(({ user_id, country }) => [user_id, country]));
  const result = new Map<string, Row>();

  const all = listenRows(history, options);
  const settled: { year: number; plays: SettledPlay[]; byUser: Map<string, SettledPlay[]> }[] = [];
  for (const [year, rows] of groupBy(all, (row) => row.year)) {
    const put = (story: Story, user: string, value: unknown) => {
      if (value === null) return;
      result.set(user, { ...result.get(user), [`${story}#${year}`]: value });
    };

    for (const [user, own] of groupBy(rows, (row) => row.user_id)) {
      put('minutes', user, minutes(own));
      put('podcast', user, podcast(own, options.identity));
    }

    const rowsOfPlays = rows.filter((row) => row.isPlay);
    const names = settledNames(rowsOfPlays, options.identity);
    const plays = settle(rowsOfPlays, options.identity, names);
    const byUser = groupBy(plays, (play) => play.user_id);
    settled.push({ year, plays, byUser });
    const context = { year, releaseYearOf, artistRanks: artistRanks(plays) };
    const axes = new Map<string, ListenerAxes>();

    const ofAlbums = albumPlays(rows, options.identity, history.tracks ?? []);
    const ofAlbumsBy = groupBy(ofAlbums, (play) => play.user_id);
    for (const [user, own] of byUser) {
      put('counts', user, counts(own, ofAlbumsBy.get(user) ?? [], genresOf));
      put('top-artist', user, topArtist(own));
      put('top-track', user, topTrack(own));
      put('top-genre', user, topGenre(own, genresOf));
      put('era', user, era(own, releaseYearOf));
      put('audio-day', user, audioDay(own, genresOf));
      put('season', user, season(own, countries.get(user) ?? null));
      put('weekday', user, weekday(own));
      put('clock', user, clock(own));
      put('streak', user, streak(own));
      put('repeat', user, repeat(own));
      put('session', user, session(own));
      put('song-story', user, songStory(own));
      put('evolution', user, evolution(own, genresOf));
      const ownAxes = listenerAxes(own, context);
      if (ownAxes !== null) axes.set(user, ownAxes);
    }
    for (const [user, own] of ofAlbumsBy) put('top-album', user, topAlbum(own));
    for (const [user, value] of skips(rows, names, options.identity)) put('skip', user, value);
    for (const [user, value] of topFans(plays)) put('top-fan', user, value);
    for (const [user, value] of tastemakers(plays)) put('tastemaker', user, value);
    for (const [user, value] of listeningAges(plays, context)) put('listening-age', user, value);
    for (const [user, of] of axes) {
      put('listening-axes', user, { axes: decimals(of), plays: byUser.get(user)!.length });
    }
    for (const [user, value] of personalities(axes, options.fixedCuts)) {
      put('listening-personality', user, { ...value, plays: byUser.get(user)!.length });
    }
  }
  const music = groupBy(
    all.filter((row) => row.isMusic),
    (row) => row.user_id,
  );
  // Of a year before the lake's first in UTC there is at most what a time zone moved there.
  const since = lowest(history.plays.map((play) => new Date(play.played_at).getUTCFullYear()));
  const firstYearOf = (user: string) => Math.max(since, lowest(music.get(user)!.map((row) => row.year)));
  for (const { year, user, value } of newArtists(settled, firstYearOf))
    result.set(user, { ...result.get(user), [`new-artists#${year}`]: value });
  for (const { year, user, value } of topDiscoveries(settled, firstYearOf))
    result.set(user, { ...result.get(user), [`top-discovery#${year}`]: value });
  for (const [user, own] of music) {
    const playsOf = ({ byUser }: (typeof settled)[number]) => byUser.get(user) ?? [];
    const rowsIn = groupBy(own, (row) => row.year);
    for (const its of settled) {
      const { year } = its;
      const put = (story: Story, value: unknown) => {
        if (value !== null) result.set(user, { ...result.get(user), [`${story}#${year}`]: value });
      };
      const last = settled.filter((other) => other.year === year - 1 && other.year >= since);
      put('loyalty', loyalty(playsOf(its), last.flatMap(playsOf)));

      const before = settled.filter((other) => other.year < year).flatMap(playsOf);
      if (firstYearOf(user) < year && rowsIn.has(year - 1)) put('comeback', comeback(playsOf(its), before));
      const heard = new Set(before.flatMap(({ artist }) => artist?.key ?? []));
      const known = firstYearOf(user) >= year ? undefined : heard;
      const rows = rowsIn.get(year) ?? [];
      put('biggest-day', biggestDay(rows, playsOf(its), known));
      put('remarkable-day', remarkableDay(rows, playsOf(its), known, { genresOf, releaseYearOf }));
    }
  }
  return result;
}

/** The local years in which anything was played, ascending. */
export function yearsOf(history: History, options: Pick<OracleOptions, 'timezone'>): number[] {
  return [...new Set(listenRows(history, options).map((row) => row.year))].sort((a, b) => a - b);
}
