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
import { ADMIT_ALL } from '../support/request-guard.js';
import { until } from '../support/until.js';

/** The origin whose pages may send requests, in addition to the gateway's own. */
export const OTHER_ORIGIN = 'https://shop.example';

const SDL = `
  input Point { x: Int! y: Int! }
  type Query { hello: String! }
  type Mutation { count: Int! wait: String! }
  type Subscription {
    "A text of this size, repeatedly."
    texts(size: Int!): String!
    "No value, and no end."
    silence: String!
    "One value, then a failure."
    failing: Int!
    refused: Int!
    "One value."
    at(point: Point!): Int!
    "One value that fails to resolve."
    broken: Int!
  }`;

async function* one(): AsyncGenerator<number> {
  yield await Promise.resolve(1);
}

/** The HTTP server over a schema that records how its operations are executed. */
export class StreamingServer {
  log = '';
  /** The number of executions of the mutation. */
  executedMutations = 0;
  /** The number of values requested from sources. */
  requestedValues = 0;
  /** The number of sources that have not ended. */
  openSources = 0;
  isDraining = false;
  isClientCurrent = true;
  /** The reasons for rejections. */
  readonly rejections: string[] = [];
  /** Lets the waiting mutation complete. */
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
      guard: { ...ADMIT_ALL, onRejection: (reason) => server.rejections.push(reason), ...admission },
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

  /** The number of open streams by kind. */
  get openStreams() {
    return this.#http.open();
  }

  /** From now on every request that is not sent at once is late. */
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

  /** A bare connection, which reads only when the test does. */
  async connect(): Promise<Socket> {
    const socket = connect(this.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  }

  /** Resolves with the number of requested values when it has not grown for a while. */
  async whenStalled(): Promise<number> {
    let [requested, sinceMs] = [-1, 0];
    await until(() => {
      if (this.requestedValues !== requested) [requested, sinceMs] = [this.requestedValues, performance.now()];
      return performance.now() - sinceMs > 300;
    });
    return requested;
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
    const root = <T>(type: string, name: string, resolvers: T) => Object.assign(fieldsOf(type)[name] ?? {}, resolvers);
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
        throw new TypeError('an internal fault');
      },
    });
    root('Subscription', 'refused', {
      ...value,
      subscribe: () => Promise.reject(new GraphQLError('Not you.', { extensions: { code: 'NOT_FOUND' } })),
    });
    root('Subscription', 'at', { ...value, subscribe: one });
    root('Subscription', 'broken', {
      resolve: () => {
        throw new TypeError('an internal fault');
      },
      subscribe: one,
    });
    return schema;
  }

  #source<T>(next: (() => T) | undefined): AsyncIterableIterator<T> {
    this.openSources += 1;
    let end: (result: IteratorResult<T>) => void = () => undefined;
    let hasEnded = false;
    return {
      next: async () => {
        this.requestedValues += 1;
        if (hasEnded) return { done: true, value: undefined };
        if (next === undefined)
          return new Promise((resolve) => {
            end = resolve;
          });
        return Promise.resolve({ done: false, value: next() });
      },
      return: () => {
        if (!hasEnded) this.openSources -= 1;
        hasEnded = true;
        end({ done: true, value: undefined });
        return Promise.resolve({ done: true, value: undefined });
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
