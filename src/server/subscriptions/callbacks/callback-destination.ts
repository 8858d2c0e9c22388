import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
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

/** Restricts the URLs of callbacks: results are confidential, and clients must not choose which servers are called. */
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

/** A host name resolves to an address that callbacks may not go to. */
export class AddressNotAllowedError extends Error {
  override readonly name = 'AddressNotAllowedError';

  constructor() {
    super('the host name resolves to an address that is not allowed');
  }
}

/** All allocated IPv6 addresses. Others without a named range, such as ::a00:1, count as unicast too. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Guards callbacks against SSRF by restricting the addresses that they may go to. A connection goes to the address that
 * was checked for it: the name is not resolved a second time, because its address may have changed by then. A literal
 * IP address is not looked up, so it has to be in SUBSCRIPTION_CALLBACK_HOSTS.
 */
export class CallbackAddressPolicy {
  constructor(
    /** CIDR blocks that are allowed in addition to public addresses. */
    private readonly networks: readonly string[],
    private readonly production: boolean,
    private readonly resolve: (hostname: string) => Promise<readonly LookupAddress[]> = (hostname) =>
      lookup(hostname, { all: true }),
  ) {}

  /** Replaces Node's own lookup for the sockets of callbacks. */
  readonly lookup: LookupFunction = (hostname, { all }, done) => {
    this.#allowed(hostname).then(
      ([first, ...rest]) => (all === true ? done(null, [first, ...rest]) : done(null, first.address, first.family)),
      (error: unknown) => done(error as Error, '', 0),
    );
  };

  /** Rejects when any of the addresses is not allowed: a mix is an attack or a mistake. */
  async #allowed(hostname: string): Promise<[LookupAddress, ...LookupAddress[]]> {
    const [first, ...rest] = await this.resolve(hostname);
    if (first === undefined) throw new Error('the host name has no address');
    if (![first, ...rest].every(({ address }) => this.#isAllowed(address, hostname)))
      throw new AddressNotAllowedError();
    return [first, ...rest];
  }

  #isAllowed(text: string, hostname: string): boolean {
    // Also unwraps IPv4-mapped IPv6 addresses. NAT64 and 6to4 addresses are in ranges of their own, hence not unicast.
    const address = ipaddr.process(text);
    const range = address.range();
    const isGlobal = address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
    if (range === 'unicast' && isGlobal) return true;
    if (range === 'loopback' && hostname === 'localhost' && !this.production) return true;
    return this.networks.some((network) => {
      const [base, bits] = ipaddr.parseCIDR(network);
      return base.kind() === address.kind() && address.match(base, bits);
    });
  }
}
