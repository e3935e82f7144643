import {
  AXES_READ,
  axesType,
  defineStory,
  FEWEST_PLAYS,
  listeningAxes,
  object,
  sql,
  struct,
} from '../src/story/index.ts';

/**
 * How someone listens, as far as it can be known: familiarity, newness, variety, popularity, each from 0 to 1, null where the lake lacks what it
 * takes (release dates, other listeners). For a listener alone, whose listening personality can't be told.
 * Definition: ours, after Spotify's listening personality of 2022; see `listeningAxes`.
 */
export default defineStory({
  id: 'listening-axes',
  version: 1,
  title: 'How you listen',
  summary: 'the four axes of the listening personality, as far as each can be known',
  reads: AXES_READ,
  column: object({ axes: axesType }),
  query: (relations) => sql`
    SELECT
      user_year,
      CASE WHEN plays < ${FEWEST_PLAYS} THEN ${`fewer than ${FEWEST_PLAYS} plays`} END AS absent,
      CASE WHEN plays >= ${FEWEST_PLAYS} THEN ${struct({
        axes: struct({
          familiarity: sql`familiarity`,
          newness: sql`newness`,
          variety: sql`variety`,
          popularity: sql`popularity`,
        }),
      })} END AS value
    FROM (${listeningAxes(relations)})`,
});
