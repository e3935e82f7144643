import { mkdir, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { stories as builtIn } from '../../../stories/index.ts';
import { WrappedError } from '../../error.ts';
import { libraryPath } from '../../package.ts';
import { isStoryId } from '../../story/index.ts';
import { caseTexts, storyText, testText } from './template.ts';

/** The name of the case that is written. */
const CASE = 'once-and-twice';

/**
 * Writes a story, a case and a test into a folder of stories; the folder may be there or not.
 * @returns the paths of the files written
 * @throws WrappedError for a name that is no id, or is another story's, and where one of the files is there already
 */
export async function newStory(id: string, folder: string): Promise<string[]> {
  if (!isStoryId(id)) {
    throw new WrappedError(`'${id}' is no story's name, expected lower case words joined by '-'`, {
      hint: 'Such as `wrapped stories --new one-timers`.',
    });
  }
  if (builtIn.some((story) => story.id === id))
    throw new WrappedError(`there is a story '${id}' already`, { hint: 'Give yours another name.' });
  const files = Object.entries({
    [`${id}.ts`]: storyText(id),
    [`${id}.test.mjs`]: testText(id, libraryFrom(folder)),
    ...Object.fromEntries(
      Object.entries(caseTexts(id)).map(([path, text]) => [`fixtures/${id}/${CASE}/${path}`, text]),
    ),
  }).map(([path, text]) => ({ path: join(folder, ...path.split('/')), text }));
  for (const { path } of files) {
    const there = await stat(path).catch(() => undefined);
    if (there !== undefined)
      throw new WrappedError(`${path} is there already; nothing was written`, {
        hint: 'Give the story another name, or another folder with --stories DIR.',
      });
  }
  for (const { path, text } of files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { flag: 'wx' });
  }
  return files.map(({ path }) => path);
}

/** How a test in a folder imports this package: by name where Node finds it from there, else by the path of its main file. */
function libraryFrom(folder: string): string {
  try {
    createRequire(join(resolve(folder), 'test.mjs')).resolve('wrapped-engine');
    return 'wrapped-engine';
  } catch {
    const path = relative(resolve(folder), libraryPath()).split(sep).join('/');
    return path.startsWith('.') ? path : `./${path}`;
  }
}
