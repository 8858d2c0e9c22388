import { Sensitive } from '../../../domain/sensitive.js';

/** Where and how a router wants the results of a subscription. */
export interface Callback {
  /** Sensitive, because it may hold credentials. */
  readonly url: Sensitive<string>;
  /** The router's id of the subscription. */
  readonly subscriptionId: string;
  /** Sent with each message, so that the router knows that it comes from this gateway. */
  readonly verifier: Sensitive<string>;
  /** 0: no heartbeats. */
  readonly heartbeatIntervalMs: number;
}

/** The default of Apollo Server's own plugin. */
const DEFAULT_HEARTBEAT_MS = 5_000;
const MIN_HEARTBEAT_MS = 1_000;
const MAX_HEARTBEAT_MS = 86_400_000;
const MAX_CHARACTERS = 2_000;

/**
 * Reads `extensions.subscription` of a request, with the field names of the protocol or of its preview (`callback_url`,
 * …). Returns the problem as a text when it is malformed; the text quotes nothing of the request.
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
