/** Waits for all, and only then throws what the first that failed threw: nothing goes on behind the caller's back. */
export async function allDone<Result>(work: readonly Promise<Result>[]): Promise<Result[]> {
  const settled = await Promise.allSettled(work);
  for (const one of settled) if (one.status === 'rejected') throw one.reason;
  return settled.map((one) => (one as PromiseFulfilledResult<Result>).value);
}
