import { ident, join, type Sql, sql, unsafe } from '../sql/sql.ts';

/** The type of a column's value, or of a part of it. Made by {@link text}, {@link integer} … and never by hand. */
export type ColumnType<Value = unknown> = (
  | { readonly kind: 'text' | 'integer' | 'number' | 'boolean' }
  | { readonly kind: 'list'; readonly item: ColumnType }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, ColumnType>> }
) & {
  /** 'null': the value may be null. 'absent': where it is null, its key is left out of the JSON. */
  readonly missing?: 'null' | 'absent';
  /** Carries the TypeScript type; there is no such property at run time. */
  readonly value?: Value;
};

/** The TypeScript type of a column's value: `ValueOf<typeof topArtist.column>`. */
export type ValueOf<Type> = Type extends ColumnType<infer Value> ? Value : never;

/** A type of an object. */
export type ObjectType<Value = unknown> = ColumnType<Value> & { readonly kind: 'object' };

type Fields = Readonly<Record<string, ColumnType>>;
type OptionalKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends { missing: 'absent' } ? K : never;
}[keyof F];
type ObjectValue<F extends Fields> = { [K in Exclude<keyof F, OptionalKeys<F>>]: ValueOf<F[K]> } & {
  [K in OptionalKeys<F>]?: Exclude<ValueOf<F[K]>, null>;
};

/** UTF-8 text. */
export const text = (): ColumnType<string> => ({ kind: 'text' });

/** A whole number, exact up to 2^53. */
export const integer = (): ColumnType<number> => ({ kind: 'integer' });

/** A number with a fraction. Make it of integers by `ratio`, so that it is the same on every run. */
export const number = (): ColumnType<number> => ({ kind: 'number' });

export const boolean = (): ColumnType<boolean> => ({ kind: 'boolean' });

/** A list; an empty one is `[]`, never null. */
export const list = <Value>(item: ColumnType<Value>): ColumnType<Value[]> => ({ kind: 'list', item });

/** An object whose keys keep the order in which they are given. */
export const object = <const F extends Fields>(
  fields: F,
): ColumnType<ObjectValue<F>> & { readonly kind: 'object' } => ({
  kind: 'object',
  fields,
});

/** May be null: the fact exists and is not known. */
export const nullable = <Value>(type: ColumnType<Value>): ColumnType<Value | null> =>
  ({ ...type, missing: 'null' }) as ColumnType<Value | null>;

/** May be missing: where it is null, its key is left out. */
export const optional = <Value>(
  type: ColumnType<Value>,
): ColumnType<Value | null> & { readonly missing: 'absent' } =>
  ({ ...type, missing: 'absent' }) as ColumnType<Value | null> & { readonly missing: 'absent' };

const SCALARS = { text: 'VARCHAR', integer: 'BIGINT', number: 'DOUBLE', boolean: 'BOOLEAN' } as const;

/** The SQL type in which values of `type` are kept. */
export function sqlType(type: ColumnType): Sql {
  switch (type.kind) {
    case 'list':
      return sql`${sqlType(type.item)}[]`;
    case 'object':
      return sql`STRUCT(${join(Object.entries(type.fields).map(([name, field]) => sql`${ident(name)} ${sqlType(field)}`))})`;
    default:
      return unsafe(SCALARS[type.kind]);
  }
}

/** A value as the database gives it in JSON, with the keys left out that `optional` says may be. */
export function tidy(type: ColumnType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (type.kind === 'list') return (value as unknown[]).map((item) => tidy(type.item, item));
  if (type.kind !== 'object') return value;
  const source = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(type.fields)
      .map(([name, field]) => [name, tidy(field, source[name]), field.missing] as const)
      .filter(([, part, missing]) => part !== null || missing !== 'absent')
      .map(([name, part]) => [name, part]),
  );
}

/** The type as a person reads it: `{artists: [{artist: text, artist_id?: text, plays: integer, ms: integer | null}]}`. */
export function describeType(type: ColumnType): string {
  const base =
    type.kind === 'list'
      ? `[${describeType(type.item)}]`
      : type.kind === 'object'
        ? `{${Object.entries(type.fields)
            .map(([name, field]) => `${name}${field.missing === 'absent' ? '?' : ''}: ${describeType(field)}`)
            .join(', ')}}`
        : type.kind;
  return type.missing === 'null' ? `${base} | null` : base;
}
