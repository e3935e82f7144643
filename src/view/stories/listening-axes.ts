import { z } from 'zod';
import { axesShape, renderAxes } from '../axes.ts';
import { heading } from '../page.ts';
import { defineStoryView } from '../story-view.ts';

/** For whom no personality can be told: the axes that are known. */
export default defineStoryView({
  story: 'listening-axes',
  shape: z.object({ axes: axesShape }),
  render: ({ axes }, page) => [heading(page, page.colors.yellow), ...renderAxes(axes, page)],
});
