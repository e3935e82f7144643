import { type AnyStory, defineStory, integer, object, type Sql, sql, struct } from '../src/story/index.ts';

/** It reads `user`. */
export type CountStory = Omit<AnyStory, 'query'> & {
  readonly query: (relations: { readonly user: Sql }) => Sql;
};

/** How many plays a user has: the smallest story there is. Variations of it go wrong in one way each. */
export function countStory(varied: Partial<CountStory> = {}): AnyStory {
  const story: CountStory = {
    id: 'count',
    version: 1,
    title: 'Count',
    summary: 'how many plays there are',
    reads: ['user'],
    column: object({ plays: integer() }),
    query: ({ user }) => sql`SELECT user_year, ${struct({ plays: sql`plays` })} AS value FROM ${user}`,
    ...varied,
  };
  return defineStory(story as unknown as AnyStory);
}
