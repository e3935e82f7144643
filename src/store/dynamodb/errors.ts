import { messageOf, WrappedError } from '../../error.ts';

/** The table that a request was for, as a person finds it. */
export interface Whereabouts {
  /** The store's URL. */
  readonly url: string;
  readonly table: string;
  /** `in eu-west-1`, `at http://localhost:8000`. */
  readonly place: string;
}

/** The table is not there. */
export class MissingTable extends WrappedError {}

const CREDENTIALS = [
  'CredentialsProviderError',
  'ExpiredTokenException',
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
];
const TRANSIENT = [
  'InternalServerError',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ServiceUnavailable',
  'ThrottlingException',
];
/** What the SDK makes of an answer that is no DynamoDB answer: text that is no JSON, or JSON that names no error. */
const FOREIGN = ['SyntaxError', 'Unknown', 'UnknownError'];

/** What went wrong with a request of `item` (a key; undefined: of the whole table), in our words. */
export function explain(error: unknown, where: Whereabouts, item?: string): WrappedError {
  if (error instanceof WrappedError) return error;
  const { name, code } = error as NodeJS.ErrnoException;
  const found = firstLineOf(error);
  const table = `table ${where.table} ${where.place}`;
  const fail = (message: string, hint: string) => new WrappedError(message, { cause: error, hint });

  if (name === 'ResourceNotFoundException') {
    return new MissingTable(`there is no ${table}`, {
      cause: error,
      hint: `Check the name and the region in ${where.url}; the first column that \`wrapped run\` writes there makes it.`,
    });
  }
  if (CREDENTIALS.includes(name ?? '')) return noCredentials(error, where.url);
  if (name === 'AccessDeniedException') {
    return fail(
      `${table} may not be used: ${found}`,
      'Allow DescribeTable, CreateTable, GetItem, Scan, UpdateItem, DeleteItem and BatchWriteItem on this table and its ledger.',
    );
  }
  if (name === 'ValidationException' && /key element does not match/.test(found)) return foreignKey(where);
  if (TRANSIENT.includes(name ?? '')) {
    return fail(
      `${table} gave up: ${name}: ${found}`,
      'Run the same command again; writing a column twice is writing it once.',
    );
  }
  if (FOREIGN.includes(name ?? '')) return noDynamo(where, found, error);
  if (code !== undefined || name === 'TimeoutError') {
    return fail(
      `nothing answers ${where.place}: ${found}`,
      `Check the endpoint or the region in ${where.url}.`,
    );
  }
  return fail(
    `${table}${item === undefined ? '' : `, item '${item}'`}: ${name}: ${found}`,
    `Check ${where.url}.`,
  );
}

/** An endpoint that answers as DynamoDB would not. */
export const noDynamo = (
  { url, place }: Whereabouts,
  found: string | undefined,
  cause?: unknown,
): WrappedError =>
  new WrappedError(`what answers ${place} is no DynamoDB: ${found}`, {
    cause,
    hint: `Check the endpoint in ${url}.`,
  });

/** A table that is not of our making. `keys`: its key, where it is known. */
export const foreignKey = (
  { table, place }: Pick<Whereabouts, 'table' | 'place'>,
  keys: { found?: string; expected?: string } = {},
): WrappedError =>
  new WrappedError(
    keys.found === undefined
      ? `table ${table} ${place} has another key than that of a store`
      : `table ${table} ${place} has the key ${keys.found}; that of a store is ${keys.expected}`,
    { hint: 'Name a table that is not there yet, and it is made; or one that `wrapped` made.' },
  );

/** No credentials, or none that are accepted. */
export const noCredentials = (cause: unknown, url: string): WrappedError =>
  new WrappedError(`AWS credentials for ${url}: ${messageOf(cause)}`, {
    cause,
    hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or log in with `aws sso login`.',
  });

/** No region, neither in the URL nor around. */
export const noRegion = (cause: unknown, url: string): WrappedError =>
  new WrappedError(`no AWS region is set for ${url}`, {
    cause,
    hint: `Write it into the URL, \`${url}${url.includes('?') ? '&' : '?'}region=eu-west-1\`, or set AWS_REGION.`,
  });

/** An `AggregateError` of several attempts to connect has a code and no message. */
const firstLineOf = (error: unknown): string =>
  messageOf(error).split('\n', 1)[0] || ((error as NodeJS.ErrnoException).code ?? 'no reason given');
