import type { Attacker } from './attacker.js';

/** The stages that can stop a request, in their order. */
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

/** The gateways under attack differ in how clients and routers authenticate. */
export type GatewayName = 'tokens' | 'keys' | 'open' | 'router secret' | 'router signature' | 'manifest';

/** One attack, and how the gateway has to respond to it. */
export interface Attack {
  /** Continues the sentence "An attacker …". */
  readonly name: string;
  /** A description of the request. */
  readonly details: string;
  readonly stage: Stage;
  readonly stoppedBy: string;
  /** The expected result of `run`: a summary of the response, or several joined by ` | `. */
  readonly response: string;
  /** The gateway that is attacked; `tokens` by default. */
  readonly gateway?: GatewayName;
  /** How many payments the attack may make at Flinks; none by default. */
  readonly payments?: number;
  /** Only for floods: how often the attack is repeated to see whether the gateway's memory grows. */
  readonly repeats?: number;
  /** Takes as long as a time limit of the gateway. */
  readonly isSlow?: boolean;
  readonly needsBrowser?: boolean;
  /** Carries the attack out and summarizes the responses. */
  run(attacker: Attacker): Promise<string>;
}

/** Sends requests one after the other. Resolves to the distinct summaries of their responses, joined by ` | `. */
export async function sendAll(requests: readonly (() => Promise<string>)[]): Promise<string> {
  const summaries = new Set<string>();
  for (const send of requests) summaries.add(await send());
  return [...summaries].join(' | ');
}

/** Like `sendAll`, with one request for each value. */
export function sendEach<T>(values: readonly T[], send: (value: T) => Promise<string>): Promise<string> {
  return sendAll(values.map((value) => () => send(value)));
}
