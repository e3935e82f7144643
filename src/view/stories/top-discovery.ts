import { plural } from '../format.ts';
import { renderRanking, timeFigure } from '../ranking.ts';
import { defineStoryView } from '../story-view.ts';
import { topTrackShape } from './top-track.ts';

/** So many of the fifty are shown. */
const SHOWN = 10;

export default defineStoryView({
  story: 'top-discovery',
  shape: topTrackShape,
  render: ({ tracks, distinct }, page) => {
    const shown = tracks.slice(0, SHOWN);
    return renderRanking(
      {
        detail: `${plural(distinct, 'track')} in all`,
        items: shown.map(({ track, artist, track_id, plays }) => ({
          name: track ?? track_id ?? null,
          aside: artist,
          plays,
        })),
        figures: [timeFigure(shown)],
        accent: page.colors.cyan,
      },
      page,
    );
  },
});
