import type { ListenerAxes } from './axes.ts';
import { AXES, type Axis, type Cuts } from './history.ts';
import { SCALE } from './ratio.ts';

/** From this many personalities in a year on, the cuts are the year's medians. */
const MIN_LISTENERS_FOR_MEDIANS = 1000;

/** The letter at or above the cut and the one below. */
const LETTERS: Readonly<Record<Axis, readonly [string, string]>> = {
  familiarity: ['F', 'E'],
  newness: ['N', 'T'],
  variety: ['V', 'L'],
  popularity: ['C', 'U'],
};

/** Spotify's names of 2022. */
const NAMES: Readonly<Record<string, string>> = {
  ENVU: 'Adventurer',
  ENVC: 'Early Adopter',
  ENLU: 'Nomad',
  ENLC: 'Voyager',
  ETVU: 'Time Traveler',
  ETVC: 'Musicologist',
  ETLU: 'Maverick',
  ETLC: 'Top Charter',
  FNVU: 'Specialist',
  FNVC: 'Fan Clubber',
  FNLU: 'Devotee',
  FNLC: 'Enthusiast',
  FTVU: 'Deep Diver',
  FTVC: 'Jukeboxer',
  FTLU: 'Replayer',
  FTLC: 'Connoisseur',
};

/** The `listening-personality` values of a year, by user, from the axes of all its listeners. */
export function personalities(axes: ReadonlyMap<string, ListenerAxes>, fixedCuts: Cuts) {
  const known = new Map([...axes].flatMap(([user, of]) => (isKnown(of) ? [[user, of] as const] : [])));
  const isAbove = sideOf([...known.values()], fixedCuts);

  return new Map(
    [...known].map(([user, of]) => {
      const code = AXES.map((axis) => LETTERS[axis][isAbove(axis, of[axis]) ? 0 : 1]).join('');
      return [user, { code, name: NAMES[code]!, axes: decimals(of) }];
    }),
  );
}

/** Axes as a column shows them: four decimals, null where unknown. */
export function decimals<Value extends number | null>(axes: Record<Axis, Value>) {
  const shown = AXES.map((axis) => [axis, axes[axis] === null ? null : axes[axis] / SCALE]);
  return Object.fromEntries(shown) as Record<Axis, Value>;
}

/**
 * Whether a value, in ten-thousandths, is at or above its axis's cut. Doubled medians are whole: no mean is
 * ever rounded.
 */
function sideOf(listeners: readonly Record<Axis, number>[], fixedCuts: Cuts) {
  if (listeners.length < MIN_LISTENERS_FOR_MEDIANS) {
    return (axis: Axis, value: number) => value / SCALE >= fixedCuts[axis];
  }
  const doubled = new Map(AXES.map((axis) => [axis, doubledMedian(listeners.map((of) => of[axis]))]));
  return (axis: Axis, value: number) => 2 * value >= doubled.get(axis)!;
}

/** The sum of the two middle values, or twice the middle one. */
function doubledMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!;
}

function isKnown(axes: ListenerAxes): axes is Record<Axis, number> {
  return AXES.every((axis) => axes[axis] !== null);
}
