import type { TestGateway } from '../support/gateway.js';
import { until } from '../support/until.js';

/** What a gateway told of itself when it was asked to. */
export interface Inspected {
  /** CPU that it has used since it started. */
  readonly cpuMs: number;
  /** Bytes of the heap and outside of it that are left when garbage is collected. */
  readonly held: number;
  /** As `cpuMs`, with what the collection took. */
  readonly cpuMsBehind: number;
}

const LINE = /^\{"inspected":(.*)\}$/gm;

/** By what `preload.mjs` adds to it. */
export async function inspect(gateway: TestGateway): Promise<Inspected> {
  const before = inspections(gateway).length;
  gateway.signal('SIGUSR2');
  await until(() => inspections(gateway).length > before);
  return JSON.parse(inspections(gateway).at(-1) ?? '') as Inspected;
}

function inspections({ output }: TestGateway): string[] {
  return [...output.matchAll(LINE)].map(([, json]) => json ?? '');
}
