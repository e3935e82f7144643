import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIXED_CUTS } from '../src/story/index.ts';
import { everyColumn } from './engine.ts';
import { combineHistories, type GeneratedHistory, historyArbitrary } from './histories.ts';
import { tempFolder, writeLake } from './lakes.ts';
import { oracle } from './oracle/oracle.ts';

const IDENTITIES = ['title', 'track_id'] as const;
const TIMEZONES = ['UTC', 'Pacific/Auckland', 'America/Los_Angeles'] as const;
/** Histories in one lake: the engine costs a lake, not a history. */
const HISTORIES_PER_LAKE = 45;
/** Of each identity in each time zone. */
const LAKES = 4;
const HISTORIES = HISTORIES_PER_LAKE * LAKES * IDENTITIES.length * TIMEZONES.length;

describe.concurrent(`the engine agrees with the oracle on ${HISTORIES} generated histories`, () => {
  for (const identity of IDENTITIES) {
    for (const timezone of TIMEZONES) {
      test(`identity ${identity}, ${timezone}`, { timeout: 300_000 }, async () => {
        await fc.assert(
          fc.asyncProperty(
            fc.array(historyArbitrary({ identity, timezone }), {
              minLength: HISTORIES_PER_LAKE,
              maxLength: HISTORIES_PER_LAKE,
            }),
            async (histories) => agrees(combineHistories(histories)),
          ),
          {
            numRuns: LAKES,
            endOnFailure: true,
            ...(process.env.SEED && { seed: Number(process.env.SEED) }),
          },
        );
      });
    }
  }

  test('one history alone', { timeout: 300_000 }, async () => {
    await fc.assert(fc.asyncProperty(historyArbitrary(), agrees), { numRuns: 30, endOnFailure: true });
  });
});

async function agrees({ history, identity, timezone }: GeneratedHistory): Promise<void> {
  const { dir, remove } = tempFolder();
  try {
    const lake = join(dir, 'lake');
    await writeLake(lake, history, identity);
    const columns = await everyColumn({ lake, store: join(dir, 'store'), timezone });
    const found: Record<string, Record<string, unknown>> = {};
    for (const [column, values] of columns) {
      for (const [user, value] of Object.entries(values)) {
        found[user] ??= {};
        found[user][column] = value;
      }
    }
    expect(found).toEqual(Object.fromEntries(oracle(history, { identity, timezone, fixedCuts: FIXED_CUTS })));
  } finally {
    remove();
  }
}
