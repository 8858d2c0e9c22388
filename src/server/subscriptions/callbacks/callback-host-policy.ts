import { isLoopback } from '../../../lib/loopback.js';

/** A host that callbacks may go to. */
export interface CallbackHost {
  /** As in `URL.hostname`. */
  readonly hostname: string;
  /** Undefined allows the default port of the scheme only. */
  readonly port: number | undefined;
  /** Whether http is allowed in production too, as for a router in the same private network. */
  readonly unencrypted: boolean;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/**
 * Restricts the URLs that callbacks may go to, because results are confidential and clients must not choose which
 * servers the gateway calls.
 */
export class CallbackHostPolicy {
  constructor(
    private readonly hosts: readonly CallbackHost[],
    private readonly production: boolean,
  ) {}

  /** In production a URL must be https, except on a loopback host and for hosts that allow http. */
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
