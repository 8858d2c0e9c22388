import { GraphQLError, parse } from 'graphql';
import type { ExecutionArgs, FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { makeServer } from 'graphql-ws';
import type { ExecutionResult, SubscribePayload } from 'graphql-ws';
import type { Caller } from '../../domain/caller.js';
import type { Identity } from '../../identity/identity.js';
import type { RequestContext } from '../../resolvers/request-context.js';
import { CONNECTION_INIT_MS, MAX_OPERATIONS_PER_SOCKET } from './limits.js';
import type { LiveSocket } from './live-socket.js';
import type { Operations } from './operations.js';
import type { Results } from './subscription.js';

const NORMAL = 1000;

/** What graphql-ws tells by the document is whether several results may come. */
const ANY_SUBSCRIPTION = parse('subscription { any }');

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
  #caller: Caller | undefined;
  #count = 0;
  #ending = false;
  #onAnswered: (() => void) | undefined;

  constructor(
    private readonly socket: LiveSocket,
    private readonly operations: Operations,
    private readonly identify: Identity['identify'],
    /** Of the request that became the connection; browsers can send none, and have it in `connection_init`. */
    private readonly authorization: string | undefined,
    /** `name` is unique in the connection. */
    private readonly createContext: (caller: Caller, name: string) => RequestContext,
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
        onMessage: (listener) => this.socket.onMessage(listener),
      },
      undefined,
    );
    return () => {
      for (const { results } of this.#underWay.values()) void results?.return();
      void onClose();
    };
  }

  /** Closes when what is under way has been answered, but for subscriptions: their clients begin them again elsewhere. */
  async end(): Promise<void> {
    this.#ending = true;
    while (this.#isAnswering()) await new Promise<void>((resolve) => (this.#onAnswered = resolve));
    await this.socket.leave();
  }

  /** False: graphql-ws closes the connection as forbidden. */
  async #connect(parameters: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
    const { authorization = parameters?.Authorization } = parameters ?? {};
    const identified = await this.identify(typeof authorization === 'string' ? authorization : this.authorization);
    if (identified.kind === 'known') this.#caller = identified.caller;
    return identified.kind === 'known';
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
    const answer = await this.operations.run(payload, context, false);
    if (answer.kind === 'results') {
      operation.results = answer.results;
      this.#onAnswered?.();
      return toSend(answer.results);
    }
    const { errors, data } = answer.result;
    if (errors === undefined || data !== undefined) return toSend(answer.result);
    // Nobody is told when they are sent, which is before the next turn.
    setImmediate(() => this.#over(payload));
    return errors.map((error) => new ToldError(error, context.requestId));
  }

  #refusal(): GraphQLFormattedError | undefined {
    if (this.#ending) return SHUTTING_DOWN;
    return this.#underWay.size < MAX_OPERATIONS_PER_SOCKET ? undefined : TOO_MANY;
  }

  #over(payload: SubscribePayload): void {
    const operation = this.#underWay.get(payload);
    if (operation === undefined) return;
    this.#underWay.delete(payload);
    this.#onAnswered?.();
    const ms = Math.round(performance.now() - operation.startedMs);
    operation.context.log.info(
      { transport: 'websocket', subscription: operation.results !== undefined, ms },
      'operation',
    );
  }

  #isAnswering(): boolean {
    return [...this.#underWay.values()].some(({ results }) => results === undefined);
  }
}

const SHUTTING_DOWN: GraphQLFormattedError = {
  message: 'This replica is shutting down. Connect again.',
  extensions: { code: 'SHUTTING_DOWN' },
};

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
