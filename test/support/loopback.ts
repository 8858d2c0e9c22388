import { once } from 'node:events';
import { Server as HttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { started } from './started.js';

/** Resolves when the server listens on a free port of 127.0.0.1. */
export async function listen(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

/** The port of a server that listens. */
export function portOf(server: Server): number {
  return started((server.address() as AddressInfo | null) ?? undefined, 'server').port;
}

/** Closes the server, and for HTTP all its connections. Does nothing if the server does not listen. */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  if (server instanceof HttpServer) server.closeAllConnections();
  await closed;
}
