import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { WrappedError } from '../../error.ts';
import { type ColumnType, type ObjectType, tidy } from '../../story/index.ts';

/** The key, beside a value's own, under which its map carries the generation that it was written in. */
export const GENERATION = '#';

/** A value of a column, and the generation that it was written in. */
export interface Kept {
  readonly value: unknown;
  readonly generation: number;
}

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

/** A value as the map that DynamoDB keeps. `value` is JSON in which a null may stand for a key that is left out. */
export function toAttribute(type: ObjectType, { value, generation }: Kept): AttributeValue {
  return { M: { [GENERATION]: toNumber(generation), ...toMap(type, tidy(type, value)) } };
}

/** A value out of its map: JSON with its keys in the order of the type. Undefined where the attribute is no value of ours. */
export function fromAttribute(type: ColumnType, attribute: AttributeValue | undefined): Kept | undefined {
  const generation = attribute?.M?.[GENERATION]?.N;
  if (generation === undefined) return undefined;
  return { value: tidy(type, fromPart(type, attribute)), generation: Number(generation) };
}

/** A number as DynamoDB takes it: the shortest decimal text that reads back as the same number. */
export const toNumber = (value: number): AttributeValue.NMember => ({ N: String(value) });

type ObjectKind = Extract<ColumnType, { kind: 'object' }>;

const toMap = ({ fields }: ObjectKind, value: unknown): Record<string, AttributeValue> =>
  Object.fromEntries(
    Object.entries(value as object).map(([name, part]) => [name, toPart(fields[name]!, part)]),
  );

function toPart(type: ColumnType, value: unknown): AttributeValue {
  if (value === null) return { NULL: true };
  switch (type.kind) {
    case 'text':
      return { S: value as string };
    case 'boolean':
      return { BOOL: value as boolean };
    case 'list':
      return { L: (value as unknown[]).map((item) => toPart(type.item, item)) };
    case 'object':
      return { M: toMap(type, value) };
    default:
      return toNumber(value as number);
  }
}

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
