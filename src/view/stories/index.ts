import type { StoryView } from '../story-view.ts';
import audioDay from './audio-day.ts';
import biggestDay from './biggest-day.ts';
import clock from './clock.ts';
import comeback from './comeback.ts';
import counts from './counts.ts';
import era from './era.ts';
import evolution from './evolution.ts';
import listeningAge from './listening-age.ts';
import listeningAxes from './listening-axes.ts';
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
import weekday from './weekday.ts';

/** The stories that have a look of their own. */
export const storyViews: readonly StoryView[] = [
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
