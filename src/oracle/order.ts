/**
 * Compares two texts by their UTF-8 bytes. JavaScript's `<` compares UTF-16, where U+1D11E comes before
 * U+FF21.
 */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/**
 * Compares two lists of texts, the first difference deciding. A null sorts as ''; only where that leaves the
 * lists equal, a null comes before a ''.
 */
export function compareTexts(a: readonly (string | null)[], b: readonly (string | null)[]): number {
  for (let i = 0; i < a.length; i++) {
    const order = compareText(a[i] ?? '', b[i] ?? '');
    if (order !== 0) return order;
  }
  for (let i = 0; i < a.length; i++) {
    const order = Number(b[i] === null) - Number(a[i] === null);
    if (order !== 0) return order;
  }
  return 0;
}
