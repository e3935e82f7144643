import { createServer } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { type LocalServer, listen } from '../local-server.ts';

/** What may happen to a request on its way. */
export const FAULTS = ['throttle', '500', 'reset before', 'reset after', 'timeout', 'unprocessed'] as const;

/** `unlucky`: refused for good. */
export type Fault = (typeof FAULTS)[number] | 'unlucky';

/** A request as the proxy sees it. */
export interface Seen {
  /** From 0. */
  readonly index: number;
  /** `UpdateItem` */
  readonly operation: string;
  readonly body: string;
}

/** A proxy before a DynamoDB: `decide` says what happens to each request. */
export interface FaultyServer extends LocalServer {
  /** The requests so far. */
  readonly seen: readonly Seen[];
}

const PASSED_ON = ['x-amz-target', 'x-amz-date', 'authorization', 'content-type'];

export async function startFaulty(
  endpoint: string,
  decide: (request: Seen) => Fault | undefined,
  bend: (body: string) => string = (body) => body,
): Promise<FaultyServer> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const body = bend(await textOf(request));
    const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    const one = { index: seen.length, operation, body };
    seen.push(one);
    const forward = async (text: string) => {
      const headers = PASSED_ON.map((name): [string, string] => [name, String(request.headers[name])]);
      const answer = await fetch(endpoint, { method: 'POST', headers, body: text });
      return { status: answer.status, text: await answer.text() };
    };
    const refuse = (status: number, name: string, message = name) =>
      response.writeHead(status).end(JSON.stringify({ __type: `com.amazonaws.dynamodb#${name}`, message }));
    switch (decide(one)) {
      case 'throttle':
        return refuse(400, 'ProvisionedThroughputExceededException');
      case '500':
        return refuse(500, 'InternalServerError');
      case 'unlucky':
        return refuse(400, 'AccessDeniedException', 'not this one');
      case 'reset before':
        return request.socket.destroy();
      case 'reset after':
        await forward(body);
        return request.socket.destroy();
      case 'timeout':
        return undefined;
      case 'unprocessed': {
        const asked = JSON.parse(body) as { RequestItems?: Record<string, unknown[]> };
        const [[table, parts] = ['', []]] = Object.entries(asked.RequestItems ?? {});
        if (parts.length === 0) break;
        const half = Math.floor(parts.length / 2);
        const { status, text } =
          half === 0
            ? { status: 200, text: '{"ConsumedCapacity":[]}' }
            : await forward(JSON.stringify({ ...asked, RequestItems: { [table]: parts.slice(0, half) } }));
        const answer = { ...JSON.parse(text), UnprocessedItems: { [table]: parts.slice(half) } };
        return response.writeHead(status).end(JSON.stringify(answer));
      }
    }
    const { status, text } = await forward(body);
    return response.writeHead(status).end(text);
  });
  return Object.assign(await listen(server), { seen });
}
