import { ident, join, type Sql, sql } from '../../sql/sql.ts';
import type { ColumnType, ObjectType } from '../../story/index.ts';
import { GENERATION } from './attributes.ts';

/** A value as the database keeps it, said in SQL as DynamoDB takes it: so that JavaScript touches no value on its way. */

/** JSON text of a column's value as the map that DynamoDB keeps, its generation among the keys. */
export const valueJson = (type: ObjectType, value: Sql, generation: number): Sql =>
  join([`{"M":{"${GENERATION}":{"N":"${generation}"}`, ...keys(type, value, 0), '}}'], ' || ');

/** What is left of a value's keys: each with the comma before it, nothing where it is left out. */
const keys = ({ fields }: ObjectKind, value: Sql, depth: number): Sql[] =>
  Object.entries(fields).map(([name, type]) => {
    const part = sql`${value}.${ident(name)}`;
    const key = sql`${`,${JSON.stringify(name)}:`} || ${partJson(type, part, depth)}`;
    return type.missing === 'absent' ? sql`CASE WHEN ${part} IS NULL THEN '' ELSE ${key} END` : sql`${key}`;
  });

type ObjectKind = Extract<ColumnType, { kind: 'object' }>;

/** JSON text of a part of a value; a null is `{"NULL":true}`. */
function partJson(type: ColumnType, value: Sql, depth: number): Sql {
  return sql`coalesce(${knownJson(type, value, depth)}, '{"NULL":true}')`;
}

/** As {@link partJson}; NULL where the value is. */
function knownJson(type: ColumnType, value: Sql, depth: number): Sql {
  switch (type.kind) {
    case 'text':
      return sql`'{"S":' || to_json(${value})::VARCHAR || '}'`;
    case 'boolean':
      return sql`'{"BOOL":' || ${value}::VARCHAR || '}'`;
    case 'list': {
      const item = ident(`item${depth}`);
      return sql`'{"L":[' || array_to_string(list_transform(${value}, lambda ${item}: ${partJson(type.item, item, depth + 1)}), ',') || ']}'`;
    }
    case 'object':
      // The first key has a comma before it that is cut off; a null in a struct is told by its own.
      return sql`CASE WHEN ${value} IS NOT NULL THEN '{"M":{' || substr(concat(${join([sql`''`, ...keys(type, value, depth)])}), 2) || '}}' END`;
    default:
      return sql`'{"N":"' || ${value}::VARCHAR || '"}'`;
  }
}

/** Bytes that DynamoDB counts for a column's value, without its attribute's name: within a few of what it bills. */
export const valueBytes = (type: ObjectType, value: Sql): Sql =>
  sql`(${partBytes(type, value, 0)} + ${1 + GENERATION.length + GENERATION_BYTES})`;

/** A number of ten digits. */
const GENERATION_BYTES = 6;

/**
 * Text counts its bytes, a number a byte for two digits and one more, null and a boolean 1, a list or a map 3 and one more for each element,
 * and a map its keys. See "DynamoDB item sizes and formats" in the developer guide.
 */
function partBytes(type: ColumnType, value: Sql, depth: number): Sql {
  return sql`coalesce(${knownBytes(type, value, depth)}, 1)`;
}

function knownBytes(type: ColumnType, value: Sql, depth: number): Sql {
  switch (type.kind) {
    case 'text':
      return sql`strlen(${value})`;
    case 'boolean':
      return sql`1`;
    case 'list': {
      const item = ident(`item${depth}`);
      return sql`3 + len(${value}) + coalesce(list_sum(list_transform(${value}, lambda ${item}: ${partBytes(type.item, item, depth + 1)})), 0)::BIGINT`;
    }
    case 'object': {
      const parts = Object.entries(type.fields).map(([name, field]) => {
        const part = sql`${value}.${ident(name)}`;
        const bytes = sql`${1 + Buffer.byteLength(name)} + ${partBytes(field, part, depth)}`;
        return field.missing === 'absent' ? sql`CASE WHEN ${part} IS NULL THEN 0 ELSE ${bytes} END` : bytes;
      });
      return sql`CASE WHEN ${value} IS NOT NULL THEN ${join([sql`3`, ...parts], ' + ')} END`;
    }
    default:
      return sql`length(${value}::VARCHAR) // 2 + 1`;
  }
}
