declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** A DynamoDB server that lives in memory. */
  export default function dynalite(options?: { createTableMs?: number }): Server;
}
