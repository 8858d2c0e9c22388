import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ApolloClient, InMemoryCache } from '@apollo/client';
import type { ApolloLink } from '@apollo/client';
import { HttpLink } from '@apollo/client/link/http';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { Client as UrqlClient, fetchExchange, subscriptionExchange } from 'urql';
import type { Exchange } from 'urql';
import { print } from 'graphql';
import type { ExecutionResult } from 'graphql';
import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import type { Sink, Client as WsClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { PaymentSessionUpdatedDocument } from '../../client/src/generated/operations.js';
import type { PaymentSessionUpdatedSubscription, PaymentSessionStatus } from '../../client/src/generated/operations.js';
import { requestOf } from './router.js';
import type { TestRouter } from './router.js';
import { until } from './until.js';

// Apollo Client uses the global WebSocket, which Node has only since version 22.
Object.assign(globalThis, { WebSocket });

type SubscriptionData = PaymentSessionUpdatedSubscription | null | undefined;

/** A subscriber to a payment, with the statuses and errors that it has received. */
export class TestSubscriber {
  readonly statuses: (PaymentSessionStatus | undefined)[] = [];
  readonly problems: string[] = [];
  isComplete = false;
  /** Ends the subscription. */
  stop: () => void = () => undefined;

  next(data: SubscriptionData): void {
    this.statuses.push(data?.paymentSessionUpdated.status);
  }

  fail(problem: unknown): void {
    this.problems.push(problem instanceof Error ? problem.message : JSON.stringify(problem));
  }

  complete(): void {
    this.isComplete = true;
  }

  /** Resolves when this status is the last one received, or when the subscription has failed. */
  async received(status: PaymentSessionStatus): Promise<void> {
    await until(() => this.statuses.at(-1) === status || this.problems.length > 0);
  }

  /** Resolves when the subscription is complete or has failed. */
  async ended(): Promise<void> {
    await until(() => this.isComplete || this.problems.length > 0);
  }
}

/** Subscribes to a payment at the gateway with this URL. */
type Subscribe = (url: string, id: string) => TestSubscriber;
/** Subscribes with a client that reconnects up to `retryAttempts` times. */
type SubscribeWithRetries = (url: string, id: string, retryAttempts?: number) => TestSubscriber;

const SUBSCRIPTION = print(PaymentSessionUpdatedDocument);

export const throughApolloOverWebSocket: SubscribeWithRetries = (url, id, retryAttempts = 0) => {
  const client = webSocketClient(url, retryAttempts);
  return throughApollo(new GraphQLWsLink(client), id, () => void client.dispose());
};

export const throughApolloOverMultipart: Subscribe = (url, id) =>
  throughApollo(new HttpLink({ uri: `${url}/graphql` }), id);

export const throughUrql: Subscribe = (url, id) => subscribeByUrql(url, id, fetchExchange);

export const throughUrqlOverWebSocket: Subscribe = (url, id) => {
  const client = webSocketClient(url);
  return subscribeByUrql(url, id, urqlOverWebSocket(client), () => void client.dispose());
};

function subscribeByUrql(url: string, id: string, exchange: Exchange, onStop?: () => void): TestSubscriber {
  const client = new UrqlClient({ url: `${url}/graphql`, exchanges: [exchange], fetchSubscriptions: true });
  const subscriber = new TestSubscriber();
  const results = client.subscription(PaymentSessionUpdatedDocument, { id });
  const subscription = results.subscribe(({ data, error, hasNext }) => {
    if (error !== undefined) subscriber.fail(error);
    else if (hasNext) subscriber.next(data);
    else subscriber.complete();
  });
  subscriber.stop = () => {
    subscription.unsubscribe();
    onStop?.();
  };
  return subscriber;
}

export const throughGraphqlSse: SubscribeWithRetries = (url, id, retryAttempts = 0) => {
  const client = createSseClient({ url: `${url}/graphql`, retryAttempts });
  const subscriber = new TestSubscriber();
  subscriber.stop = client.subscribe(
    { query: SUBSCRIPTION, variables: { id } },
    {
      next: (result) => deliver(subscriber, result as ExecutionResult),
      error: (error) => subscriber.fail(error),
      complete: () => subscriber.complete(),
    },
  );
  return subscriber;
};

export const throughGraphqlWs: Subscribe = (url, id) => {
  const client = webSocketClient(url);
  const subscriber = new TestSubscriber();
  const stop = client.subscribe(
    { query: SUBSCRIPTION, variables: { id } },
    {
      next: (result) => deliver(subscriber, result as ExecutionResult),
      error: (error) => subscriber.fail(error),
      complete: () => subscriber.complete(),
    },
  );
  subscriber.stop = () => {
    stop();
    void client.dispose();
  };
  return subscriber;
};

const ACCEPT = ['-H', 'accept: text/event-stream'];

export const throughCurlByPost: Subscribe = (url, id) =>
  throughCurl([
    ...[`${url}/graphql`, ...ACCEPT, '-H', 'content-type: application/json'],
    ...['-d', JSON.stringify({ query: SUBSCRIPTION, variables: { id } })],
  ]);

/** Sends no header that would require a CORS preflight. */
export const throughCurlByGet: Subscribe = (url, id) =>
  throughCurl([
    ...['-G', `${url}/graphql`, ...ACCEPT, '--data-urlencode', `query=${SUBSCRIPTION}`],
    ...['--data-urlencode', `variables=${JSON.stringify({ id })}`],
  ]);

/** Subscribes with callbacks to a router. The gateway must allow its host. */
export const throughRouter = (router: TestRouter, url: string, id: string): TestSubscriber => {
  const subscription = router.open();
  const subscriber = new TestSubscriber();
  subscription.onMessage = ({ action, payload, errors }) => {
    if (action === 'next') deliver(subscriber, payload as ExecutionResult);
    else if (action === 'complete' && errors !== undefined) subscriber.fail(errors);
    else if (action === 'complete') subscriber.complete();
  };
  void fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(requestOf(subscription, id)),
  }).then(async (response) => {
    const { errors } = (await response.json()) as ExecutionResult;
    if (errors !== undefined) subscriber.fail(errors);
  });
  subscriber.stop = () => (subscription.isOpen = false);
  return subscriber;
};

