import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eachOf } from '../../../src/store/dynamodb/each-of.ts';

async function* numbers(count: number, onEnd?: () => void): AsyncGenerator<number> {
  try {
    for (let number = 0; number < count; number++) yield number;
  } finally {
    onEnd?.();
  }
}

test('works on every item, no more than so many at a time', async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await eachOf(numbers(20), 4, async (number) => {
    most = Math.max(most, ++running);
    await setTimeout(number % 3);
    running--;
    done.push(number);
  });
  expect(done.sort((a, b) => a - b)).toEqual([...Array(20).keys()]);
  expect(most).toBe(4);
});

test('stops at the first failure, and throws it once all has ended', async () => {
  const begun: number[] = [];
  let running = 0;
  let isClosed = false;
  const work = async (number: number) => {
    begun.push(number);
    running++;
    await setTimeout(number === 2 ? 1 : 10);
    running--;
    if (number === 2) throw new Error('two');
  };
  await expect(
    eachOf(
      numbers(100, () => {
        isClosed = true;
      }),
      4,
      work,
    ),
  ).rejects.toThrow('two');
  expect(begun).toEqual([0, 1, 2, 3]);
  expect({ running, isClosed }).toEqual({ running: 0, isClosed: true });
});

test('throws what the items throw', async () => {
  const broken = async function* () {
    yield 1;
    throw new Error('broken');
  };
  await expect(eachOf(broken(), 2, async () => {})).rejects.toThrow('broken');
});
