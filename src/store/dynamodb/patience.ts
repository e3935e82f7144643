import { setTimeout } from 'node:timers/promises';
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { WrappedError } from '../../error.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 20_000;

/** Nothing was acknowledged for the time that there was. */
export class GaveUp extends WrappedError {}

/** Whether the table, or what lies before it, wants fewer requests. */
export const isThrottle = (error: unknown): boolean => isThrottlingError(error as SdkError);

type SdkError = Parameters<typeof isThrottlingError>[0];

/** Whether the same request may succeed later: throttles, 500s, resets, timeouts. */
function isPassing(error: unknown): boolean {
  const known = (error instanceof WrappedError ? (error.cause ?? error) : error) as SdkError;
  return isThrottlingError(known) || isServerError(known) || isTransientError(known);
}

/**
 * Retries what passes, with exponential backoff and full jitter, for as long as anything progresses: not each request is given its time,
 * but all of them together.
 */
export class Patience {
  readonly #giveUpMs: number;
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  constructor(giveUpSeconds: number, signal: AbortSignal | undefined) {
    this.#giveUpMs = giveUpSeconds * 1000;
    this.#signal = signal;
  }

  /**
   * Attempts until it succeeds.
   * @param onFailure is told of each failure that will be retried
   * @throws what does not pass; GaveUp where nothing progressed in time; the signal's reason
   */
  async persist<Result>(
    attempt: () => Promise<Result>,
    onFailure: (error: unknown) => void = () => {},
  ): Promise<Result> {
    for (let tries = 0; ; tries++) {
      try {
        const result = await attempt();
        this.#since = performance.now();
        return result;
      } catch (error) {
        if (!isPassing(error)) throw error;
        onFailure(error);
        const left = this.#since + this.#giveUpMs - performance.now();
        if (left <= 0) throw gaveUp(error, this.#giveUpMs);
        const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
        await pause(Math.min(left, Math.random() * longest), this.#signal);
      }
    }
  }
}

/** Waits, unless told to stop. @throws the signal's reason */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(ms, undefined, signal === undefined ? {} : { signal }).catch(() =>
    signal?.throwIfAborted(),
  );
}

function gaveUp(error: unknown, ms: number): GaveUp {
  const { name, message, code } = error as NodeJS.ErrnoException;
  const last = [code ?? name, message.split('\n', 1)[0]].filter((part) => part !== '').join(': ');
  return new GaveUp(`nothing was acknowledged for ${ms / 1000} s; the last answer was ${last}`, {
    cause: error,
    hint: 'Run the same command again: it sends what is missing, and only that. --give-up-after waits longer.',
  });
}