/** Every client with each of its transports for subscriptions, for `it.each`. */
export const SUBSCRIBERS: readonly (readonly [string, Subscribe])[] = [
  ['Apollo Client over graphql-ws', throughApolloOverWebSocket],
  ['Apollo Client over multipart HTTP', throughApolloOverMultipart],
  ['urql over server-sent events', throughUrql],
  ['urql over graphql-ws', throughUrqlOverWebSocket],
  ['graphql-ws', throughGraphqlWs],
  ['graphql-sse', throughGraphqlSse],
  ['curl by POST', throughCurlByPost],
  ['curl by GET', throughCurlByGet],
];

/** A client that is not lazy stays connected until it is disposed of. */
export function webSocketClient(url: string, retryAttempts = 0, lazy = true) {
  return createWsClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts,
    // By default a refused connection, as while a gateway starts, ends all retries.
    shouldRetry: () => true,
    lazy,
  });
}

/** An exchange for urql that runs all operations over a WebSocket. */
export function urqlOverWebSocket(client: WsClient): Exchange {
  return subscriptionExchange({
    enableAllOperations: true,
    forwardSubscription: ({ query = '', variables }) => ({
      subscribe: (sink) => ({
        unsubscribe: client.subscribe({ query, variables: variables ?? {} }, sink as Sink),
      }),
    }),
  });
}

function deliver(subscriber: TestSubscriber, { data, errors }: ExecutionResult): void {
  if (errors !== undefined) subscriber.fail(errors);
  else subscriber.next(data as SubscriptionData);
}

function throughApollo(link: ApolloLink, id: string, onStop?: () => void): TestSubscriber {
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const subscriber = new TestSubscriber();
  const subscription = client.subscribe({ query: PaymentSessionUpdatedDocument, variables: { id } }).subscribe({
    next: ({ data, error }) => {
      if (error === undefined) subscriber.next(data);
      else subscriber.fail(error);
    },
    error: (error) => subscriber.fail(error),
    complete: () => subscriber.complete(),
  });
  subscriber.stop = () => {
    subscription.unsubscribe();
    onStop?.();
  };
  return subscriber;
}

function throughCurl(args: readonly string[]): TestSubscriber {
  const curl = spawn('curl', ['-sN', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const subscriber = new TestSubscriber();
  createInterface(curl.stdout).on('line', (line) => {
    if (line.startsWith('data: ')) deliver(subscriber, JSON.parse(line.slice('data: '.length)) as ExecutionResult);
    if (line === 'event: complete') subscriber.complete();
  });
  curl.once('close', () => {
    if (!subscriber.isComplete) subscriber.fail(new Error('the stream ended early'));
  });
  subscriber.stop = () => curl.kill();
  return subscriber;
}
