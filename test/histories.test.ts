import fc from 'fast-check';
import { expect, test } from 'vitest';
import { oracle } from '../src/oracle/oracle.ts';
import { combineHistories, historyArbitrary } from './histories.ts';

const FIXED_CUTS = { familiarity: 0.5, newness: 0.5, variety: 0.5, popularity: 0.5 };

test('a good share of histories has every story, and lists that are cut at ten', () => {
  const seen = new Map<string, number>();
  for (const { history, ...how } of fc.sample(historyArbitrary(), { numRuns: 300, seed: 1 })) {
    const columns = [...oracle(history, { ...how, fixedCuts: FIXED_CUTS }).values()].flatMap(Object.entries);
    const found = columns.map(([column]) => column.split('#')[0]!);
    if (columns.some(([, value]) => value.distinct > 10)) found.push('cut');
    for (const what of new Set(found)) seen.set(what, (seen.get(what) ?? 0) + 1);
  }
  expect(seen.get('minutes')).toBeGreaterThan(250);
  expect(seen.get('top-genre')).toBeGreaterThan(150);
  expect(seen.get('listening-personality')).toBeGreaterThan(75);
  expect(seen.get('cut')).toBeGreaterThan(30);
});

test('combined histories keep what depends on one listener alone', () => {
  const generated = fc.sample(historyArbitrary({ identity: 'title', timezone: 'Asia/Kolkata' }), {
    numRuns: 20,
    seed: 2,
  });
  const { history, ...how } = combineHistories(generated);
  const together = oracle(history, { ...how, fixedCuts: FIXED_CUTS });
  for (const [index, one] of generated.entries()) {
    for (const [user, row] of oracle(one.history, { ...how, fixedCuts: FIXED_CUTS })) {
      const minutes = Object.entries(row).filter(([column]) => column.startsWith('minutes#'));
      expect(together.get(`${index}/${user}`)).toMatchObject(Object.fromEntries(minutes));
    }
  }
});
