import { z } from 'zod';
import { axesShape, renderAxes } from '../axes.ts';
import { heading, type Page } from '../page.ts';
import { defineStoryView } from '../story-view.ts';
import { fit, wrap } from '../text.ts';

/** One of sixteen. */
const CODE = /^[FE][NT][VL][CU]$/;

/** What each letter of a code says of a listener. */
const TRAITS: Readonly<Record<string, string>> = {
  F: 'true to favourite artists',
  E: 'always among other artists',
  N: 'quick to new songs',
  T: 'at home in songs of any age',
  V: 'seldom the same song twice',
  L: 'loyal to the same songs',
  C: 'with the crowd',
  U: 'off the beaten track',
};

/** What a year's personality and a decade's have in common. */
export const personalityShape = z.object({ code: z.string().regex(CODE), name: z.string(), axes: axesShape });

export function renderPersonality(
  { code, name, axes }: z.infer<typeof personalityShape>,
  page: Page,
): string[] {
  const { bold, dim, yellow } = page.colors;
  const traits = [...code].flatMap((letter) => TRAITS[letter] ?? []).join(', ');
  return [
    heading(page, yellow, { detail: code }),
    bold(fit(name, page.width)),
    ...wrap(traits.charAt(0).toUpperCase() + traits.slice(1), page.width).map(dim),
    '',
    ...renderAxes(axes, page, code),
  ];
}

export default defineStoryView({
  story: 'listening-personality',
  shape: personalityShape,
  render: renderPersonality,
});
