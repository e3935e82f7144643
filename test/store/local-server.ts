import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';

/** A server of this process on a port that was free. Whoever starts it closes it. */
export interface LocalServer {
  /** `http://127.0.0.1:4567` */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** An empty DynamoDB. */
export const startDynalite = (): Promise<LocalServer> => listen(dynalite({ createTableMs: 0 }));

/** Lets a server listen on loopback. */
export async function listen(server: Server): Promise<LocalServer> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((done, fail) => {
        server.close((error) => (error ? fail(error) : done()));
        server.closeAllConnections();
      }),
  };
}
