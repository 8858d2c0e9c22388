import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A free port below those of outgoing connections, so that a program that restarts can use it again. */
export async function freePort() {
  for (;;) {
    const server = createServer();
    const port = randomInt(20_000, 32_000);
    const listening = once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.listen(port, '127.0.0.1');
    if (!(await listening)) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
