import { albumRow } from './album-row.ts';
import { artist } from './artist.ts';
import { artistGenre } from './artist-genre.ts';
import { episode } from './episode.ts';
import { podcastUser } from './podcast-user.ts';
import { popularTrack } from './popular-track.ts';
import { skipRow } from './skip-row.ts';
import { readsPlays, type TotalsFile, type TotalsStep } from './step.ts';
import { user } from './user.ts';
import { userAlbum } from './user-album.ts';
import { userArtist } from './user-artist.ts';
import { userArtistDays } from './user-artist-days.ts';
import { userCountry } from './user-country.ts';
import { userGenre } from './user-genre.ts';
import { userHour } from './user-hour.ts';
import { userRelease } from './user-release.ts';
import { userSkip } from './user-skip.ts';
import { userTrack } from './user-track.ts';
import { userTurn } from './user-turn.ts';

export { type Bucket, bucketsOf, EVERYONE, SLICES, userOrder } from './buckets.ts';
export { COLUMNS, hasNumber, type Part, readsPlays, type StepInput, type TotalsFile } from './step.ts';

/** To be raised with every change of what totals hold. */
export const TOTALS_VERSION = 5;

/** The steps from plays to totals, each after those it reads. */
const STEPS: readonly TotalsStep[] = [
  user,
  userCountry,
  userHour,
  userTrack,
  userTurn,
  userArtist,
  userArtistDays,
  userRelease,
  albumRow,
  userAlbum,
  skipRow,
  userSkip,
  artist,
  popularTrack,
  artistGenre,
  userGenre,
  episode,
  podcastUser,
];

/** What plays are made into, all else being made of that. */
export const FILES_OF_PLAYS: readonly TotalsFile[] = STEPS.filter(readsPlays).flatMap(
  ({ writes, alsoWrites = [] }) => [...writes, ...alsoWrites],
);

/** The files that are made of the lake's genres beside the plays, at first hand or another. */
const OF_GENRES = new Set<string>(artistGenre.writes);
for (const { reads, writes } of STEPS)
  if (reads.some((file) => OF_GENRES.has(file))) for (const file of writes) OF_GENRES.add(file);

/** Whether a file is made of the lake's genres too. */
export const isOfGenres = (file: string): boolean => OF_GENRES.has(file);

/** A step to be done, and the files that it is to make. */
export interface DueStep {
  readonly step: TotalsStep;
  readonly files: readonly TotalsFile[];
}

/** The steps that it takes to have these totals, in order. All totals are of users, so that `user` is always among them. */
export function stepsFor(totals: Iterable<TotalsFile>): DueStep[] {
  const wanted = new Set<TotalsFile>(['user', ...totals]);
  const steps: DueStep[] = [];
  for (const step of [...STEPS].reverse()) {
    const { writes, alsoWrites = [], reads } = step;
    if (![...writes, ...alsoWrites].some((file) => wanted.has(file))) continue;
    for (const file of reads) wanted.add(file);
    steps.unshift({ step, files: [...writes, ...alsoWrites.filter((file) => wanted.has(file))] });
  }
  return steps;
}
