import type { TotalsName } from '../story/index.ts';
import { artist } from './artist.ts';
import { artistGenre } from './artist-genre.ts';
import type { TotalsFile, TotalsStep } from './step.ts';
import { user } from './user.ts';
import { userArtist } from './user-artist.ts';
import { userRelease } from './user-release.ts';
import { userTrack } from './user-track.ts';

export type { StepInput, TotalsFile, TotalsStep } from './step.ts';

/** To be raised with every change of what totals hold. */
export const TOTALS_VERSION = 2;

/** The steps from plays to totals, each after those it reads. */
const STEPS: readonly TotalsStep[] = [user, userTrack, userArtist, userRelease, artist, artistGenre];

/** The steps that it takes to have these totals, in order. Every column is of users, so that `user` is always among them. */
export function stepsFor(totals: Iterable<TotalsName>): TotalsStep[] {
  const wanted = new Set<TotalsFile>(['user', ...totals]);
  return [...STEPS]
    .reverse()
    .filter((step) => {
      const needed = step.writes.some((file) => wanted.has(file));
      if (needed) for (const file of step.reads) wanted.add(file);
      return needed;
    })
    .reverse();
}
