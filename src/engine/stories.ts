import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { distance } from 'fastest-levenshtein';
import { messageOf, WrappedError } from '../error.ts';
import { libraryPath } from '../package.ts';
import { type AnyStory, defineStory } from '../story/index.ts';

/** Files that may be a story. `index.*`, tests and declarations are none. */
const STORY_FILE = /^(?!index\.)[^.]+\.(ts|mts|js|mjs)$/;

/**
 * Loads a user's own stories: every file of a folder, each with a story as its default export. They import from 'wrapped-engine'.
 * @throws WrappedError that names the file, for one that is no story, or whose name is not its id
 */
export async function loadStories(folder: string): Promise<AnyStory[]> {
  const dir = resolve(folder);
  const files = (
    await readdir(dir).catch((cause: NodeJS.ErrnoException) => {
      throw new WrappedError(`stories folder ${dir} can't be read: ${cause.message}`, { cause });
    })
  ).filter((name) => STORY_FILE.test(name));
  if (files.length === 0) {
    throw new WrappedError(`stories folder ${dir} holds no story: expected files such as my-story.ts`, {
      hint: 'docs/stories.md shows how to write one.',
    });
  }
  const { createJiti } = await import('jiti');
  const jiti = createJiti(import.meta.url, {
    alias: { 'wrapped-engine': libraryPath() },
    moduleCache: false,
  });
  return Promise.all(
    files.sort().map((name) => loadStory(join(dir, name), (path) => jiti.import(path, { default: true }))),
  );
}

async function loadStory(path: string, load: (path: string) => Promise<unknown>): Promise<AnyStory> {
  let story: AnyStory;
  try {
    const found = await load(path);
    if (typeof (found as AnyStory | undefined)?.id !== 'string') {
      throw new TypeError(`its default export is ${found === null ? 'null' : typeof found}, without an id`);
    }
    story = defineStory(found as AnyStory);
  } catch (cause) {
    throw new WrappedError(`${path} is no story: ${messageOf(cause)}`, {
      cause,
      hint: 'Its default export has to be defineStory({…}), imported from wrapped-engine.',
    });
  }
  const name = basename(path, extname(path));
  if (story.id !== name)
    throw new WrappedError(`${path} has the id '${story.id}', expected '${name}', its file's name`);
  return story;
}

/** Joins stories; an id may be there once. @throws WrappedError for one that is there twice */
export function joinStories(...lists: readonly (readonly AnyStory[])[]): AnyStory[] {
  const all = lists.flat();
  for (const [index, { id }] of all.entries()) {
    if (all.findIndex((other) => other.id === id) !== index) {
      throw new WrappedError(`there are two stories '${id}'`, { hint: 'Give your own another id.' });
    }
  }
  return all;
}

/** Picks stories by id. @throws WrappedError that names the nearest id, for one that is not there */
export function pickStories(stories: readonly AnyStory[], ids: readonly string[]): AnyStory[] {
  return [...new Set(ids)].map((id) => {
    const story = stories.find((candidate) => candidate.id === id);
    if (story !== undefined) return story;
    const nearest = stories
      .map((candidate) => candidate.id)
      .sort((one, other) => distance(id, one) - distance(id, other))[0];
    throw new WrappedError(`there is no story '${id}'`, {
      hint: `Did you mean '${nearest}'? \`wrapped stories\` lists all.`,
    });
  });
}

/** Whether a text names a folder rather than stories. Ids have neither `/` nor `.`. */
export async function isFolderName(text: string): Promise<boolean> {
  if (/[/\\.]/.test(text)) return true;
  return (await stat(text).catch(() => undefined))?.isDirectory() === true;
}
