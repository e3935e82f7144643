import { pause } from './patience.ts';

/** What a new table that is billed on demand takes at once. */
const FIRST_UNITS = 4000;
/** Added each second once there was a throttle. */
const MORE_UNITS = 500;
const FEWEST_UNITS = 5;
/** A burst, in seconds of the rate. */
const BURST_SECONDS = 0.2;
/** Throttles that come together are one. */
const ONE_THROTTLE_MS = 500;

/**
 * Write units a second: a bucket of tokens. Without a cap the rate doubles each second until the first throttle; from then on a throttle
 * halves it and each second adds a little (additive increase, multiplicative decrease), as TCP does. A cap is never passed.
 */
export class Pace {
  readonly #cap: number;
  readonly #now: () => number;
  #rate: number;
  #tokens = 0;
  #refilled: number;
  #raised: number;
  #throttledAt = Number.NEGATIVE_INFINITY;
  #wasThrottled = false;
  /** Units that a kilobyte of requests was billed lately, on average. At first as many as its rows would if it were all of them. */
  #perKilobyte = 1;

  constructor(cap: number | undefined, now: () => number = () => performance.now()) {
    this.#cap = cap ?? Number.POSITIVE_INFINITY;
    this.#now = now;
    this.#rate = Math.min(this.#cap, cap ?? FIRST_UNITS);
    this.#refilled = now();
    this.#raised = this.#refilled;
  }

  /** Units a second that are allowed now. */
  get rate(): number {
    return this.#rate;
  }

  /** Waits until a request of so many bytes may go. Its cost is told by {@link used}, later; until then it is taken to be the usual. */
  async take(bytes: number, signal: AbortSignal | undefined): Promise<number> {
    for (;;) {
      this.#refill();
      if (this.#tokens > 0) {
        const usual = Math.max(1, (bytes / 1024) * this.#perKilobyte);
        this.#tokens -= usual;
        return usual;
      }
      await pause(Math.max(1, (-this.#tokens / this.#rate) * 1000), signal);
    }
  }

  /** Settles what {@link take} took with what the answer says it cost. */
  used(taken: number, units: number, bytes: number): void {
    this.#tokens -= units - taken;
    this.#perKilobyte += (units / (bytes / 1024) - this.#perKilobyte) / 16;
  }

  throttled(): void {
    const now = this.#now();
    if (now - this.#throttledAt < ONE_THROTTLE_MS) return;
    this.#throttledAt = now;
    this.#raised = now;
    this.#wasThrottled = true;
    this.#rate = Math.min(this.#cap, Math.max(FEWEST_UNITS, this.#rate / 2));
    this.#tokens = Math.min(this.#tokens, 0);
  }

  #refill(): void {
    const now = this.#now();
    if (now - this.#raised >= 1000) {
      this.#raised = now;
      this.#rate = Math.min(this.#cap, this.#wasThrottled ? this.#rate + MORE_UNITS : this.#rate * 2);
    }
    const most = this.#rate * BURST_SECONDS;
    this.#tokens = Math.min(most, this.#tokens + (this.#rate * (now - this.#refilled)) / 1000);
    this.#refilled = now;
  }
}
