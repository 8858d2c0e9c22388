import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';

/** A resource that tests share, such as a server or a folder. */
export interface Service {
  start(): Promise<unknown>;
  /** Does nothing if it was not started or its start failed. */
  stop(): Promise<unknown>;
}

/** With `suite`, the default, the tests of a file or `describe` share the started services. With `test`, each test gets its own. */
export type Per = 'suite' | 'test';

/**
 * Starts a service before the tests of the file or `describe` that calls this, and stops it after them. If gateways need the
 * service longer than one test, name it in the `services` of their fixture: hooks of one kind run in the order of their
 * registration.
 */
export function withService<S extends Service>(service: S, per: Per = 'suite'): S {
  const [before, after] = hooksPer(per);
  before(() => service.start());
  after(() => service.stop());
  return service;
}

export function hooksPer(per: Per): [before: typeof beforeAll, after: typeof afterAll] {
  return per === 'suite' ? [beforeAll, afterAll] : [beforeEach, afterEach];
}
