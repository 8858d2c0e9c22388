import { Sensitive } from '../../../domain/sensitive.js';

/** How a router wants to be told of a subscription. */
export interface Callback {
  readonly url: Sensitive<string>;
  /** The router's. */
  readonly subscriptionId: string;
  /** By which the router knows that it is us. */
  readonly verifier: Sensitive<string>;
  /** 0: it wants no heartbeat. */
  readonly heartbeatIntervalMs: number;
}

/** What Apollo's own plugin takes where the router names none. */
const DEFAULT_HEARTBEAT_MS = 5_000;
const MIN_HEARTBEAT_MS = 1_000;
const MAX_HEARTBEAT_MS = 86_400_000;
const MAX_CHARACTERS = 2_000;

/**
 * Reads `extensions.subscription` of a request, with the names of the protocol or those of its preview (`callback_url`, …); or
 * gives what is wrong with it, in words that repeat nothing of it.
 */
export function readCallback(extension: unknown): Callback | string {
  if (typeof extension !== 'object' || extension === null) return 'extensions.subscription must be an object.';
  const given = extension as Readonly<Record<string, unknown>>;
  const url = given.callbackUrl ?? given.callback_url;
  const subscriptionId = given.subscriptionId ?? given.subscription_id;
  const { verifier } = given;
  const heartbeatIntervalMs = given.heartbeatIntervalMs ?? given.heartbeat_interval_ms ?? DEFAULT_HEARTBEAT_MS;
  const problems = [
    ...(isText(url) ? [] : ['callbackUrl must be text']),
    ...(isText(subscriptionId) ? [] : ['subscriptionId must be text']),
    ...(isText(verifier) ? [] : ['verifier must be text']),
    ...(isHeartbeat(heartbeatIntervalMs)
      ? []
      : [`heartbeatIntervalMs must be 0, or a whole number from ${MIN_HEARTBEAT_MS} to ${MAX_HEARTBEAT_MS}`]),
  ];
  return isText(url) && isText(subscriptionId) && isText(verifier) && isHeartbeat(heartbeatIntervalMs)
    ? { url: new Sensitive(url), subscriptionId, verifier: new Sensitive(verifier), heartbeatIntervalMs }
    : `In extensions.subscription ${problems.join(', ')}.`;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_CHARACTERS;
}

function isHeartbeat(value: unknown): value is number {
  return (
    Number.isInteger(value) &&
    (value === 0 || ((value as number) >= MIN_HEARTBEAT_MS && (value as number) <= MAX_HEARTBEAT_MS))
  );
}
