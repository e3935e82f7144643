import type { ZodType } from 'zod';
import type { Page } from './page.ts';

/** How one story looks. `render` gives undefined where the value is not of the shape that it knows. */
export interface StoryView {
  readonly story: string;
  readonly render: (value: unknown, page: Page) => string[] | undefined;
}

/** How the story `story` looks, given values of `shape`. Texts in them are clean. */
export const defineStoryView = <Value>(view: {
  readonly story: string;
  readonly shape: ZodType<Value>;
  readonly render: (value: Value, page: Page) => string[];
}): StoryView => ({
  story: view.story,
  render: (value, page) => {
    const known = view.shape.safeParse(value);
    return known.success ? view.render(known.data, page) : undefined;
  },
});
