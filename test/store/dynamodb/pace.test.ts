import { describe, expect, test } from 'vitest';
import { Pace } from '../../../src/store/dynamodb/pace.ts';

/** A clock that is set by hand. */
function clock() {
  let now = 0;
  return {
    now: () => now,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

/** Takes as many requests of `units` as may go at this moment. */
async function takeAll(pace: Pace, units: number): Promise<number> {
  let taken = 0;
  for (;;) {
    const waiting = new AbortController();
    const went = await Promise.race([
      pace.take(1024 * units, waiting.signal).then(
        (usual) => {
          pace.used(usual, units, 1024 * units);
          return true;
        },
        () => false,
      ),
      new Promise<boolean>((done) => setImmediate(() => done(false))),
    ]);
    waiting.abort();
    if (!went) return taken;
    taken += units;
  }
}

describe('the rate of write units', () => {
  test('is never above a cap, whatever requests cost', async () => {
    const time = clock();
    const pace = new Pace(100, time.now);
    let units = 0;
    for (let tick = 0; tick < 300; tick++) {
      time.pass(100);
      units += await takeAll(pace, 7);
    }
    expect(units).toBeGreaterThan(2900);
    // A burst of a fifth of a second, and the last request before it is known what it costs.
    expect(units).toBeLessThanOrEqual(3000 + 20 + 7);
    expect(pace.rate).toBe(100);
  });

  test('doubles each second until throttled, then halves and adds a little', () => {
    const time = clock();
    const pace = new Pace(undefined, time.now);
    const second = async () => {
      time.pass(1000);
      await takeAll(pace, 1);
      return pace.rate;
    };
    return (async () => {
      expect(pace.rate).toBe(4000);
      expect(await second()).toBe(8000);
      expect(await second()).toBe(16000);
      pace.throttled();
      pace.throttled();
      expect(pace.rate).toBe(8000);
      expect(await second()).toBe(8500);
      expect(await second()).toBe(9000);
      pace.throttled();
      expect(pace.rate).toBe(4500);
      for (let times = 0; times < 40; times++) {
        time.pass(600);
        pace.throttled();
      }
      expect(pace.rate).toBe(5);
    })();
  });

  test('comes back to its cap after throttles, and not above', async () => {
    const time = clock();
    const pace = new Pace(900, time.now);
    pace.throttled();
    expect(pace.rate).toBe(450);
    time.pass(1000);
    await takeAll(pace, 1);
    expect(pace.rate).toBe(900);
  });
});
