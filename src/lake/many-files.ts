import { closeSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import pLimit from 'p-limit';

/**
 * Asks many files for little. A local disk answers in less time than it takes to hand a question to a thread and the answer back, so that
 * questions are asked on the spot; as soon as answers are slow in coming, as from a network, many are asked at once.
 */
export class ManyFiles {
  readonly #limit = pLimit(AT_ONCE);
  #asked = 0;
  #waited = 0;
  #turn = performance.now();

  /** What `work`, which asks this for what it needs, makes of each file, in the files' order. */
  map<File, Result>(files: readonly File[], work: (file: File) => Promise<Result>): Promise<Result[]> {
    return this.#limit.map(files, work);
  }

  stat(path: string): Promise<Stats> {
    return this.#ask(
      () => statSync(path),
      () => stat(path),
    );
  }

  /** `length` bytes of a file from `start` on. @throws RangeError where it has fewer */
  read(path: string, start: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    const whole = (found: number) => {
      if (found !== length)
        throw new RangeError(`${path} has ${found} bytes from ${start} on, not ${length}`);
      return bytes;
    };
    return this.#ask(
      () => {
        const file = openSync(path, 'r');
        try {
          return whole(readSync(file, bytes, 0, length, start));
        } finally {
          closeSync(file);
        }
      },
      async () => {
        const file = await open(path, 'r');
        try {
          return whole((await file.read(bytes, 0, length, start)).bytesRead);
        } finally {
          await file.close();
        }
      },
    );
  }

  async #ask<Answer>(onTheSpot: () => Answer, inThread: () => Promise<Answer>): Promise<Answer> {
    if (performance.now() - this.#turn > TURN_MS) {
      await setImmediate();
      this.#turn = performance.now();
    }
    if (this.#asked >= FIRST && this.#waited > this.#asked * SLOW_MS) return inThread();
    const since = performance.now();
    try {
      return onTheSpot();
    } finally {
      this.#asked += 1;
      this.#waited += performance.now() - since;
    }
  }
}

/** Files that are asked at once, where answers are slow. */
const AT_ONCE = 64;

/** Milliseconds that an answer takes on average where answers are slow, and how many are waited for to tell. */
const SLOW_MS = 0.2;
const FIRST = 50;

/** Milliseconds after which what else there is to do has its turn, such as Ctrl-C. */
const TURN_MS = 20;
