import type { ApiClient } from '../../../domain/api-client.js';
import { Sensitive } from '../../../domain/sensitive.js';
import type { CallbackSubscription } from '../../../store/contracts/callback-store.js';
import type { Callback } from './callback.js';

/** An operation as sent in GraphQL over HTTP, with its document. */
export interface GraphQLOperation {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A subscription whose results a router wants posted to its callback URL. */
export interface Registration {
  /** Where the results go. */
  readonly callback: Callback;
  /** Sensitive, because documents and variables may hold anything. */
  readonly operation: Sensitive<GraphQLOperation>;
  /** The client on whose behalf the operation runs. */
  readonly client: ApiClient;
  /** Id of the request that started the subscription. */
  readonly requestId: string;
}

/** Creates a registration from a request. */
export function newRegistration(
  callback: Callback,
  { query, operationName, variables }: GraphQLOperation,
  { client, requestId }: Pick<Registration, 'client' | 'requestId'>,
): Registration {
  return { callback, operation: new Sensitive({ query, operationName, variables }), client, requestId };
}

/** Identifies a subscription of a router: its callback URL and the router's id. */
export function keyOf({ callback }: Registration): Sensitive<string> {
  return new Sensitive(JSON.stringify([callback.url.reveal(), callback.subscriptionId]));
}

/** The stored form. */
export function serialize({ callback, operation, client, requestId }: Registration): Sensitive<string> {
  const revealed = { ...callback, url: callback.url.reveal(), verifier: callback.verifier.reveal() };
  return new Sensitive(
    JSON.stringify({ callback: revealed, operation: operation.reveal(), caller: client, requestId }),
  );
}

/**
 * Restores a registration from the store; undefined when no data key decrypts it, or an old release stored it without a
 * client.
 */
export function deserialize({ registration }: CallbackSubscription): Registration | undefined {
  if (registration === undefined) return undefined;
  const {
    callback,
    operation,
    caller: storedClient,
    requestId,
  } = JSON.parse(registration.reveal()) as SerializedRegistration;
  // Stored by a release that did not identify clients.
  if (storedClient === undefined) return undefined;
  const { expiresAt } = storedClient;
  return {
    callback: { ...callback, url: new Sensitive(callback.url), verifier: new Sensitive(callback.verifier) },
    operation: new Sensitive(operation),
    client: {
      ...storedClient,
      expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
      apiKey: storedClient.apiKey,
    },
    requestId,
  };
}

/** The stored JSON of a registration. Its keys do not change, because replicas of several releases share the store. */
interface SerializedRegistration {
  readonly callback: Callback & { readonly url: string; readonly verifier: string };
  readonly operation: GraphQLOperation;
  readonly caller?: Omit<ApiClient, 'expiresAt'> & { readonly expiresAt?: string };
  readonly requestId: string;
}
