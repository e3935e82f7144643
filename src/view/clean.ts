/** What moves the text around it, and what terminals disagree with each other on. */
const INVISIBLE = /[\p{Bidi_Control}\u00AD\uFEFF]/gu;

/**
 * Text from outside that no terminal can mistake for a command: white space becomes a plain space, any other control character and
 * half a surrogate pair become `�`, marks that turn the direction of text are left out.
 */
export const clean = (text: string): string =>
  text
    .replace(INVISIBLE, '')
    .replace(/\s/gu, ' ')
    .replace(/[\p{Control}\p{Surrogate}]/gu, '\uFFFD');

/** A JSON value with every text and every key in it cleaned. */
export function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map(cleanValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [clean(key), cleanValue(part)]));
}
