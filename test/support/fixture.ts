import type { Switches } from '../../sandbox/switches.js';
import { TestGateway } from './gateway.js';
import { TestSandbox } from './sandbox.js';
import { hooksPer } from './services.js';
import type { Per, Service } from './services.js';

type Environment = Readonly<Record<string, string>>;

export interface SandboxOptions {
  /** The sandbox switches that differ from their defaults. */
  readonly switches?: Partial<Switches>;
  /** Services that gateways need besides the sandbox. */
  readonly services?: readonly Service[];
  readonly per?: Per;
}

export interface GatewayOptions extends SandboxOptions {
  /** A function if it depends on a value that exists only after a service has started, such as its URL. */
  readonly environment?: Environment | (() => Environment);
}

/** A sandbox and its gateways. The objects exist immediately, but can only be used in hooks and tests. */
export interface SandboxFixture {
  readonly sandbox: TestSandbox;
  /** Adds a gateway that starts before the tests. */
  readonly addGateway: (environment?: GatewayOptions['environment']) => TestGateway;
  /** Starts a gateway immediately, in a hook or a test. It stops with the others. */
  readonly start: (environment?: Environment) => Promise<TestGateway>;
  /** The output of all gateways, including those that have ended. */
  readonly output: () => string;
}

/** Without this setting a gateway makes extra calls to detect that the sandbox accepts a token more than once. */
const REUSABLE_TOKENS = { FLINKS_TOKEN_POLICY: 'reusable' };

/**
 * Starts a sandbox, services and gateways before the tests of the file or `describe` that calls this. Even after a
 * failure, all gateways end before the sandbox and the services.
 */
export function withSandbox({ switches, services = [], per = 'suite' }: SandboxOptions = {}): SandboxFixture {
  const sandbox = new TestSandbox(switches);
  const added: (() => Promise<TestGateway>)[] = [];
  const gateways: TestGateway[] = [];
  const startGateway = (gateway: TestGateway, environment: Environment = {}): Promise<TestGateway> => {
    gateways.push(gateway);
    return gateway.start(sandbox.url, { ...REUSABLE_TOKENS, ...environment });
  };

  const [before, after] = hooksPer(per);
  before(async () => {
    await all([sandbox, ...services].map((service) => service.start()));
    await all(added.map((start) => start()));
  });
  after(async () => {
    try {
      // A graceful shutdown would wait for subscriptions that a failed test left open.
      await all(gateways.splice(0).map((gateway) => gateway.kill()));
    } finally {
      await all([sandbox, ...services].map((service) => service.stop()));
    }
  });

  return {
    sandbox,
    addGateway: (environment = {}) => {
      const gateway = new TestGateway();
      added.push(() => startGateway(gateway, typeof environment === 'function' ? environment() : environment));
      return gateway;
    },
    start: (environment) => startGateway(new TestGateway(), environment),
    output: () => gateways.map(({ output }) => output).join(''),
  };
}

/** A sandbox as with `withSandbox`, and a gateway that starts before the tests. */
export function withGateway({ environment, ...options }: GatewayOptions = {}): SandboxFixture & {
  readonly gateway: TestGateway;
} {
  const fixture = withSandbox(options);
  return { ...fixture, gateway: fixture.addGateway(environment) };
}

/** Waits for all promises even if one rejects, so that nothing is still starting while the others stop. */
async function all(promises: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
