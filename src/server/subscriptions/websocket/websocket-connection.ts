import { GraphQLError, parse } from 'graphql';
import type { ExecutionArgs, FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { makeServer } from 'graphql-ws';
import type { ExecutionResult, SubscribePayload } from 'graphql-ws';
import type { ApiClient } from '../../../domain/api-client.js';
import type { RequestContext } from '../../../resolvers/request-context.js';
import type { OperationResult, Operations } from '../../graphql/operations.js';
import type { ResultStream } from '../../graphql/subscription.js';
import { NOT_THROUGH_ROUTER } from '../../request/request-guard.js';
import type { OnRejection, RejectionReason } from '../../request/request-guard.js';
import * as limits from '../../request/transport-limits.js';
import type { LiveSocket } from './live-socket.js';

const NORMAL = 1000;
/** Clients of graphql-ws reconnect after this code and 4403, unlike its codes for unauthorized and server errors. */
const TRY_AGAIN_LATER = 1013;
const BAD_REQUEST = 4400;
const FORBIDDEN = 4403;

/** The longest delay of a timer. */
const MAX_TIMER_MS = 2_147_483_647;

/** graphql-ws uses the document only to see whether several results may come. */
const ANY_SUBSCRIPTION = parse('subscription { any }');

const SHUTTING_DOWN = errorWith('SHUTTING_DOWN', 'This replica is shutting down. Connect again.');
const EXPIRED = errorWith('UNAUTHENTICATED', 'Your credentials have expired. Connect again.');
const UNSIGNED = errorWith(NOT_THROUGH_ROUTER.error[1], NOT_THROUGH_ROUTER.error[2]);
const TOO_MANY = errorWith(
  'BAD_REQUEST',
  `This connection has reached its limit of ${limits.MAX_OPERATIONS_PER_SOCKET} concurrent operations. Open another one.`,
);

/** Decides who may use a connection. */
export interface ConnectionGuard {
  /** Identifies the client by the credentials in `connection_init`, or says why it may not connect (yet). */
  readonly authenticate: (
    credentials: string | undefined,
  ) => Promise<ApiClient | { readonly reason: RejectionReason; readonly isTemporary: boolean }>;
  /** Whether an operation carries the router's secret. */
  readonly isSigned: (operation: unknown) => boolean;
  readonly onRejection: OnRejection;
}

interface InFlightOperation {
  readonly context: RequestContext;
  readonly startedMs: number;
  /** Set for a subscription once it has started. */
  results: ResultStream | undefined;
}

/** Runs the operations of one client over its WebSocket, with the protocol of graphql-ws. */
export class WebSocketConnection {
  /** Number of operations so far. */
  count = 0;
  /** By the payload that started each operation, because clients may reuse ids. */
  readonly #inFlight = new Map<SubscribePayload, InFlightOperation>();
  readonly #waiting = new Set<() => void>();
  #client: ApiClient | undefined;
  #earlyMessages = 0;
  #ending = false;
  #closed = false;
  #expiry: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: LiveSocket,
    private readonly operations: Operations,
    private readonly guard: ConnectionGuard,
    /** `name` is unique within the connection. */
    private readonly createContext: (client: ApiClient, name: string) => RequestContext,
  ) {}

  /** Starts to listen; returns a function to call when the socket has closed. */
  open(): () => void {
    const server = makeServer({
      connectionInitWaitTimeout: limits.CONNECTION_INIT_MS,
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

  /** Closes the connection once only subscriptions are in flight, which clients start again elsewhere. */
  async end(): Promise<void> {
    this.#ending = true;
    await this.#whenOnlySubscriptions();
    await this.socket.closeGoingAway();
  }

  async #onMessage(text: string, listener: (text: string) => Promise<void>): Promise<void> {
    if (this.#client === undefined) this.#earlyMessages += 1;
    if (this.#earlyMessages > limits.MAX_EARLY_MESSAGES) this.socket.close(BAD_REQUEST, 'Too many messages');
    else await listener(text);
  }

  /** Returning false makes graphql-ws close the connection with 4403 Forbidden. */
  async #connect(parameters: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
    const { authorization = parameters?.Authorization } = parameters ?? {};
    const client = await this.guard.authenticate(typeof authorization === 'string' ? authorization : undefined);
    if ('reason' in client) {
      this.guard.onRejection(client.reason);
      if (client.isTemporary) this.socket.close(TRY_AGAIN_LATER, 'Try again later');
      return false;
    }
    this.#client = client;
    const { expiresAt } = client;
    if (expiresAt !== undefined) this.#closeIn(expiresAt.getTime() - Date.now() + limits.EXPIRY_GRACE_MS);
    return !this.#closed;
  }

  /** Closes after a delay, once only subscriptions are in flight. The client can reconnect with new credentials. */
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
    this.count += 1;
    if (this.#client === undefined) throw new Error('the client is not authenticated');
    const context = this.createContext(this.#client, String(this.count));
    if (this.#ending) return [new FormattedError(SHUTTING_DOWN, context.requestId)];
    if (this.#inFlight.size >= limits.MAX_OPERATIONS_PER_SOCKET)
      return [new FormattedError(TOO_MANY, context.requestId)];
    const operation: InFlightOperation = { context, startedMs: performance.now(), results: undefined };
    this.#inFlight.set(payload, operation);
    const rejection = await this.#reject(payload, context);
    const outcome: OperationResult = rejection
      ? { kind: 'failed', result: { errors: [rejection] } }
      : await this.operations.run(payload, context);
    if (outcome.kind === 'results') {
      operation.results = outcome.results;
      this.#notifyCompleted();
      return toSend(outcome.results);
    }
    const { errors, data } = outcome.result;
    if (errors === undefined || data !== undefined) return toSend(outcome.result);
    // graphql-ws does not report when it has sent errors, which it does before the next turn of the event loop.
    setImmediate(() => this.#onComplete(payload));
    return errors.map((error) => new FormattedError(error, context.requestId));
  }

  async #reject(payload: SubscribePayload, context: RequestContext): Promise<GraphQLFormattedError | undefined> {
    if (!this.guard.isSigned(payload)) {
      this.guard.onRejection(NOT_THROUGH_ROUTER.reason);
      return UNSIGNED;
    }
    if (await context.isClientCurrent()) return undefined;
    this.guard.onRejection('expired');
    this.#closeIn(limits.EXPIRY_GRACE_MS);
    return EXPIRED;
  }

  #onComplete(payload: SubscribePayload): void {
    const operation = this.#inFlight.get(payload);
    if (operation === undefined) return;
    this.#inFlight.delete(payload);
    this.#notifyCompleted();
    const ms = Math.round(performance.now() - operation.startedMs);
    const subscription = operation.results !== undefined;
    const line = { event: 'operation_completed', transport: 'websocket', subscription, ms };
    operation.context.log.info(line, 'operation completed');
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

function errorWith(code: string, message: string): GraphQLFormattedError {
  return { message, extensions: { code } };
}

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
