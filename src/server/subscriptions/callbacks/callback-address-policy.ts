import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** A name that stands for an address which may not be called. */
export class AddressNotAllowedError extends Error {
  override readonly name = 'AddressNotAllowed';

  constructor() {
    super('the name stands for an address that is not allowed');
  }
}

/**
 * Which addresses callbacks may go to. A connection goes to what was checked for it: nothing asks again for what a name stands for, which
 * may have changed meanwhile. An address in place of a name is not looked up; it has to be among the hosts.
 */
export class CallbackAddressPolicy {
  constructor(
    /** CIDR blocks that are allowed beside public addresses. */
    private readonly networks: readonly string[],
    private readonly production: boolean,
    private readonly resolve: Resolve = (hostname) => lookup(hostname, { all: true }),
  ) {}

  /** In place of Node's own. */
  readonly lookup: LookupFunction = (hostname, { all }, answer) => {
    this.#allowed(hostname).then(
      ([first, ...others]) => {
        if (all === true) answer(null, [first, ...others]);
        else answer(null, first.address, first.family);
      },
      (error: unknown) => answer(error as Error, '', 0),
    );
  };

  /** One that is not allowed among others is a trick, or a mistake. */
  async #allowed(hostname: string): Promise<[LookupAddress, ...LookupAddress[]]> {
    const [first, ...others] = await this.resolve(hostname);
    if (first === undefined) throw new Error('the name has no address');
    const addresses = [first, ...others] as [LookupAddress, ...LookupAddress[]];
    if (addresses.every(({ address }) => this.#isAllowed(address, hostname))) return addresses;
    throw new AddressNotAllowedError();
  }

  #isAllowed(text: string, hostname: string): boolean {
    // Also of an IPv4 address that is written as one of IPv6. Those behind NAT64 and 6to4 are of ranges of their own.
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

/** All of IPv6 that was given out so far. What else has no name of its own, such as ::a00:1, passes for unicast. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

function isGlobal(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
}
