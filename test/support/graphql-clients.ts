import { ApolloClient, InMemoryCache } from '@apollo/client';
import type { ApolloLink, OperationVariables } from '@apollo/client';
import { HttpLink } from '@apollo/client/link/http';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { OperationTypeNode, getOperationAST, print } from 'graphql';
import type { DocumentNode, ExecutionResult } from 'graphql';
import { GraphQLClient } from 'graphql-request';
import { createClient as createSseClient } from 'graphql-sse';
import type { Client as WsClient } from 'graphql-ws';
import { Client as UrqlClient, fetchExchange } from 'urql';
import type { Exchange } from 'urql';
import { possibleTypes } from '../../client/src/generated/possible-types.js';
import { urqlOverWebSocket, webSocketClient } from './subscribers.js';

/** Runs a query or mutation. Throws if the response has no data. */
export type Run = <T, V extends OperationVariables>(document: TypedDocumentNode<T, V>, variables: V) => Promise<T>;

interface RunningClient {
  readonly run: Run;
  readonly close?: () => void;
}

/** Every client with each of its transports for queries and mutations, for `it.each`. */
export const CLIENTS: readonly (readonly [string, (url: string) => RunningClient])[] = [
  ['Apollo Client over HTTP', (url) => ({ run: throughApollo(new HttpLink({ uri: `${url}/graphql` })) })],
  ['Apollo Client over graphql-ws', (url) => overWebSocket(url, (client) => throughApollo(new GraphQLWsLink(client)))],
  ['urql over HTTP', (url) => ({ run: throughUrql(url, fetchExchange) })],
  ['urql over graphql-ws', (url) => overWebSocket(url, (client) => throughUrql(url, urqlOverWebSocket(client)))],
  [
    'graphql-request',
    (url) => {
      const client = new GraphQLClient(`${url}/graphql`);
      return { run: (document, variables) => client.request<never>(document, variables) };
    },
  ],
  ['graphql-ws', (url) => overWebSocket(url, throughGraphqlWs)],
  ['graphql-sse', (url) => ({ run: throughGraphqlSse(url) })],
];

function overWebSocket(url: string, runOver: (client: WsClient) => Run): RunningClient {
  // Without retries graphql-ws loses an operation that starts while it closes an idle connection.
  const client = webSocketClient(url, 0, false);
  return { run: runOver(client), close: () => void client.dispose() };
}

function throughApollo(link: ApolloLink): Run {
  const client = new ApolloClient({ link, cache: new InMemoryCache({ possibleTypes }) });
  return async <T, V extends OperationVariables>(document: TypedDocumentNode<T, V>, variables: V) => {
    const { data } = isMutation(document)
      ? await client.mutate({ mutation: document, variables } as ApolloClient.MutateOptions<T, V>)
      : await client.query({ query: document, variables } as ApolloClient.QueryOptions<T, V>);
    return requireData(data);
  };
}

function throughUrql(url: string, exchange: Exchange): Run {
  const client = new UrqlClient({ url: `${url}/graphql`, exchanges: [exchange] });
  return async (document, variables) => {
    const source = isMutation(document) ? client.mutation(document, variables) : client.query(document, variables);
    const { data, error } = await source.toPromise();
    return requireData(data, error);
  };
}

function throughGraphqlWs(client: WsClient): Run {
  return async <T, V extends OperationVariables>(document: TypedDocumentNode<T, V>, variables: V) => {
    const result: IteratorResult<unknown> = await client.iterate({ query: print(document), variables }).next();
    return requireData((result.value as ExecutionResult<T> | undefined)?.data);
  };
}

function throughGraphqlSse(url: string): Run {
  const client = createSseClient({ url: `${url}/graphql`, retryAttempts: 0 });
  return async <T, V extends OperationVariables>(document: TypedDocumentNode<T, V>, variables: V) => {
    const result: IteratorResult<unknown> = await client.iterate({ query: print(document), variables }).next();
    return requireData((result.value as ExecutionResult<T> | undefined)?.data);
  };
}

function isMutation(document: DocumentNode): boolean {
  return getOperationAST(document)?.operation === OperationTypeNode.MUTATION;
}

function requireData<T>(data: T | null | undefined, error?: Error): T {
  if (data == null) throw error ?? new Error('there was no data');
  return data;
}
