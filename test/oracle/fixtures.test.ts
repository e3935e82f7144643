import { describe, expect, test } from 'vitest';
import { periodName } from '../../src/decade/period.ts';
import { decadeOracle } from '../../src/oracle/decade.ts';
import type { Cuts } from '../../src/oracle/history.ts';
import { oracle, STORIES, yearsOf } from '../../src/oracle/oracle.ts';
import { type LakeFixture, loadFixtures } from '../fixtures.ts';

/** The cases' personalities lie at the ends of the axes, so that no choice of fixed cuts can change them. */
const CUTS: Readonly<Record<string, Cuts>> = {
  low: { familiarity: 0.0001, newness: 0.0001, variety: 0.0001, popularity: 0.0001 },
  high: { familiarity: 1, newness: 1, variety: 1, popularity: 1 },
};

const lakes = loadFixtures().filter((fixture): fixture is LakeFixture => 'history' in fixture);

describe.each(lakes)('$name', (fixture) => {
  test('has an expected file for every story and year', () => {
    const { decade } = fixture;
    const periods = [
      ...yearsOf(fixture.history, fixture),
      ...(decade === undefined ? [] : [periodName(decade)]),
    ];
    const columns = periods.flatMap((period) => STORIES.map((story) => `${story}#${period}`));
    expect([...fixture.expected.keys()].sort()).toEqual(columns.sort());
  });

  test.each(Object.keys(CUTS))('agrees with the oracle under %s cuts', (cuts) => {
    const options = { ...fixture, fixedCuts: CUTS[cuts]! };
    const rows = oracle(fixture.history, options);
    const { decade } = fixture;
    if (decade !== undefined) {
      for (const [user, row] of decadeOracle(fixture.history, options, decade, rows)) {
        for (const [story, value] of Object.entries(row))
          rows.set(user, { ...rows.get(user), [`${story}#${periodName(decade)}`]: value });
      }
    }
    const columns = new Map([...fixture.expected.keys()].map((column) => [column, valuesOf(rows, column)]));
    expect(columns).toEqual(fixture.expected);
  });

  test('lists users in order', () => {
    for (const users of [...fixture.expected.values()].map(Object.keys)) {
      expect(users).toEqual([...users].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }
  });
});

/** One column of all users who have it. */
function valuesOf(rows: ReturnType<typeof oracle>, column: string): Record<string, unknown> {
  return Object.fromEntries(
    [...rows].filter(([, row]) => column in row).map(([user, row]) => [user, row[column]]),
  );
}
