import type { World } from './world.js';

/** Where a request can be stopped, in the order in which it gets there. */
export const STAGES = [
  'connection',
  'http',
  'cross-site',
  'router',
  'identity',
  'persisted operations',
  'parse',
  'validation',
  'operation limits',
  'scopes',
  'input',
  'tenancy',
  'rate limits',
  'callback addresses',
  'webhook signatures',
  'log',
] as const;
export type Stage = (typeof STAGES)[number];

/** Gateways differ in how callers and routers prove themselves. */
export type GatewayName = 'tokens' | 'keys' | 'open' | 'router secret' | 'router signature' | 'manifest';

/** One thing that somebody may try, and what comes of it. */
export interface Attack {
  readonly name: string;
  readonly tries: string;
  readonly stage: Stage;
  readonly stoppedBy: string;
  /** What `attack` resolves to, word by word: as a rule status and code, or the member of a union. */
  readonly answer: string;
  /** Against which gateway; the one that takes tokens, where absent. */
  readonly on?: GatewayName;
  /** How many payments Flinks rightly gets to know because of it; none, where absent. */
  readonly payments?: number;
  /** Of a flood: how often it is repeated to see whether memory stays flat. */
  readonly repeats?: number;
  /** Takes as long as a time limit of the gateway. */
  readonly slow?: boolean;
  readonly inBrowser?: boolean;
  /** Resolves to the answer in words. */
  attack(world: World): Promise<string>;
}

/** Several tries that are to be answered alike: their one answer, or all that differ. */
export async function alike(tries: readonly (() => Promise<string>)[]): Promise<string> {
  const answers = new Set<string>();
  for (const each of tries) answers.add(await each());
  return [...answers].join(' | ');
}

/** As `alike`, for one attack over many values. */
export function each<T>(values: readonly T[], attack: (value: T) => Promise<string>): Promise<string> {
  return alike(values.map((value) => () => attack(value)));
}
