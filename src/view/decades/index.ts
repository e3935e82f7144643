import listeningAxes from '../stories/listening-axes.ts';
import type { StoryView } from '../story-view.ts';
import era from './era.ts';
import listeningAge from './listening-age.ts';
import listeningPersonality from './listening-personality.ts';
import minutes from './minutes.ts';
import newArtists from './new-artists.ts';
import topArtist from './top-artist.ts';
import topFan from './top-fan.ts';
import topGenre from './top-genre.ts';
import topTrack from './top-track.ts';

/** The decades that have a look of their own. Axes look as a year's do. */
export const decadeViews: readonly StoryView[] = [
  minutes,
  topArtist,
  topFan,
  newArtists,
  topTrack,
  topGenre,
  era,
  listeningPersonality,
  listeningAxes,
  listeningAge,
];
