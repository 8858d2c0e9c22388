import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Resolves a host name to all of its addresses. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** A host name resolves to an address that callbacks may not go to. */
export class AddressNotAllowedError extends Error {
  override readonly name = 'AddressNotAllowedError';

  constructor() {
    super('the host name resolves to an address that is not allowed');
  }
}

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
    private readonly resolve: Resolve = (hostname) => lookup(hostname, { all: true }),
  ) {}

  /** Replaces Node's own lookup for the sockets of callbacks. */
  readonly lookup: LookupFunction = (hostname, { all }, done) => {
    this.#allowed(hostname).then(
      ([first, ...rest]) => {
        if (all === true) done(null, [first, ...rest]);
        else done(null, first.address, first.family);
      },
      (error: unknown) => done(error as Error, '', 0),
    );
  };

  /** Rejects when any of the addresses is not allowed: a mix is an attack or a mistake. */
  async #allowed(hostname: string): Promise<[LookupAddress, ...LookupAddress[]]> {
    const [first, ...rest] = await this.resolve(hostname);
    if (first === undefined) throw new Error('the host name has no address');
    const addresses = [first, ...rest] as [LookupAddress, ...LookupAddress[]];
    if (addresses.every(({ address }) => this.#isAllowed(address, hostname))) return addresses;
    throw new AddressNotAllowedError();
  }

  #isAllowed(text: string, hostname: string): boolean {
    // Also unwraps IPv4-mapped IPv6 addresses. NAT64 and 6to4 addresses are in ranges of their own, hence not unicast.
    const address = ipaddr.process(text);
    const range = address.range();
    if (range === 'unicast' && isGlobal(address)) return true;
    if (range === 'loopback' && hostname === 'localhost' && !this.production) return true;
    return this.networks.some((network) => {
      const [base, bits] = ipaddr.parseCIDR(network);
      return base.kind() === address.kind() && address.match(base, bits);
    });
  }
}

/**
 * All of IPv6 that has been allocated. Other addresses without a named range, such as ::a00:1, count as unicast too.
 */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

function isGlobal(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
}
