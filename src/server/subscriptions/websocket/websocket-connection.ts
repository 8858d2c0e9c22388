import { GraphQLError, parse } from 'graphql';
import type { ExecutionArgs, FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { makeServer } from 'graphql-ws';
import type { ExecutionResult, SubscribePayload } from 'graphql-ws';
import type { ApiClient } from '../../../domain/api-client.js';
import type { AuthenticationResult } from '../../../identity/authenticator.js';
import type { RequestContext } from '../../../resolvers/request-context.js';
import { NOT_THROUGH_ROUTER } from '../../request/request-guard.js';
import type { RejectionReason } from '../../request/request-guard.js';
import {
  CONNECTION_INIT_MS,
  EXPIRY_GRACE_MS,
  MAX_EARLY_MESSAGES,
  MAX_OPERATIONS_PER_SOCKET,
} from '../../request/transport-limits.js';
import type { LiveSocket } from './live-socket.js';
import type { OperationResult, Operations } from '../../graphql/operations.js';
import type { ResultStream } from '../../graphql/subscription.js';

const NORMAL = 1000;

/**
 * Clients of graphql-ws reconnect after this and the next code, but not after graphql-ws's own codes for unauthorized
 * and for server errors.
 */
const TRY_AGAIN_LATER = 1013;
const FORBIDDEN = 4403;

const BAD_REQUEST = 4400;

/** The longest delay of a timer. */
const MAX_TIMER_MS = 2_147_483_647;

/** graphql-ws uses the document only to see whether several results may come. */
const ANY_SUBSCRIPTION = parse('subscription { any }');

/** Decides who may use a connection. */
export interface ConnectionGuard {
  /** Identifies the client by the credentials in `connection_init`. */
  readonly authenticate: (
    credentials: string | undefined,
  ) => Promise<AuthenticationResult | { readonly kind: 'too-many' }>;
  /** Whether an operation carries the router's secret. */
  readonly isSigned: (operation: unknown) => boolean;
  /** Counts rejections. */
  readonly onRejection: (reason: RejectionReason) => void;
}

/** Results of `authenticate` that identify no client. */
type Rejected = Exclude<Awaited<ReturnType<ConnectionGuard['authenticate']>>, { readonly kind: 'known' }>;

interface InFlightOperation {
  readonly context: RequestContext;
  readonly startedMs: number;
  /** Set for a subscription once it has started. */
  results: ResultStream | undefined;
}

/** Runs the operations of one client over its WebSocket, with the protocol of graphql-ws. */
export class WebSocketConnection {
  /** By the payload that started each operation, because clients may reuse ids. */
  readonly #inFlight = new Map<SubscribePayload, InFlightOperation>();
  #client: ApiClient | undefined;
  #count = 0;
  #earlyMessages = 0;
  #ending = false;
  #closed = false;
  #expiry: NodeJS.Timeout | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(
    private readonly socket: LiveSocket,
    private readonly operations: Operations,
    private readonly guard: ConnectionGuard,
    /** `name` is unique within the connection. */
    private readonly createContext: (client: ApiClient, name: string) => RequestContext,
  ) {}

  /** Number of operations so far. */
  get count(): number {
    return this.#count;
  }

  /** Starts to listen; returns a function to call when the socket has closed. */
  open(): () => void {
    const server = makeServer({
      connectionInitWaitTimeout: CONNECTION_INIT_MS,
      onConnect: ({ connectionParams }) => this.#connect(connectionParams),
      onSubscribe: (_connection, _id, payload) => this.#run(payload),
      subscribe: ({ contextValue }) => contextValue as AsyncIterable<ExecutionResult>,
      // Results are formatted already; the default only formats errors of graphql-js.
      onNext: (_connection, _id, _payload, _args, result) => result as FormattedExecutionResult,
      onComplete: (_connection, _id, payload) => this.#onComplete(payload),
    });
    const onClose = server.opened(
      {
        protocol: this.socket.protocol,
        send: (text) => this.socket.send(text),
        close: (code = NORMAL, reason = '') => this.socket.close(code, reason),
        onMessage: (listener) => this.socket.onMessage((text) => this.#onMessage(text, listener)),
      },
      undefined,
    );
    return () => {
      this.#closed = true;
      clearTimeout(this.#expiry);
      for (const { results } of this.#inFlight.values()) void results?.return();
      void onClose();
    };
  }

  /**
   * Closes the connection once all operations but subscriptions are complete. Clients start subscriptions again
   * elsewhere.
   */
  async end(): Promise<void> {
    this.#ending = true;
    await this.#whenOnlySubscriptions();
    await this.socket.closeGoingAway();
  }

  async #onMessage(text: string, listener: (text: string) => Promise<void>): Promise<void> {
    if (this.#client === undefined) this.#earlyMessages += 1;
    if (this.#earlyMessages > MAX_EARLY_MESSAGES) this.socket.close(BAD_REQUEST, 'Too many messages');
    else await listener(text);
  }

  /** Returning false makes graphql-ws close the connection with 4403 Forbidden. */
  async #connect(parameters: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
    const { authorization = parameters?.Authorization } = parameters ?? {};
    const authenticated = await this.guard.authenticate(typeof authorization === 'string' ? authorization : undefined);
    if (authenticated.kind === 'known') return this.#accept(authenticated.client);
    this.guard.onRejection(reasonOf(authenticated));
    if (authenticated.kind !== 'rejected') this.socket.close(TRY_AGAIN_LATER, 'Try again later');
    return false;
  }

  #accept(client: ApiClient): boolean {
    this.#client = client;
    if (client.expiresAt !== undefined) this.#closeIn(client.expiresAt.getTime() - Date.now() + EXPIRY_GRACE_MS);
    return !this.#closed;
  }

  /**
   * Closes after a delay, so that the client can reconnect with new credentials. Operations other than subscriptions
   * complete before.
   */
  #closeIn(ms: number): void {
    clearTimeout(this.#expiry);
    if (this.#closed) return;
    this.#expiry = setTimeout(
      () => void this.#whenOnlySubscriptions().then(() => this.socket.close(FORBIDDEN, 'Forbidden')),
      Math.min(ms, MAX_TIMER_MS),
    );
  }

  /** Returns what graphql-ws shall send for an operation. */
  async #run(payload: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]> {
    this.#count += 1;
    if (this.#client === undefined) throw new Error('the client is not authenticated');
    const context = this.createContext(this.#client, String(this.#count));
    const rejection = this.#rejectByState();
    if (rejection !== undefined) return [new FormattedError(rejection, context.requestId)];
    const operation: InFlightOperation = { context, startedMs: performance.now(), results: undefined };
    this.#inFlight.set(payload, operation);
    const result =
      (await this.#rejectOperation(payload, context)) ?? (await this.operations.run(payload, context, false));
    if (result.kind === 'results') {
      operation.results = result.results;
      this.#notifyCompleted();
      return toSend(result.results);
    }
    const { errors, data } = result.result;
    if (errors === undefined || data !== undefined) return toSend(result.result);
    // graphql-ws does not report when it has sent errors, which it does before the next turn of the event loop.
    setImmediate(() => this.#onComplete(payload));
    return errors.map((error) => new FormattedError(error, context.requestId));
  }

  async #rejectOperation(payload: SubscribePayload, context: RequestContext): Promise<OperationResult | undefined> {
    if (!this.guard.isSigned(payload)) {
      this.guard.onRejection(NOT_THROUGH_ROUTER.reason);
      return failedWith(NOT_THROUGH_ROUTER);
    }
    if (await context.isClientCurrent()) return undefined;
    this.guard.onRejection('expired');
    this.#closeIn(EXPIRY_GRACE_MS);
    return failedWith(EXPIRED);
  }

  #rejectByState(): GraphQLFormattedError | undefined {
    if (this.#ending) return SHUTTING_DOWN;
    return this.#inFlight.size < MAX_OPERATIONS_PER_SOCKET ? undefined : TOO_MANY;
  }

  #onComplete(payload: SubscribePayload): void {
    const operation = this.#inFlight.get(payload);
    if (operation === undefined) return;
    this.#inFlight.delete(payload);
    this.#notifyCompleted();
    const ms = Math.round(performance.now() - operation.startedMs);
    operation.context.log.info(
      { event: 'operation_completed', transport: 'websocket', subscription: operation.results !== undefined, ms },
      'operation completed',
    );
  }

  /** Resolves when no operation but subscriptions is in flight. */
  async #whenOnlySubscriptions(): Promise<void> {
    while ([...this.#inFlight.values()].some(({ results }) => results === undefined))
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  #notifyCompleted(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

const SHUTTING_DOWN: GraphQLFormattedError = {
  message: 'This replica is shutting down. Connect again.',
  extensions: { code: 'SHUTTING_DOWN' },
};

const EXPIRED = { code: 'UNAUTHENTICATED', message: 'Your credentials have expired. Connect again.' };

function failedWith({ code, message }: { readonly code: string; readonly message: string }): OperationResult {
  return { kind: 'failed', result: { errors: [{ message, extensions: { code } }] } };
}

const TOO_MANY: GraphQLFormattedError = {
  message: `This connection has reached its limit of ${MAX_OPERATIONS_PER_SOCKET} concurrent operations. Open another one.`,
  extensions: { code: 'BAD_REQUEST' },
};

/** graphql-ws passes the context to `subscribe` above, which returns it as the results to send. */
function toSend(contextValue: ResultStream | FormattedExecutionResult): ExecutionArgs {
  return { document: ANY_SUBSCRIPTION, contextValue } as unknown as ExecutionArgs;
}

/** A formatted error in a class that graphql-ws accepts: it only sends errors of graphql-js. */
class FormattedError extends GraphQLError {
  constructor(
    private readonly formatted: GraphQLFormattedError,
    private readonly requestId: string,
  ) {
    super(formatted.message);
  }

  override toJSON(): GraphQLFormattedError {
    return { ...this.formatted, extensions: { ...this.formatted.extensions, requestId: this.requestId } };
  }
}

function reasonOf(rejected: Rejected): RejectionReason {
  if (rejected.kind === 'rejected') return rejected.reason;
  return rejected.kind === 'too-many' ? 'limit' : 'unavailable';
}
