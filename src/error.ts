/**
 * What a caller can't mend. `message` names the thing, what was found and what was expected;
 * `hint` says what to do next, usually the command to run.
 */
export class WrappedError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'WrappedError';
    this.hint = options.hint;
  }
}

/** The message of anything thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
