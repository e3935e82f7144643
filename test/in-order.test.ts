import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inOrder } from '../src/in-order.ts';

async function* upTo(last: number): AsyncIterable<number> {
  for (let number = 1; number <= last; number++) yield number;
}

/** Later items are done sooner. */
const slowly = (number: number) => wait(40 - 4 * number, number);

async function gather<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const gathered: Item[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}

test('results come in the order of the items, whichever is done first, and no more are worked on at once than were allowed', async () => {
  let running = 0;
  let most = 0;
  const results = await gather(
    inOrder(upTo(9), 3, async (number) => {
      most = Math.max(most, ++running);
      const result = await slowly(number);
      running -= 1;
      return result;
    }),
  );
  expect(results).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(most).toBe(3);
});

test('a failure comes in its turn, and only when what was running has ended', async () => {
  let running = 0;
  const seen: number[] = [];
  const failing = async () => {
    const work = async (number: number) => {
      running += 1;
      await slowly(number).finally(() => {
        running -= 1;
      });
      if (number === 4) throw new Error('the fourth');
      return number;
    };
    for await (const result of inOrder(upTo(9), 3, work)) seen.push(result);
  };
  await expect(failing()).rejects.toThrow('the fourth');
  expect(seen).toEqual([1, 2, 3]);
  expect(running).toBe(0);
});
