/** A piece of SQL text: a statement, an expression, an identifier or a relation. */
export class Sql {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What `${}` may hold: a value, which becomes a literal; another piece of SQL; or a list of either, joined by commas. */
export type SqlValue = string | number | bigint | boolean | null | Date | Sql | readonly SqlValue[];

/**
 * The `sql` tag. Values become literals, so that no text from outside can become SQL.
 *
 * @example sql`SELECT * FROM ${ident('plays')} WHERE artist = ${"Guns N' Roses"}`
 */
export function sql(strings: TemplateStringsArray, ...values: readonly SqlValue[]): Sql {
  return new Sql(String.raw({ raw: strings }, ...values.map(literal)));
}

/** A quoted identifier, dotted where several parts are given. */
export const ident = (...parts: readonly string[]): Sql =>
  new Sql(parts.map((part) => `"${part.replaceAll('"', '""')}"`).join('.'));

/** Several pieces as one, `separator` between them. */
export const join = (pieces: readonly SqlValue[], separator = ', '): Sql =>
  new Sql(pieces.map(literal).join(separator));

/** SQL from trusted text, such as a type's name out of a constant. Never from input. */
export const unsafe = (text: string): Sql => new Sql(text);

function literal(value: SqlValue): string {
  if (value instanceof Sql) return value.text;
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`sql: ${value} is not a finite number`);
    return String(value);
  }
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return `TIMESTAMPTZ '${value.toISOString()}'`;
  return value.map(literal).join(', ');
}
