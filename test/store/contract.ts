import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'vitest';
import { type Scene, storeContract } from '../../src/store/contract/contract.ts';

/** What a test opens: an empty store, closed by `cleanup` with all that `another` opened. */
export type OpenStore = Omit<Scene, 'dir'> & { cleanup(): Promise<void> };

/** Holds a store to the contract: a test for each sentence of it, on a store that `open` makes anew for each. */
export function testContract(name: string, open: () => Promise<OpenStore>): void {
  describe(`the store contract: ${name}`, () => {
    let scene: Scene & OpenStore;

    beforeEach(async () => {
      scene = { ...(await open()), dir: await mkdtemp(join(tmpdir(), 'wrapped-contract-')) };
    });

    afterEach(async () => {
      await scene.cleanup();
      await rm(scene.dir, { recursive: true, force: true });
    });

    for (const { name: sentence, hold } of storeContract(() => scene)) test(sentence, hold);
  });
}
