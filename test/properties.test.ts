import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decadeOracle } from '../src/oracle/decade.ts';
import { oracle, yearsOf } from '../src/oracle/oracle.ts';
import { FIXED_CUTS } from '../src/story/index.ts';
import { decadeColumns, everyColumn } from './engine.ts';
import { combineHistories, type GeneratedHistory, historyArbitrary } from './histories.ts';
import { tempFolder, writeLake } from './lakes.ts';

const IDENTITIES = ['title', 'track_id'] as const;
const TIMEZONES = ['UTC', 'Pacific/Auckland', 'America/Los_Angeles'] as const;
/** Histories in one lake: the engine costs a lake, not a history. */
const HISTORIES_PER_LAKE = 180;
const HISTORIES = HISTORIES_PER_LAKE * IDENTITIES.length * TIMEZONES.length;

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
            numRuns: 1,
            endOnFailure: true,
            ...(process.env.SEED && { seed: Number(process.env.SEED) }),
          },
        );
      });
    }
  }

  test('one history alone', { timeout: 300_000 }, async () => {
    await fc.assert(fc.asyncProperty(historyArbitrary(), agrees), { numRuns: 4, endOnFailure: true });
  });
});

async function agrees({ history, identity, timezone }: GeneratedHistory): Promise<void> {
  const { dir, remove } = tempFolder();
  try {
    const lake = join(dir, 'lake');
    await writeLake(lake, history, identity);
    const options = { lake, store: join(dir, 'store'), timezone };
    const asked = { identity, timezone, fixedCuts: FIXED_CUTS };
    const expected = oracle(history, asked);
    expect(byUser(await everyColumn(options))).toEqual(Object.fromEntries(expected));

    const years = yearsOf(history, asked);
    const period = { from: Math.min(...years) - 1, to: Math.max(...years) };
    const decade = [...(await decadeColumns(options, { period }))].map(
      ([name, values]) => [name.split('#')[0] as string, values] as const,
    );
    expect(byUser(decade)).toEqual(Object.fromEntries(decadeOracle(history, asked, period, expected)));
  } finally {
    remove();
  }
}

/** Columns of values by user, as rows of values by column. */
function byUser(columns: Iterable<readonly [string, Record<string, unknown>]>) {
  const rows: Record<string, Record<string, unknown>> = {};
  for (const [column, values] of columns) {
    for (const [user, value] of Object.entries(values)) {
      rows[user] ??= {};
      rows[user][column] = value;
    }
  }
  return rows;
}
