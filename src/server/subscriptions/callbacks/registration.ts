import type { ApiClient } from '../../../domain/api-client.js';
import { Sensitive } from '../../../domain/sensitive.js';
import type { CallbackSubscription } from '../../../store/contracts/callback-store.js';
import type { RequestedOperation } from '../../request/requested-operation.js';

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

/** An operation with its document, which is stored. */
export type CallbackOperation = RequestedOperation & { readonly query: string };

/** A subscription whose results a router wants posted to its callback URL. */
export interface Registration {
  readonly callback: Callback;
  /** Sensitive, because documents and variables may hold anything. */
  readonly operation: Sensitive<CallbackOperation>;
  readonly client: ApiClient;
  /** Id of the request that started the subscription. */
  readonly requestId: string;
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
  if (isText(url) && isText(subscriptionId) && isText(verifier) && isHeartbeat(heartbeatIntervalMs))
    return { url: new Sensitive(url), subscriptionId, verifier: new Sensitive(verifier), heartbeatIntervalMs };
  const texts = Object.entries({ callbackUrl: url, subscriptionId, verifier });
  const problems = texts.filter(([, value]) => !isText(value)).map(([name]) => `${name} must be text`);
  if (!isHeartbeat(heartbeatIntervalMs))
    problems.push(`heartbeatIntervalMs must be 0, or a whole number from ${MIN_HEARTBEAT_MS} to ${MAX_HEARTBEAT_MS}`);
  return `In extensions.subscription ${problems.join(', ')}.`;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_CHARACTERS;
}

function isHeartbeat(value: unknown): value is number {
  if (typeof value !== 'number' || !Number.isInteger(value)) return false;
  return value === 0 || (value >= MIN_HEARTBEAT_MS && value <= MAX_HEARTBEAT_MS);
}

/** Creates a registration from a request. */
export function newRegistration(
  callback: Callback,
  { query, operationName, variables }: CallbackOperation,
  { client, requestId }: Pick<Registration, 'client' | 'requestId'>,
): Registration {
  return { callback, operation: new Sensitive({ query, operationName, variables }), client, requestId };
}

/** Identifies a subscription of a router: its callback URL and the router's id. */
export function keyOf({ callback }: Registration): Sensitive<string> {
  return new Sensitive(JSON.stringify([callback.url.reveal(), callback.subscriptionId]));
}

/** The stored JSON of a registration. Its keys do not change, because replicas of several releases share the store. */
interface Serialized {
  readonly callback: Callback & { readonly url: string; readonly verifier: string };
  readonly operation: CallbackOperation;
  readonly caller?: Omit<ApiClient, 'expiresAt'> & { readonly expiresAt?: string };
  readonly requestId: string;
}

/** The stored form. */
export function serialize({ callback, operation, client, requestId }: Registration): Sensitive<string> {
  const revealed = { ...callback, url: callback.url.reveal(), verifier: callback.verifier.reveal() };
  const serialized = { callback: revealed, operation: operation.reveal(), caller: client, requestId };
  return new Sensitive(JSON.stringify(serialized));
}

/** Restores a stored registration; undefined when no data key decrypts it, or an old release stored no client. */
export function deserialize({ registration }: CallbackSubscription): Registration | undefined {
  if (registration === undefined) return undefined;
  const { callback, operation, caller: client, requestId } = JSON.parse(registration.reveal()) as Serialized;
  if (client === undefined) return undefined;
  const expiresAt = client.expiresAt === undefined ? undefined : new Date(client.expiresAt);
  return {
    callback: { ...callback, url: new Sensitive(callback.url), verifier: new Sensitive(callback.verifier) },
    operation: new Sensitive(operation),
    client: { ...client, expiresAt },
    requestId,
  };
}
