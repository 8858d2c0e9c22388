import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { GraphQLError, buildSchema } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { RequestContext } from '../../src/resolvers/request-context.js';
import type { RequestGuard } from '../../src/server/request/request-guard.js';
import { createApolloServer } from '../../src/server/graphql/apollo-server.js';
import { createHttpServer } from '../../src/server/http/http-server.js';
import type { HttpServer } from '../../src/server/http/http-server.js';
import type { PersistedOperations } from '../../src/server/graphql/persisted-operations.js';
import { ADMITS_ALL } from '../support/admission.js';
import { until } from '../support/until.js';

/** Whose pages may call, beside those of the gateway. */
export const OTHER_ORIGIN = 'https://shop.example';

const SDL = `
  input Point { x: Int! y: Int! }
  type Query { hello: String! }
  type Mutation { count: Int! wait: String! }
  type Subscription {
    "A text of this size, again and again."
    texts(size: Int!): String!
    "Nothing, for ever."
    silence: String!
    "One value, then a failure."
    failing: Int!
    refused: Int!
    "One value."
    at(point: Point!): Int!
    "One value that cannot be told."
    broken: Int!
  }`;

async function* one(): AsyncGenerator<number> {
  yield await Promise.resolve(1);
}

/** The edge over a schema that shows what becomes of its operations. */
export class StreamingServer {
  log = '';
  /** How often the mutation was executed. */
  executedMutations = 0;
  /** How many values sources were asked for. */
  requestedValues = 0;
  /** How many sources have not ended. */
  openSources = 0;
  isDraining = false;
  isClientCurrent = true;
  /** Why requests were refused. */
  readonly rejections: string[] = [];
  /** Lets mutations that wait go on. */
  release: () => void = () => undefined;
  #http!: HttpServer;
  port = 0;

  static async start(
    operations: PersistedOperations = { documents: new Map(), only: false },
    admission: Partial<RequestGuard> = {},
  ): Promise<StreamingServer> {
    const server = new StreamingServer();
    const logger = pino({ level: 'trace' }, { write: (line: string) => (server.log += line) });
    const apollo = await createApolloServer(
      server.#schema(),
      { explorer: true, studio: undefined, operations, onRejection: (reason) => server.rejections.push(reason) },
      logger,
    );
    server.#http = createHttpServer({
      apollo,
      log: logger,
      metrics: new Registry(),
      guard: { ...ADMITS_ALL, onRejection: (reason) => server.rejections.push(reason), ...admission },
      contextFactory: (client, requestId, log) =>
        ({
          client,
          requestId,
          log,
          isClientCurrent: () => Promise.resolve(server.isClientCurrent),
        }) as unknown as RequestContext,
      health: () => ({}),
      isStoreReady: () => Promise.resolve(true),
      isDraining: () => server.isDraining,
      explorer: true,
      callbacks: undefined,
      origins: new Set([OTHER_ORIGIN]),
      webhooks: undefined,
    });
    await server.#http.app.listen({ host: '127.0.0.1', port: 0 });
    server.port = (server.#http.app.server.address() as AddressInfo).port;
    return server;
  }

  /** How much of each kind is open. */
  get openStreams() {
    return this.#http.open();
  }

  /** From now on whoever is not done sending at once is late. */
  shortenTimeouts(): void {
    Object.assign(this.#http.app.server, { headersTimeout: 1, requestTimeout: 1 });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get errorsLogged(): Record<string, unknown>[] {
    const lines = this.log.split('\n').filter((line) => line.includes('"level":50'));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  post(body: unknown, accept = 'text/event-stream', headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { accept, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  get(parameters: Record<string, string>, accept = 'text/event-stream'): Promise<Response> {
    return fetch(`${this.url}/graphql?${new URLSearchParams(parameters).toString()}`, { headers: { accept } });
  }

  /** A bare connection, which reads when it is told to. */
  async connect(): Promise<Socket> {
    const socket = connect(this.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  /** Resolves when sources have not been asked for more for a while, with how often they were. */
  async whenStalled(): Promise<number> {
    let [pulled, sinceMs] = [-1, 0];
    await until(() => {
      if (this.requestedValues !== pulled) [pulled, sinceMs] = [this.requestedValues, performance.now()];
      return performance.now() - sinceMs > 300;
    });
    return pulled;
  }

  drained(): Promise<void> {
    this.isDraining = true;
    return this.#http.drained();
  }

  async stop(): Promise<void> {
    await this.drained();
    this.#http.app.server.closeAllConnections();
    await this.#http.app.close();
  }

  #schema(): GraphQLSchema {
    const schema = buildSchema(SDL);
    const fieldsOf = (type: string) => {
      const found = schema.getType(type);
      if (found === undefined || !('getFields' in found)) throw new Error(`there is no ${type}`);
      return found.getFields();
    };
    const root = <T>(type: string, name: string, how: T) => Object.assign(fieldsOf(type)[name] ?? {}, how);
    root('Query', 'hello', { resolve: () => 'world' });
    root('Mutation', 'count', { resolve: () => (this.executedMutations += 1) });
    root('Mutation', 'wait', {
      resolve: () =>
        new Promise((resolve) => {
          this.release = () => resolve('waited');
        }),
    });
    const value = { resolve: (source: unknown) => source };
    root('Subscription', 'texts', {
      ...value,
      subscribe: (_: unknown, { size }: { size: number }) => this.#source(() => 'x'.repeat(size)),
    });
    root('Subscription', 'silence', { ...value, subscribe: () => this.#source(undefined) });
    root('Subscription', 'failing', {
      ...value,
      subscribe: async function* () {
        yield await Promise.resolve(1);
        throw new TypeError('a fault of ours');
      },
    });
    root('Subscription', 'refused', {
      ...value,
      subscribe: () => Promise.reject(new GraphQLError('Not you.', { extensions: { code: 'NOT_FOUND' } })),
    });
    root('Subscription', 'at', { ...value, subscribe: one });
    root('Subscription', 'broken', {
      resolve: () => {
        throw new TypeError('a fault of ours');
      },
      subscribe: one,
    });
    return schema;
  }

  #source<T>(next: (() => T) | undefined): AsyncIterableIterator<T> {
    this.openSources += 1;
    let end: (result: IteratorResult<T>) => void = () => undefined;
    let ended = false;
    return {
      next: async () => {
        this.requestedValues += 1;
        if (ended) return { done: true, value: undefined };
        if (next === undefined)
          return new Promise((resolve) => {
            end = resolve;
          });
        return Promise.resolve({ done: false, value: next() });
      },
      return: () => {
        if (!ended) this.openSources -= 1;
        ended = true;
        end({ done: true, value: undefined });
        return Promise.resolve({ done: true, value: undefined });
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
