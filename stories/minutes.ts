import { defineStory, integer, nullable, object, sql, struct } from '../src/story/index.ts';

/**
 * How long a user listened to music: floor(milliseconds of all known lengths / 60,000), short rows and private sessions included;
 * null where no length is known. `plays` counts plays, `listens` all music listen rows.
 * Definition: ours.
 */
export default defineStory({
  id: 'minutes',
  version: 1,
  title: 'Minutes listened',
  summary: 'how long you listened to music, how many plays, how many listens',
  reads: ['user'],
  column: object({
    minutes: nullable(integer()),
    plays: integer(),
    listens: integer(),
    unknown_length: integer(),
  }),
  query: ({ user }) => sql`
    SELECT user_year, ${struct({
      minutes: sql`CASE WHEN unknown_lengths < listens THEN ms // 60000 END`,
      plays: sql`plays`,
      listens: sql`listens`,
      unknown_length: sql`unknown_lengths`,
    })} AS value
    FROM ${user}`,
});
