import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { Report } from '@apollo/usage-reporting-protobuf';

interface Received {
  readonly headers: IncomingHttpHeaders;
  /** The decompressed body. */
  readonly bytes: Buffer;
  readonly report: Report;
}

/** Plays the endpoint of Apollo Studio that receives usage reports. */
export class StudioEndpoint {
  readonly received: Received[] = [];
  /** The status of the response. Undefined: no response. */
  status: number | undefined = 200;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<StudioEndpoint> {
    const endpoint: StudioEndpoint = new StudioEndpoint(
      createServer((request, response) => {
        void buffer(request).then((body) => {
          const bytes = gunzipSync(body);
          endpoint.received.push({ headers: request.headers, bytes, report: Report.decode(bytes) });
          if (endpoint.status !== undefined) response.writeHead(endpoint.status).end();
        });
      }),
    );
    endpoint.server.listen(0, '127.0.0.1');
    await once(endpoint.server, 'listening');
    return endpoint;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
