import { GraphQLError, parse } from 'graphql';
import type { ExecutionArgs, FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { makeServer } from 'graphql-ws';
import type { ExecutionResult, SubscribePayload } from 'graphql-ws';
import type { ApiClient } from '../../../domain/api-client.js';
import type { AuthenticationResult } from '../../../identity/authenticator.js';
import type { RequestContext } from '../../../resolvers/request-context.js';
import { NOT_THROUGH_ROUTER } from '../../request/request-guard.js';
import type { RejectionReason } from '../../request/rejection.js';
import {
  CONNECTION_INIT_MS,
  EXPIRY_GRACE_MS,
  MAX_EARLY_MESSAGES,
  MAX_OPERATIONS_PER_SOCKET,
} from '../../request/limits.js';
import type { LiveSocket } from './live-socket.js';
import type { OperationResult, Operations } from '../../graphql/operations.js';
import type { ResultStream } from '../../graphql/subscription.js';

const NORMAL = 1000;

/** Clients of graphql-ws connect again after these two, though not after what it calls unauthorized, or an error of the server. */
const TRY_AGAIN_LATER = 1013;
const FORBIDDEN = 4403;

const BAD_REQUEST = 4400;

/** The longest that a timer can run. */
const MAX_TIMER_MS = 2_147_483_647;

/** What graphql-ws tells by the document is whether several results may come. */
const ANY_SUBSCRIPTION = parse('subscription { any }');

/** Who may come in. */
export interface ConnectionGuard {
  /** By what `connection_init` shows. */
  readonly authenticate: (shown: string | undefined) => Promise<AuthenticationResult | { readonly kind: 'too-many' }>;
  readonly isSigned: (operation: unknown) => boolean;
  readonly onRejection: (reason: RejectionReason) => void;
}

/** Why nobody is let in. */
type Rejected = Exclude<Awaited<ReturnType<ConnectionGuard['authenticate']>>, { readonly kind: 'known' }>;

interface InFlightOperation {
  readonly context: RequestContext;
  readonly startedMs: number;
  /** Of a subscription. */
  results: ResultStream | undefined;
}

/** The operations of one client over its WebSocket, by the protocol of graphql-ws. */
export class WebSocketConnection {
  /** By the messages that asked for them: a client may use an id again. */
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
    /** `name` is unique in the connection. */
    private readonly createContext: (caller: ApiClient, name: string) => RequestContext,
  ) {}

  /** How many operations there have been. */
  get count(): number {
    return this.#count;
  }

  /** Begins to listen; gives what has to be called when the socket is closed. */
  open(): () => void {
    const server = makeServer({
      connectionInitWaitTimeout: CONNECTION_INIT_MS,
      onConnect: ({ connectionParams }) => this.#connect(connectionParams),
      onSubscribe: (_connection, _id, payload) => this.#run(payload),
      subscribe: ({ contextValue }) => contextValue as AsyncIterable<ExecutionResult>,
      // As it is. Its own way takes errors of graphql-js only.
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

  /** Closes when what is under way has been answered, but for subscriptions: their clients begin them again elsewhere. */
  async end(): Promise<void> {
    this.#ending = true;
    await this.#whenAnswered();
    await this.socket.closeGoingAway();
  }

  async #onMessage(text: string, listener: (text: string) => Promise<void>): Promise<void> {
    if (this.#client === undefined) this.#earlyMessages += 1;
    if (this.#earlyMessages > MAX_EARLY_MESSAGES) this.socket.close(BAD_REQUEST, 'Too many messages');
    else await listener(text);
  }

  /** False: graphql-ws closes the connection as forbidden. */
  async #connect(parameters: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
    const { authorization = parameters?.Authorization } = parameters ?? {};
    const identified = await this.guard.authenticate(typeof authorization === 'string' ? authorization : undefined);
    if (identified.kind === 'known') return this.#accept(identified.client);
    this.guard.onRejection(reasonOf(identified));
    if (identified.kind !== 'refused') this.socket.close(TRY_AGAIN_LATER, 'Try again later');
    return false;
  }

  #accept(client: ApiClient): boolean {
    this.#client = client;
    if (client.expiresAt !== undefined) this.#closeIn(client.expiresAt.getTime() - Date.now() + EXPIRY_GRACE_MS);
    return !this.#closed;
  }

  /** A client that shows something newer is let in again. What is being answered is answered before. */
  #closeIn(ms: number): void {
    clearTimeout(this.#expiry);
    if (this.#closed) return;
    this.#expiry = setTimeout(
      () => void this.#whenAnswered().then(() => this.socket.close(FORBIDDEN, 'Forbidden')),
      Math.min(ms, MAX_TIMER_MS),
    );
  }

  /** The answer to an operation, for graphql-ws to send. */
  async #run(payload: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]> {
    this.#count += 1;
    if (this.#client === undefined) throw new Error('nobody was identified');
    const context = this.createContext(this.#client, String(this.#count));
    const refusal = this.#rejectByState();
    if (refusal !== undefined) return [new FormattedError(refusal, context.requestId)];
    const operation: InFlightOperation = { context, startedMs: performance.now(), results: undefined };
    this.#inFlight.set(payload, operation);
    const answer =
      (await this.#rejectOperation(payload, context)) ?? (await this.operations.run(payload, context, false));
    if (answer.kind === 'results') {
      operation.results = answer.results;
      this.#notifyAnswered();
      return toSend(answer.results);
    }
    const { errors, data } = answer.result;
    if (errors === undefined || data !== undefined) return toSend(answer.result);
    // Nobody is told when they are sent, which is before the next turn.
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
    this.#notifyAnswered();
    const ms = Math.round(performance.now() - operation.startedMs);
    operation.context.log.info(
      { transport: 'websocket', subscription: operation.results !== undefined, ms },
      'operation',
    );
  }

  /** Resolves when nothing is under way but subscriptions. */
  async #whenAnswered(): Promise<void> {
    while ([...this.#inFlight.values()].some(({ results }) => results === undefined))
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  #notifyAnswered(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

const SHUTTING_DOWN: GraphQLFormattedError = {
  message: 'This replica is shutting down. Connect again.',
  extensions: { code: 'SHUTTING_DOWN' },
};

const EXPIRED = { code: 'UNAUTHENTICATED', message: 'What proved who you are holds no more. Connect again.' };

function failedWith({ code, message }: { readonly code: string; readonly message: string }): OperationResult {
  return { kind: 'failed', result: { errors: [{ message, extensions: { code } }] } };
}

const TOO_MANY: GraphQLFormattedError = {
  message: `This connection has ${MAX_OPERATIONS_PER_SOCKET} operations under way and may have no more. Open another one.`,
  extensions: { code: 'BAD_REQUEST' },
};

/** graphql-ws hands the context to `subscribe`, which gives back what is to be sent. */
function toSend(contextValue: ResultStream | FormattedExecutionResult): ExecutionArgs {
  return { document: ANY_SUBSCRIPTION, contextValue } as unknown as ExecutionArgs;
}

/** An error as it is to be told: graphql-ws takes such of graphql-js only. */
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

function reasonOf(identified: Rejected): RejectionReason {
  if (identified.kind === 'refused') return identified.reason;
  return identified.kind === 'too-many' ? 'limit' : 'unavailable';
}
