import clock from '../stories/clock.ts';
import listeningAxes from '../stories/listening-axes.ts';
import weekday from '../stories/weekday.ts';
import type { StoryView } from '../story-view.ts';
import audioDay from './audio-day.ts';
import biggestDay from './biggest-day.ts';
import comeback from './comeback.ts';
import counts from './counts.ts';
import era from './era.ts';
import evolution from './evolution.ts';
import listeningAge from './listening-age.ts';
import listeningPersonality from './listening-personality.ts';
import loyalty from './loyalty.ts';
import minutes from './minutes.ts';
import newArtists from './new-artists.ts';
import podcast from './podcast.ts';
import remarkableDay from './remarkable-day.ts';
import repeat from './repeat.ts';
import season from './season.ts';
import session from './session.ts';
import skip from './skip.ts';
import songStory from './song-story.ts';
import streak from './streak.ts';
import tastemaker from './tastemaker.ts';
import topAlbum from './top-album.ts';
import topArtist from './top-artist.ts';
import topDiscovery from './top-discovery.ts';
import topFan from './top-fan.ts';
import topGenre from './top-genre.ts';
import topTrack from './top-track.ts';

/** The decades that have a look of their own. Axes, weeks and days look as a year's do. */
export const decadeViews: readonly StoryView[] = [
  minutes,
  counts,
  skip,
  topArtist,
  topFan,
  newArtists,
  loyalty,
  comeback,
  topTrack,
  topAlbum,
  topDiscovery,
  topGenre,
  era,
  listeningPersonality,
  listeningAxes,
  listeningAge,
  tastemaker,
  songStory,
  repeat,
  biggestDay,
  remarkableDay,
  weekday,
  clock,
  audioDay,
  season,
  evolution,
  streak,
  session,
  podcast,
];
