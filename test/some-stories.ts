import { stories } from '../stories/index.ts';

/** The ids of a few stories, for tests of the engine and the command line that count columns: a new story is none of their business. */
const SOME = ['minutes', 'top-artist', 'top-track', 'top-genre', 'listening-personality', 'listening-axes'];

/** Of any list of stories, those few. */
export const someOf = <Story extends { readonly id: string }>(all: readonly Story[]): Story[] =>
  all.filter(({ id }) => SOME.includes(id));

export const someStories = someOf(stories);

/** The option that chooses them. */
export const SOME_STORIES = ['--stories', SOME.join(',')] as const;
