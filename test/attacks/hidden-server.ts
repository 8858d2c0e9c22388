import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';

/** A server of a private network. An attacker wants the gateway to call it. */
export class HiddenServer {
  connections = 0;

  private constructor(
    private readonly server: Server,
    readonly host: string,
    readonly port: number,
  ) {
    server.on('connection', () => (this.connections += 1));
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

  /** Runs an attack. Resolves to its response and whether the gateway called this server meanwhile. */
  async watch(attack: () => Promise<string>): Promise<string> {
    const before = this.connections;
    const response = await attack();
    return `${response}, ${this.connections === before ? 'not called' : 'called'}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
