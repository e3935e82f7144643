import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { WrappedError } from '../../error.ts';
import type { ColumnType, ObjectType } from '../../story/index.ts';

/** The partition key of a row: a user's id. */
export const ROWS_KEY = 'user_id';

/** The key, beside a value's own, under which its map carries the generation that it was written in. */
export const GENERATION = '#';

/** Narrows the type of a column to one whose values can be kept. @throws WrappedError */
export function keepable(name: string, type: ColumnType): ObjectType {
  if (type.kind !== 'object' || GENERATION in type.fields) {
    throw new WrappedError(
      `${name} can't be kept in DynamoDB: a column of objects without a key '${GENERATION}' is expected`,
      { hint: 'Change the type of the column in its story.' },
    );
  }
  return type;
}

/** The generation that an attribute was written in. Undefined where it is no value of ours. */
export function generationOf(attribute: AttributeValue | undefined): number | undefined {
  const generation = attribute?.M?.[GENERATION]?.N;
  return generation === undefined ? undefined : Number(generation);
}

/**
 * A value out of its map: JSON with all keys of the type, in their order; `tidy` takes away those that may be left out. Undefined where
 * there is none of this generation or a later one.
 */
export function fromAttribute(
  type: ColumnType,
  base: number,
  attribute: AttributeValue | undefined,
): unknown {
  const generation = generationOf(attribute);
  return generation === undefined || generation < base ? undefined : fromPart(type, attribute);
}

/** A number as DynamoDB takes it: the shortest decimal text that reads back as the same number. */
export const toNumber = (value: number): AttributeValue.NMember => ({ N: String(value) });

type ObjectKind = Extract<ColumnType, { kind: 'object' }>;

/** What is not of the type reads as null: a newer version of the story may be on its way in. */
function fromPart(type: ColumnType, attribute: AttributeValue | undefined): unknown {
  switch (type.kind) {
    case 'text':
      return attribute?.S ?? null;
    case 'boolean':
      return attribute?.BOOL ?? null;
    case 'list':
      return attribute?.L?.map((item) => fromPart(type.item, item)) ?? null;
    case 'object':
      return attribute?.M === undefined ? null : fromMap(type, attribute.M);
    default:
      return attribute?.N === undefined ? null : Number(attribute.N);
  }
}

const fromMap = ({ fields }: ObjectKind, map: Record<string, AttributeValue>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fromPart(field, map[name])]));

/** Bytes that DynamoDB counts for an attribute's value; see `attribute-sql.ts`, which counts the same of values that are not sent yet. */
export function bytesOf(attribute: AttributeValue): number {
  if (attribute.S !== undefined) return Buffer.byteLength(attribute.S);
  if (attribute.N !== undefined) return Math.floor(attribute.N.length / 2) + 1;
  if (attribute.L !== undefined) return attribute.L.reduce((sum, item) => sum + 1 + bytesOf(item), 3);
  if (attribute.M !== undefined)
    return Object.entries(attribute.M).reduce(
      (sum, [name, part]) => sum + 1 + Buffer.byteLength(name) + bytesOf(part),
      3,
    );
  return 1;
}
