import { WrappedError } from '../../error.ts';

/** What `dynamodb://TABLE[?region=…&endpoint=…]` says. */
export interface Location {
  /** As it was given. */
  readonly url: string;
  /** The table of rows. */
  readonly table: string;
  readonly region: string | undefined;
  /** Of a server that is not AWS's own, such as `http://localhost:8000`. */
  readonly endpoint: string | undefined;
}

/** What is appended to the name of the table of rows to name its ledger. */
const LEDGER = '-ledger';

/** The table that keeps the ledger of a table of rows. */
export const ledgerTableOf = (table: string): string => `${table}${LEDGER}`;

const SHAPE = 'dynamodb://TABLE[?region=REGION&endpoint=URL]';
const MAX_TABLE_NAME = 255 - LEDGER.length;
const TABLE_NAME = new RegExp(`^[A-Za-z0-9_.-]{3,${MAX_TABLE_NAME}}$`);
const REGION = /^[a-z0-9-]+$/;
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;
const PARAMETERS = ['region', 'endpoint'];

/** Reads a store's URL. @throws WrappedError where it is none of ours */
export function parseLocation(url: string): Location {
  const [, table = '', query = ''] = /^dynamodb:\/\/([^?]*)(?:\?(.*))?$/s.exec(url) ?? [];
  if (!TABLE_NAME.test(table)) {
    throw invalid(
      url,
      `its table is '${table}'; 3 to ${MAX_TABLE_NAME} letters, digits and _ . - are expected`,
    );
  }
  const parameters = new URLSearchParams(query);
  for (const [name, value] of parameters) {
    if (!PARAMETERS.includes(name))
      throw invalid(url, `it has '${name}'; only region and endpoint are known`);
    if (value === '') throw invalid(url, `its ${name} is empty`);
  }
  const region = parameters.get('region') ?? undefined;
  if (region !== undefined && !REGION.test(region)) {
    throw invalid(url, `its region is '${region}'; one like eu-west-1 is expected`);
  }
  const endpoint = parameters.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !isHttpUrl(endpoint)) {
    throw invalid(url, `its endpoint is '${endpoint}'; one like http://localhost:8000 is expected`);
  }
  return { url, table, region, endpoint };
}

/** Whether the endpoint is a server on this machine, which asks for credentials and looks at none. */
export const isLoopback = ({ endpoint }: Location): boolean =>
  endpoint !== undefined && LOOPBACK.test(new URL(endpoint).hostname);

const isHttpUrl = (text: string): boolean =>
  URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);

const invalid = (url: string, found: string): WrappedError =>
  new WrappedError(`${url} names no DynamoDB table: ${found}`, { hint: `Write it as ${SHAPE}.` });
