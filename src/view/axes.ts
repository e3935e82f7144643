import { z } from 'zod';
import { FIXED_CUTS } from '../story/index.ts';
import { chance, count, percent } from './format.ts';
import type { Colors, Page } from './page.ts';
import { fit, padding } from './text.ts';

interface Axis {
  readonly key: 'familiarity' | 'newness' | 'variety' | 'popularity';
  /** What the end at 0 is called, and the end at 1. */
  readonly ends: readonly [low: string, high: string];
  /** The letter in a personality's code of the side at 1. */
  readonly high: string;
  /** What the number says. */
  readonly meaning: (value: number) => string;
}

/** In the order of a personality's code. */
const AXES: readonly Axis[] = [
  {
    key: 'familiarity',
    ends: ['Exploration', 'Familiarity'],
    high: 'F',
    meaning: (value) => `same artist again ${chance(value)}`,
  },
  {
    key: 'newness',
    ends: ['Timelessness', 'Newness'],
    high: 'N',
    meaning: (value) => `${percent(value)} new`,
  },
  {
    key: 'variety',
    ends: ['Loyalty', 'Variety'],
    high: 'V',
    meaning: (value) => `same track again ${chance(1 - value)}`,
  },
  {
    key: 'popularity',
    ends: ['Uniqueness', 'Commonality'],
    high: 'C',
    meaning: (value) => `above ${percent(value)} of artists`,
  },
];

const axisShape = z.number().min(0).max(1).nullable();

/** The four axes, from 0 to 1; null where one is not known. */
export const axesShape = z.object({
  familiarity: axisShape,
  newness: axisShape,
  variety: axisShape,
  popularity: axisShape,
});

type Axes = z.infer<typeof axesShape>;

/** What the ledger keeps of a year's personalities: where each axis was cut. */
const cutsShape = z.object({
  cuts: z.enum(['fixed', 'population']),
  users: z.number(),
  familiarity: z.number(),
  newness: z.number(),
  variety: z.number(),
  popularity: z.number(),
});

/** From this width on a slider is followed by what its number means, below by the number. */
const WIDE = 72;

const LONGEST_HALF = 18;

const GAP = '  ';
const MIDDLE = '┼';

const longest = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length));

const LOW_WIDTH = longest(AXES.map(({ ends }) => ends[0]));
const HIGH_WIDTH = longest(AXES.map(({ ends }) => ends[1]));

type Side = 'low' | 'high';

/**
 * A slider per axis, its middle where listeners are cut in two; a line says which middle that is. Real values crowd at one end
 * (two plays share an artist once in fifty, hardly ever a track), so that a position is not the value but its odds against the cut's:
 * 0 and 1 stay the ends, the cut becomes the middle. With a personality's `code` the side is the code's.
 */
export function renderAxes(axes: Axes, page: Page, code?: string): string[] {
  const { colors, width } = page;
  const note = cutsShape.safeParse(page.note).data;
  const cuts = note ?? FIXED_CUTS;
  const figures = AXES.map(({ key, meaning }) => {
    const value = axes[key];
    if (value === null) return 'not known';
    return width < WIDE ? count(value) : meaning(value);
  });
  const room = width - LOW_WIDTH - HIGH_WIDTH - longest(figures) - 3 * GAP.length - MIDDLE.length;
  const half = Math.max(1, Math.min(LONGEST_HALF, Math.floor(room / 2)));

  const sliders = AXES.map(({ key, ends: [low, high], high: letter }, index) => {
    const value = axes[key];
    const isHigh = code?.includes(letter) ?? (value ?? 0) >= cuts[key];
    const side = value === null ? undefined : isHigh ? 'high' : 'low';
    const end = (text: string, of: Side) => (side === of ? colors.bold : colors.dim)(text);
    return [
      padding(low, LOW_WIDTH) + end(low, 'low'),
      slider(side, fromMiddle(value ?? 0, cuts[key], isHigh), half, colors),
      end(high, 'high') + padding(high, HIGH_WIDTH),
      colors.dim(figures[index]!),
    ].join(GAP);
  });
  const indent = LOW_WIDTH + GAP.length + half;
  const middle =
    note?.cuts === 'population' ? `the median of ${count(note.users)} listeners` : 'a typical listener';
  return [...sliders, ' '.repeat(indent) + colors.dim(fit(`└ ${middle}`, width - indent))];
}

/** A line of two halves with a mark on one of them, `distance` (0 to 1) from the middle. The middle itself stays free. */
function slider(
  side: Side | undefined,
  distance: number,
  half: number,
  { bold, dim, yellow }: Colors,
): string {
  const line = (length: number) => '─'.repeat(length);
  const steps = Math.min(half - 1, Math.floor(distance * half));
  const rest = half - 1 - steps;
  const mark = bold(yellow('●'));
  if (side === 'low') return dim(line(rest)) + mark + dim(line(steps) + MIDDLE + line(half));
  if (side === 'high') return dim(line(half) + MIDDLE + line(steps)) + mark + dim(line(rest));
  return dim(line(half) + MIDDLE + line(half));
}

/** How far from the cut, on its side: 0 at the cut, 1 at the end of the axis. */
function fromMiddle(value: number, cut: number, isHigh: boolean): number {
  const own = value * (1 - cut);
  const other = cut * (1 - value);
  const position = own + other > 0 ? own / (own + other) : 0.5;
  return Math.max(0, 2 * (isHigh ? position - 0.5 : 0.5 - position));
}
