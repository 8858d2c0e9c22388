import type { TestGateway } from '../support/gateway.js';
import { until } from '../support/until.js';

/** The resource usage that a gateway reports on SIGUSR2. */
export interface Inspection {
  /** CPU time since the process started, in milliseconds. */
  readonly cpuMs: number;
  /** Bytes in use inside and outside the heap after a garbage collection. */
  readonly heldBytes: number;
  /** The CPU time including garbage collection, unlike `cpuMs`. */
  readonly cpuMsAfterCollection: number;
}

const LINE = /^\{"inspection":(.*)\}$/gm;

/** Relies on `preload.mjs` in the gateway. */
export async function inspect(gateway: TestGateway): Promise<Inspection> {
  const before = inspectionsOf(gateway).length;
  gateway.signal('SIGUSR2');
  await until(() => inspectionsOf(gateway).length > before);
  return JSON.parse(inspectionsOf(gateway).at(-1) ?? '') as Inspection;
}

function inspectionsOf({ output }: TestGateway): string[] {
  return [...output.matchAll(LINE)].map(([, json]) => json ?? '');
}
