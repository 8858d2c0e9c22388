import { GraphQLError, parse } from 'graphql';
import type { ExecutionArgs, FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { makeServer } from 'graphql-ws';
import type { ExecutionResult, SubscribePayload } from 'graphql-ws';
import type { ApiClient } from '../../../domain/api-client.js';
import type { Identified } from '../../../identity/authenticator.js';
import type { RequestContext } from '../../../resolvers/request-context.js';
import { NOT_THROUGH_ROUTER } from '../../request/request-guard.js';
import type { RefusedFor } from '../../request/rejection.js';
import { CONNECTION_INIT_MS, EXPIRED_MS, MAX_EARLY_MESSAGES, MAX_OPERATIONS_PER_SOCKET } from '../../request/limits.js';
import type { LiveSocket } from './live-socket.js';
import type { Answer, Operations } from '../../graphql/operations.js';
import type { Results } from '../../graphql/subscription.js';

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
export interface Entrance {
  /** By what `connection_init` shows. */
  readonly identify: (shown: string | undefined) => Promise<Identified | { readonly kind: 'too-many' }>;
  readonly isSigned: (operation: unknown) => boolean;
  readonly onRefused: (reason: RefusedFor) => void;
}

/** Why nobody is let in. */
type NotEntering = Exclude<Awaited<ReturnType<Entrance['identify']>>, { readonly kind: 'known' }>;

interface UnderWay {
  readonly context: RequestContext;
  readonly startedMs: number;
  /** Of a subscription. */
  results: Results | undefined;
}

/** The operations of one client over its WebSocket, by the protocol of graphql-ws. */
export class WebSocketConnection {
  /** By the messages that asked for them: a client may use an id again. */
  readonly #underWay = new Map<SubscribePayload, UnderWay>();
  #caller: ApiClient | undefined;
  #count = 0;
  #earlyMessages = 0;
  #ending = false;
  #closed = false;
  #expiry: NodeJS.Timeout | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(
    private readonly socket: LiveSocket,
    private readonly operations: Operations,
    private readonly entrance: Entrance,
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
      onComplete: (_connection, _id, payload) => this.#over(payload),
    });
    const onClose = server.opened(
      {
        protocol: this.socket.protocol,
        send: (text) => this.socket.send(text),
        close: (code = NORMAL, reason = '') => this.socket.close(code, reason),
        onMessage: (listener) => this.socket.onMessage((text) => this.#take(text, listener)),
      },
      undefined,
    );
    return () => {
      this.#closed = true;
      clearTimeout(this.#expiry);
      for (const { results } of this.#underWay.values()) void results?.return();
      void onClose();
    };
  }

  /** Closes when what is under way has been answered, but for subscriptions: their clients begin them again elsewhere. */
  async end(): Promise<void> {
    this.#ending = true;
    await this.#answered();
    await this.socket.leave();
  }

  async #take(text: string, listener: (text: string) => Promise<void>): Promise<void> {
    if (this.#caller === undefined) this.#earlyMessages += 1;
    if (this.#earlyMessages > MAX_EARLY_MESSAGES) this.socket.close(BAD_REQUEST, 'Too many messages');
    else await listener(text);
  }

  /** False: graphql-ws closes the connection as forbidden. */
  async #connect(parameters: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
    const { authorization = parameters?.Authorization } = parameters ?? {};
    const identified = await this.entrance.identify(typeof authorization === 'string' ? authorization : undefined);
    if (identified.kind === 'known') return this.#enter(identified.caller);
    this.entrance.onRefused(reasonOf(identified));
    if (identified.kind !== 'refused') this.socket.close(TRY_AGAIN_LATER, 'Try again later');
    return false;
  }

  #enter(caller: ApiClient): boolean {
    this.#caller = caller;
    if (caller.expiresAt !== undefined) this.#leaveIn(caller.expiresAt.getTime() - Date.now() + EXPIRED_MS);
    return !this.#closed;
  }

  /** A client that shows something newer is let in again. What is being answered is answered before. */
  #leaveIn(ms: number): void {
    clearTimeout(this.#expiry);
    if (this.#closed) return;
    this.#expiry = setTimeout(
      () => void this.#answered().then(() => this.socket.close(FORBIDDEN, 'Forbidden')),
      Math.min(ms, MAX_TIMER_MS),
    );
  }

  /** The answer to an operation, for graphql-ws to send. */
  async #run(payload: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]> {
    this.#count += 1;
    if (this.#caller === undefined) throw new Error('nobody was identified');
    const context = this.createContext(this.#caller, String(this.#count));
    const refusal = this.#refusal();
    if (refusal !== undefined) return [new ToldError(refusal, context.requestId)];
    const operation: UnderWay = { context, startedMs: performance.now(), results: undefined };
    this.#underWay.set(payload, operation);
    const answer = (await this.#notAdmitted(payload, context)) ?? (await this.operations.run(payload, context, false));
    if (answer.kind === 'results') {
      operation.results = answer.results;
      this.#tellAnswered();
      return toSend(answer.results);
    }
    const { errors, data } = answer.result;
    if (errors === undefined || data !== undefined) return toSend(answer.result);
    // Nobody is told when they are sent, which is before the next turn.
    setImmediate(() => this.#over(payload));
    return errors.map((error) => new ToldError(error, context.requestId));
  }

  async #notAdmitted(payload: SubscribePayload, context: RequestContext): Promise<Answer | undefined> {
    if (!this.entrance.isSigned(payload)) {
      this.entrance.onRefused(NOT_THROUGH_ROUTER.reason);
      return failedWith(NOT_THROUGH_ROUTER);
    }
    if (await context.isCallerCurrent()) return undefined;
    this.entrance.onRefused('expired');
    this.#leaveIn(EXPIRED_MS);
    return failedWith(EXPIRED);
  }

  #refusal(): GraphQLFormattedError | undefined {
    if (this.#ending) return SHUTTING_DOWN;
    return this.#underWay.size < MAX_OPERATIONS_PER_SOCKET ? undefined : TOO_MANY;
  }

  #over(payload: SubscribePayload): void {
    const operation = this.#underWay.get(payload);
    if (operation === undefined) return;
    this.#underWay.delete(payload);
    this.#tellAnswered();
    const ms = Math.round(performance.now() - operation.startedMs);
    operation.context.log.info(
      { transport: 'websocket', subscription: operation.results !== undefined, ms },
      'operation',
    );
  }

  /** Resolves when nothing is under way but subscriptions. */
  async #answered(): Promise<void> {
    while ([...this.#underWay.values()].some(({ results }) => results === undefined))
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  #tellAnswered(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

const SHUTTING_DOWN: GraphQLFormattedError = {
  message: 'This replica is shutting down. Connect again.',
  extensions: { code: 'SHUTTING_DOWN' },
};

const EXPIRED = { code: 'UNAUTHENTICATED', message: 'What proved who you are holds no more. Connect again.' };

function failedWith({ code, message }: { readonly code: string; readonly message: string }): Answer {
  return { kind: 'failed', result: { errors: [{ message, extensions: { code } }] } };
}

const TOO_MANY: GraphQLFormattedError = {
  message: `This connection has ${MAX_OPERATIONS_PER_SOCKET} operations under way and may have no more. Open another one.`,
  extensions: { code: 'BAD_REQUEST' },
};

/** graphql-ws hands the context to `subscribe`, which gives back what is to be sent. */
function toSend(contextValue: Results | FormattedExecutionResult): ExecutionArgs {
  return { document: ANY_SUBSCRIPTION, contextValue } as unknown as ExecutionArgs;
}

/** An error as it is to be told: graphql-ws takes such of graphql-js only. */
class ToldError extends GraphQLError {
  constructor(
    private readonly told: GraphQLFormattedError,
    private readonly requestId: string,
  ) {
    super(told.message);
  }

  override toJSON(): GraphQLFormattedError {
    return { ...this.told, extensions: { ...this.told.extensions, requestId: this.requestId } };
  }
}

function reasonOf(identified: NotEntering): RefusedFor {
  if (identified.kind === 'refused') return identified.reason;
  return identified.kind === 'too-many' ? 'limit' : 'unavailable';
}
