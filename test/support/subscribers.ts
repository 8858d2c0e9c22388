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

// Apollo Client looks at it, and Node has one from release 22 on.
Object.assign(globalThis, { WebSocket });

type Data = PaymentSessionUpdatedSubscription | null | undefined;

/** What somebody who watches a payment was told. */
export class Told {
  readonly statuses: (PaymentSessionStatus | undefined)[] = [];
  readonly problems: string[] = [];
  isComplete = false;
  /** Ends the subscription. */
  stop: () => void = () => undefined;

  next(data: Data): void {
    this.statuses.push(data?.paymentSessionUpdated.status);
  }

  fail(problem: unknown): void {
    this.problems.push(problem instanceof Error ? problem.message : JSON.stringify(problem));
  }

  complete(): void {
    this.isComplete = true;
  }

  /** Resolves when the last that was told is this status. */
  async isToldOf(status: PaymentSessionStatus): Promise<void> {
    await until(() => this.statuses.at(-1) === status || this.problems.length > 0);
  }

  /** Resolves when nothing more will be told. */
  async isOver(): Promise<void> {
    await until(() => this.isComplete || this.problems.length > 0);
  }
}

/** Begins to watch a payment at a gateway of this URL. */
type Subscribe = (url: string, id: string) => Told;
/** With a client that connects so often again by itself. */
type SubscribeAgain = (url: string, id: string, retryAttempts?: number) => Told;

const DOCUMENT = print(PaymentSessionUpdatedDocument);

export const throughApolloOverWebSocket: SubscribeAgain = (url, id, retryAttempts = 0) => {
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

function subscribeByUrql(url: string, id: string, exchange: Exchange, onStop?: () => void): Told {
  const client = new UrqlClient({ url: `${url}/graphql`, exchanges: [exchange], fetchSubscriptions: true });
  const told = new Told();
  const results = client.subscription(PaymentSessionUpdatedDocument, { id });
  const subscription = results.subscribe(({ data, error, hasNext }) => {
    if (error !== undefined) told.fail(error);
    else if (hasNext) told.next(data);
    else told.complete();
  });
  told.stop = () => {
    subscription.unsubscribe();
    onStop?.();
  };
  return told;
}

export const throughGraphqlSse: SubscribeAgain = (url, id, retryAttempts = 0) => {
  const client = createSseClient({ url: `${url}/graphql`, retryAttempts });
  const told = new Told();
  told.stop = client.subscribe(
    { query: DOCUMENT, variables: { id } },
    {
      next: (result) => tell(told, result as ExecutionResult),
      error: (error) => told.fail(error),
      complete: () => told.complete(),
    },
  );
  return told;
};

export const throughGraphqlWs: Subscribe = (url, id) => {
  const client = webSocketClient(url);
  const told = new Told();
  const stop = client.subscribe(
    { query: DOCUMENT, variables: { id } },
    {
      next: (result) => tell(told, result as ExecutionResult),
      error: (error) => told.fail(error),
      complete: () => told.complete(),
    },
  );
  told.stop = () => {
    stop();
    void client.dispose();
  };
  return told;
};

const ACCEPT = ['-H', 'accept: text/event-stream'];

export const throughCurlByPost: Subscribe = (url, id) =>
  throughCurl([
    ...[`${url}/graphql`, ...ACCEPT, '-H', 'content-type: application/json'],
    ...['-d', JSON.stringify({ query: DOCUMENT, variables: { id } })],
  ]);

/** With no header that would need a preflight. */
export const throughCurlByGet: Subscribe = (url, id) =>
  throughCurl([
    ...['-G', `${url}/graphql`, ...ACCEPT, '--data-urlencode', `query=${DOCUMENT}`],
    ...['--data-urlencode', `variables=${JSON.stringify({ id })}`],
  ]);

/** A router that is called back. The gateway has to allow its host. */
export const throughRouter = (router: TestRouter, url: string, id: string): Told => {
  const subscription = router.open();
  const told = new Told();
  subscription.onMessage = ({ action, payload, errors }) => {
    if (action === 'next') tell(told, payload as ExecutionResult);
    else if (action === 'complete' && errors !== undefined) told.fail(errors);
    else if (action === 'complete') told.complete();
  };
  void fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(requestOf(subscription, id)),
  }).then(async (answer) => {
    const { errors } = (await answer.json()) as ExecutionResult;
    if (errors !== undefined) told.fail(errors);
  });
  told.stop = () => (subscription.isOpen = false);
  return told;
};

/** Every client, for `it.each`. */
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

/** `lazyCloseTimeout`: for how many milliseconds it stays connected with nothing under way. */
export function webSocketClient(url: string, retryAttempts = 0, lazyCloseTimeout = 0) {
  return createWsClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts,
    // Or it takes a connection that is refused, as while a gateway starts, for the end of it all.
    shouldRetry: () => true,
    lazyCloseTimeout,
  });
}

/** urql with everything over a WebSocket. */
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

function tell(told: Told, { data, errors }: ExecutionResult): void {
  if (errors !== undefined) told.fail(errors);
  else told.next(data as Data);
}

function throughApollo(link: ApolloLink, id: string, onStop?: () => void): Told {
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const told = new Told();
  const subscription = client.subscribe({ query: PaymentSessionUpdatedDocument, variables: { id } }).subscribe({
    next: ({ data, error }) => {
      if (error === undefined) told.next(data);
      else told.fail(error);
    },
    error: (error) => told.fail(error),
    complete: () => told.complete(),
  });
  told.stop = () => {
    subscription.unsubscribe();
    onStop?.();
  };
  return told;
}

function throughCurl(args: readonly string[]): Told {
  const curl = spawn('curl', ['-sN', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const told = new Told();
  createInterface(curl.stdout).on('line', (line) => {
    if (line.startsWith('data: ')) tell(told, JSON.parse(line.slice('data: '.length)) as ExecutionResult);
    if (line === 'event: complete') told.complete();
  });
  curl.once('close', () => {
    if (!told.isComplete) told.fail(new Error('the stream broke off'));
  });
  told.stop = () => curl.kill();
  return told;
}
