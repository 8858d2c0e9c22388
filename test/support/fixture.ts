import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { Switches } from '../../sandbox/switches.js';
import { TestGateway } from './gateway.js';
import { TestSandbox } from './sandbox.js';

/** Something that runs, or exists, while tests use it: a server, a folder. */
export interface Service {
  start(): Promise<unknown>;
  /** Does nothing after a start that failed or never was. */
  stop(): Promise<unknown>;
}

type Environment = Readonly<Record<string, string>>;

/** With `suite`, the default, all tests of the file or `describe` share what starts; with `test`, each test gets new ones. */
type Per = 'suite' | 'test';

export interface SandboxOptions {
  /** The switches that differ from the defaults of the sandbox. */
  readonly switches?: Partial<Switches>;
  /** What gateways need besides the sandbox. */
  readonly services?: readonly Service[];
  readonly per?: Per;
}

export interface GatewayOptions extends SandboxOptions {
  /** A function if it depends on what a service has only after its start, such as its URL. */
  readonly environment?: Environment | (() => Environment);
}

/** A sandbox and its gateways. The objects exist at once, and are usable in hooks and tests. */
export interface SandboxFixture {
  readonly sandbox: TestSandbox;
  /** Adds a gateway that starts before the tests. */
  readonly addGateway: (environment?: GatewayOptions['environment']) => TestGateway;
  /** Starts a gateway now, in a hook or a test. It ends with the others. */
  readonly start: (environment?: Environment) => Promise<TestGateway>;
  /** Everything that the gateways have written, also those that have ended. */
  readonly output: () => string;
}

/** The sandbox accepts a token more than once; a gateway that has to detect it makes more calls. */
const REUSABLE_TOKENS = { FLINKS_TOKEN_POLICY: 'reusable' };

/**
 * Starts a service before the tests of the file or `describe` that calls this, and stops it after them. If gateways need the
 * service longer than one test, name it in `services`: hooks of one kind run in the order of their registration.
 */
export function withService<S extends Service>(service: S): S {
  beforeAll(() => service.start());
  afterAll(() => service.stop());
  return service;
}

/**
 * Starts a sandbox, services and gateways before the tests of the file or `describe` that calls this. Whatever fails, all
 * gateways end before the sandbox and the services do.
 */
export function withSandbox({ switches, services = [], per = 'suite' }: SandboxOptions = {}): SandboxFixture {
  const sandbox = new TestSandbox(switches);
  const added: (() => Promise<TestGateway>)[] = [];
  const gateways: TestGateway[] = [];
  const startGateway = (gateway: TestGateway, environment: Environment = {}): Promise<TestGateway> => {
    gateways.push(gateway);
    return gateway.start(sandbox.url, { ...REUSABLE_TOKENS, ...environment });
  };

  const [before, after] = per === 'suite' ? [beforeAll, afterAll] : [beforeEach, afterEach];
  before(async () => {
    await all([sandbox, ...services].map((service) => service.start()));
    await all(added.map((start) => start()));
  });
  after(async () => {
    try {
      // A graceful end would wait for subscriptions that a failed test left open.
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

/** Waits for all, also after one has failed, so that none is still starting when the others stop. */
async function all(promises: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(promises);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
