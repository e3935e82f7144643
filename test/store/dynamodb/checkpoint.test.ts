import { expect, test } from 'vitest';
import { CHECKPOINT_ROWS, Checkpoint, type Reached } from '../../../src/store/dynamodb/checkpoint.ts';

const user = (index: number) => String(index).padStart(5, '0');

test('never are more rows unnoted than a checkpoint holds, in whatever order they are acknowledged', async () => {
  const noted: Reached[] = [];
  const checkpoint = new Checkpoint(undefined, async (reached) => {
    noted.push(reached);
  });
  const open: (() => void)[] = [];
  let sent = 0;
  let turn = 7;
  for (let index = 0; index < 5000; index++) {
    const begun = checkpoint.begin([user(index)]);
    // What is sent waits for what was acknowledged: so acknowledge some of it, out of order.
    while (open.length > 40) {
      turn = (turn * 16807) % 2147483647;
      open.splice(turn % open.length, 1)[0]?.();
    }
    open.push(await begun);
    sent += 1;
    const through = noted.at(-1)?.through;
    expect(sent - (through === undefined ? 0 : Number(through) + 1)).toBeLessThanOrEqual(CHECKPOINT_ROWS);
  }
  for (const acknowledge of open) acknowledge();
  await checkpoint.close();
  expect(noted.at(-1)).toEqual({ through: user(4999), also: [] });
  for (const [index, { through }] of noted.entries())
    if (index > 0) expect(Number(through)).toBeGreaterThanOrEqual(Number(noted[index - 1]?.through));
});

test('waits for what is slow, and goes on when it is acknowledged', async () => {
  const checkpoint = new Checkpoint(undefined, async () => {});
  const slow = await checkpoint.begin([user(0)]);
  for (let index = 1; index < CHECKPOINT_ROWS; index++) (await checkpoint.begin([user(index)]))();
  let isBegun = false;
  const next = checkpoint.begin([user(CHECKPOINT_ROWS)]).then((acknowledge) => {
    isBegun = true;
    acknowledge();
  });
  await new Promise((done) => setTimeout(done, 20));
  expect(isBegun).toBe(false);
  slow();
  await next;
  expect(checkpoint.reached).toEqual({ through: user(CHECKPOINT_ROWS), also: [] });
});

test('tells what is acknowledged beyond, where something before it is not', async () => {
  const checkpoint = new Checkpoint('00002', async () => {});
  const [first, second, third] = [
    await checkpoint.begin(['00003']),
    await checkpoint.begin(['00004', '00005']),
    await checkpoint.begin(['00006']),
  ];
  second();
  expect(checkpoint.reached).toEqual({ through: '00002', also: ['00004', '00005'] });
  first();
  expect(checkpoint.reached).toEqual({ through: '00005', also: [] });
  third();
  expect(checkpoint.reached).toEqual({ through: '00006', also: [] });
});

test('a note that can’t be written stops the sending', async () => {
  const checkpoint = new Checkpoint(undefined, async () => {
    throw new Error('disk full');
  });
  const send = async () => {
    for (let index = 0; index < 3 * CHECKPOINT_ROWS; index++) (await checkpoint.begin([user(index)]))();
  };
  await expect(send()).rejects.toThrow('disk full');
});
