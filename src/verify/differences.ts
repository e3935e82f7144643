/** One part of a value that is not what it should be. What is not there at all is undefined. */
export interface Difference {
  /** `artists[0].plays`; empty where it is the value as a whole. */
  readonly path: string;
  readonly stored: unknown;
  readonly recomputed: unknown;
}

/** Where two values differ, each as deep down as it can be said. Numbers are equal or not: there is no nearly. */
export function differences(stored: unknown, recomputed: unknown, path = ''): Difference[] {
  if (Object.is(stored, recomputed)) return [];
  if (Array.isArray(stored) && Array.isArray(recomputed)) {
    const length = Math.max(stored.length, recomputed.length);
    return Array.from({ length }, (_, index) =>
      differences(stored[index], recomputed[index], `${path}[${index}]`),
    ).flat();
  }
  if (isObject(stored) && isObject(recomputed)) {
    return [...new Set([...Object.keys(stored), ...Object.keys(recomputed)])].flatMap((key) =>
      differences(stored[key], recomputed[key], path === '' ? key : `${path}.${key}`),
    );
  }
  return [{ path, stored, recomputed }];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
