import type { ApiClient } from '../../../domain/api-client.js';
import { Sensitive } from '../../../domain/sensitive.js';
import type { CallbackSubscription } from '../../../store/contracts/callback-store.js';
import type { Callback } from './callback.js';

/** An operation as GraphQL over HTTP has it. */
export interface GraphQLOperation {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A subscription that a router asked to be called back for. */
export interface Registration {
  readonly callback: Callback;
  /** Documents and variables may hold anything. */
  readonly operation: Sensitive<GraphQLOperation>;
  readonly client: ApiClient;
  /** Of the request that asked for it. */
  readonly requestId: string;
}

export function newRegistration(
  callback: Callback,
  { query, operationName, variables }: GraphQLOperation,
  { client: caller, requestId }: Pick<Registration, 'client' | 'requestId'>,
): Registration {
  return { callback, operation: new Sensitive({ query, operationName, variables }), client: caller, requestId };
}

/** What no two subscriptions of a router have in common. */
export function keyOf({ callback }: Registration): Sensitive<string> {
  return new Sensitive(JSON.stringify([callback.url.reveal(), callback.subscriptionId]));
}

/** As it is kept. */
export function serialize({ callback, operation, client, requestId }: Registration): Sensitive<string> {
  const revealed = { ...callback, url: callback.url.reveal(), verifier: callback.verifier.reveal() };
  return new Sensitive(
    JSON.stringify({ callback: revealed, operation: operation.reveal(), caller: client, requestId }),
  );
}

/** Undefined where it cannot be read. */
export function deserialize({ registration }: CallbackSubscription): Registration | undefined {
  if (registration === undefined) return undefined;
  const { callback, operation, caller, requestId } = JSON.parse(registration.reveal()) as SerializedRegistration;
  // Of a release that knew no callers.
  if (caller === undefined) return undefined;
  const { expiresAt } = caller;
  return {
    callback: { ...callback, url: new Sensitive(callback.url), verifier: new Sensitive(callback.verifier) },
    operation: new Sensitive(operation),
    client: { ...caller, expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt), apiKey: caller.apiKey },
    requestId,
  };
}

/** What JSON makes of a registration. */
interface SerializedRegistration {
  readonly callback: Callback & { readonly url: string; readonly verifier: string };
  readonly operation: GraphQLOperation;
  readonly caller?: Omit<ApiClient, 'expiresAt'> & { readonly expiresAt?: string };
  readonly requestId: string;
}
