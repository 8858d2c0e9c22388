/** A host that callbacks may go to; without a port, on the port of the scheme only. */
export interface CallbackHost {
  readonly hostname: string;
  readonly port: number | undefined;
  /** True where http will do in production too, as for a router in the same private network. */
  readonly unencrypted: boolean;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** Which URLs callbacks may go to: what they tell is not for everybody, and nobody may have the gateway call any server. */
export class CallbackHostPolicy {
  constructor(
    private readonly hosts: readonly CallbackHost[],
    private readonly production: boolean,
  ) {}

  /** In production a URL has to be https, but on the machine itself and where the host says otherwise. */
  isAllowed(text: string): boolean {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    const defaultPort = DEFAULT_PORTS[url.protocol];
    if (defaultPort === undefined || url.username + url.password !== '') return false;
    const port = url.port === '' ? defaultPort : Number(url.port);
    const isSafe = url.protocol === 'https:' || !this.production || isLoopback(url.hostname);
    return this.hosts.some(
      (host) => host.hostname === url.hostname && (host.port ?? defaultPort) === port && (isSafe || host.unencrypted),
    );
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
