/** So many rows at most are sent and not yet noted as acknowledged: what a publish that is killed sends again. */
export const CHECKPOINT_ROWS = 1000;

/** How far a publish has come. */
export interface Reached {
  /** Every row up to this user's is acknowledged; undefined: none yet. */
  readonly through: string | undefined;
  /** Rows after it that are acknowledged too. */
  readonly also: readonly string[];
}

interface Sent {
  readonly users: readonly string[];
  acknowledged: boolean;
}

/**
 * Rows are sent in the order of users and acknowledged in any. Notes up to which user all are, through `save`, often enough that
 * never more than {@link CHECKPOINT_ROWS} are unnoted.
 */
export class Checkpoint {
  readonly #save: (reached: Reached) => Promise<void>;
  readonly #sent: Sent[] = [];
  #through: string | undefined;
  /** Rows sent since the last that is noted. */
  #unnoted = 0;
  /** Rows acknowledged in order since then. */
  #ready = 0;
  #saving: Promise<void> | undefined;

  constructor(through: string | undefined, save: (reached: Reached) => Promise<void>) {
    this.#through = through;
    this.#save = save;
  }

  get reached(): Reached {
    const also = this.#sent.filter(({ acknowledged }) => acknowledged).flatMap(({ users }) => users);
    return { through: this.#through, also };
  }

  /** Waits until so many rows more may be sent, and notes that they are. Call the answer once they are acknowledged. */
  async begin(users: readonly string[]): Promise<() => void> {
    while (this.#unnoted > 0 && this.#unnoted + users.length > CHECKPOINT_ROWS) {
      if (this.#saving === undefined && this.#ready > 0) this.#note();
      await (this.#saving ?? this.#nextAcknowledged());
    }
    this.#unnoted += users.length;
    const sent: Sent = { users, acknowledged: false };
    this.#sent.push(sent);
    return () => this.#acknowledge(sent);
  }

  /** Notes all there is to note, and waits for it. */
  async close(): Promise<void> {
    await this.#saving;
    await this.#save(this.reached);
  }

  #wake: (() => void)[] = [];

  #nextAcknowledged(): Promise<void> {
    return new Promise((done) => this.#wake.push(done));
  }

  #acknowledge(sent: Sent): void {
    sent.acknowledged = true;
    while (this.#sent[0]?.acknowledged) {
      const { users } = this.#sent.shift() as Sent;
      this.#through = users.at(-1);
      this.#ready += users.length;
    }
    if (this.#saving === undefined && this.#ready >= CHECKPOINT_ROWS / 2) this.#note();
    for (const wake of this.#wake.splice(0)) wake();
  }

  #note(): void {
    const ready = this.#ready;
    this.#ready = 0;
    this.#saving = this.#save({ through: this.#through, also: [] }).then(() => {
      this.#unnoted -= ready;
      this.#saving = undefined;
    });
    // Whoever waits for room hears of a failure; nobody may be waiting.
    this.#saving.catch(() => undefined);
  }
}
