import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import type { Http2SecureServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createCertificate } from './certificate.js';

/** An HTTPS server that prefers HTTP/2, with a certificate that this process trusts until it stops. */
export class HttpsServer {
  /** The HTTP version of each request. */
  readonly versions: string[] = [];
  readonly #trusted = getCACertificates('default');
  readonly #sockets = new Set<Socket>();

  private constructor(private readonly server: Http2SecureServer) {}

  /** TLS handshakes do not end before `ready`. */
  static async start(ready: Promise<unknown> = Promise.resolve()): Promise<HttpsServer> {
    const certificate = createCertificate();
    const server = createSecureServer({
      ...certificate,
      allowHTTP1: true,
      SNICallback: (_host, done) => void ready.then(() => done(null)),
    });
    const started = new HttpsServer(server);
    setDefaultCACertificates([...started.#trusted, certificate.cert]);
    server.on('connection', (socket: Socket) => started.#sockets.add(socket));
    server.on('request', (request, response) => {
      started.versions.push(request.httpVersion);
      request.resume().on('end', () => response.end('{}'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return started;
  }

  get origin(): string {
    return `https://localhost:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    setDefaultCACertificates(this.#trusted);
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
