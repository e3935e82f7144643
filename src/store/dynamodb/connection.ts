import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { noCredentials, noRegion } from './errors.ts';
import { isLoopback, type Location } from './location.ts';
import { Sender } from './sender.ts';
import { Table } from './table.ts';

/** What a server on this machine is told; it looks at none of it, but may keep a set of tables for each. */
const LOCAL = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** As many requests as a publish has on their way at a time, so that none waits for a socket that another holds. */
const SOCKETS = 64;
const CONNECT_MS = 3000;
/** DynamoDB answers within milliseconds; what has not come by then was lost, or may as well be asked again. */
const ANSWER_MS = 10_000;

/** A client of one endpoint. Whoever opens it closes it. */
export interface Connection {
  /** `in eu-west-1`, `at http://localhost:8000` */
  readonly place: string;
  /** Sends requests that are finished JSON. */
  readonly sender: Sender;
  /** A table with this partition key, which is text. */
  table(name: string, key: string): Table;
  close(): void;
}

/**
 * Sets up a client, with region and credentials from the SDK's own chain where the location says nothing else.
 *
 * @throws WrappedError where there are none
 */
export async function connect(location: Location, { answerMs = ANSWER_MS } = {}): Promise<Connection> {
  // The SDK is pinned: that its later versions will need a later Node is nothing for the user of a command line.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const { url, endpoint } = location;
  const client = new DynamoDBClient({
    ...around(location),
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: answerMs,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: SOCKETS },
    },
  });
  const region = await client.config.region().catch((cause) => {
    throw noRegion(cause, url);
  });
  await client.config.credentials().catch((cause) => {
    throw noCredentials(cause, url);
  });
  const place = endpoint === undefined ? `in ${region}` : `at ${endpoint}`;
  return {
    place,
    sender: await Sender.of(client),
    table: (table, key) => new Table(client, { url, table, place }, key),
    close: () => client.destroy(),
  };
}

function around(location: Location): Partial<typeof LOCAL> {
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_PROFILE } = process.env;
  const local = isLoopback(location);
  const region = location.region ?? (local ? (AWS_REGION ?? LOCAL.region) : undefined);
  const useChain = !local || AWS_ACCESS_KEY_ID !== undefined || AWS_PROFILE !== undefined;
  return {
    ...(region === undefined ? {} : { region }),
    ...(useChain ? {} : { credentials: LOCAL.credentials }),
  };
}
