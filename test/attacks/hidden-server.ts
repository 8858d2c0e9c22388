import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';

/** A server of a private network that nobody outside may have the gateway call. */
export class HiddenServer {
  /** Connections and requests that came. */
  visits = 0;

  private constructor(
    private readonly server: Server,
    readonly host: string,
    readonly port: number,
  ) {
    server.on('connection', () => (this.visits += 1));
    server.on('request', (_request, response) =>
      response.writeHead(204, { 'subscription-protocol': 'callback/1.0' }).end(),
    );
  }

  static async start(host: string, port: number): Promise<HiddenServer> {
    const server = createServer();
    server.listen(port, host);
    await once(server, 'listening');
    return new HiddenServer(server, host, port);
  }

  get url(): string {
    return `http://${this.host}:${this.port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
