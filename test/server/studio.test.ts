import { setImmediate as immediate } from 'node:timers/promises';
import { HeaderMap } from '@apollo/server';
import type { ApolloServer } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { Trace } from '@apollo/usage-reporting-protobuf';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { parse } from 'graphql';
import { pino } from 'pino';
import type { RequestContext } from '../../src/resolvers/request-context.js';
import { createApolloServer } from '../../src/server/graphql/apollo-server.js';
import { ANONYMOUS } from '../support/api-clients.js';
import { silentLog } from '../support/silent-log.js';
import { until } from '../support/until.js';
import { StudioEndpoint } from './studio-endpoint.js';

const STUDIO = { key: { reveal: () => 'service:payments:key' }, graphRef: 'payments@test' };

/** Part of everything that a client sends, and of error messages. */
const PERSONAL = 'alex.tremblay';

const SCHEMA = buildSubgraphSchema([
  {
    typeDefs: parse('type Query { hello(email: String): String  fails: String }'),
    resolvers: {
      Query: {
        hello: () => 'world',
        fails: () => {
          throw new Error(`no mail to ${PERSONAL}@example.com`);
        },
      },
    },
  },
]);

let endpoint: StudioEndpoint;
let log: string;

beforeEach(async () => {
  endpoint = await StudioEndpoint.start();
  log = '';
});
afterEach(async () => {
  jest.useRealTimers();
  await endpoint.stop();
});

function start(studio: typeof STUDIO | undefined): Promise<ApolloServer<RequestContext>> {
  const logger = pino({ level: 'trace' }, { write: (line: string) => (log += line) });
  return createApolloServer(
    SCHEMA,
    {
      explorer: true,
      studio,
      operations: { documents: new Map(), only: false },
      onRejection: () => undefined,
      reportUrl: endpoint.url,
    },
    logger,
  );
}

/** Stops the server after an operation was added to the report, which happens after its response. */
async function stop(apollo: ApolloServer<RequestContext>): Promise<void> {
  await immediate();
  await apollo.stop();
}

/** The response to a POST, as text. */
async function post(apollo: ApolloServer<RequestContext>, body: object, headers: Record<string, string> = {}) {
  const response = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: 'POST',
      headers: new HeaderMap(Object.entries({ 'content-type': 'application/json', ...headers })),
      search: '',
      body,
    },
    context: () => Promise.resolve({ requestId: 'r', log: silentLog, client: ANONYMOUS } as unknown as RequestContext),
  });
  return response.body.kind === 'complete' ? response.body.string : '';
}

/** Sends operations that are full of personal data. */
async function sendPersonalData(apollo: ApolloServer<RequestContext>, headers: Record<string, string> = {}) {
  const email = `${PERSONAL}@example.com`;
  const identifyingHeaders = {
    'x-customer': email,
    'apollographql-client-name': email,
    'apollographql-client-version': email,
  };
  const query = 'query Hello($email: String) { hello(email: $email) fails }';
  return [
    await post(apollo, { query: `query Literal { hello(email: "${email}") }` }, { ...identifyingHeaders, ...headers }),
    await post(apollo, { query, variables: { email, [email]: email } }, { ...identifyingHeaders, ...headers }),
    await post(apollo, { query: `{ hello(email: "${email}" }` }, headers),
    await post(apollo, { query: `{ nothing(email: "${email}") }`, extensions: { clientInfo: { clientName: email } } }),
  ];
}

describe('usage reports to Apollo Studio', () => {
  it('count the operations of direct clients', async () => {
    const apollo = await start(STUDIO);
    await post(apollo, { query: 'query Hello { hello }' }, { 'apollographql-client-name': 'web checkout' });
    await post(apollo, { query: 'query Hello { hello }' });
    await stop(apollo);
    const [received] = endpoint.received;
    const report = received?.report;
    expect(endpoint.received).toHaveLength(1);
    expect(received?.headers['x-api-key']).toBe(STUDIO.key.reveal());
    expect(report?.header).toMatchObject({ graphRef: STUDIO.graphRef });
    expect(Number(report?.operationCount)).toBe(2);
    expect(Object.keys(report?.tracesPerQuery ?? {})).toEqual(['# Hello\nquery Hello{hello}']);
    expect(JSON.stringify(report)).toContain('web checkout');
  });

  it('contain no personal data', async () => {
    const apollo = await start(STUDIO);
    await sendPersonalData(apollo);
    await stop(apollo);
    const [received] = endpoint.received;
    expect(Object.keys(received?.report.tracesPerQuery ?? {}).sort()).toEqual([
      '# Hello\nquery Hello($email:String){fails hello(email:$email)}',
      '# Literal\nquery Literal{hello(email:"")}',
      '## GraphQLParseFailure\n',
      '## GraphQLValidationFailure\n',
    ]);
    const text = received?.bytes.toString('latin1');
    expect(text).not.toContain(PERSONAL);
    expect(text).toContain('<masked>');
  });

  it('omit operations that a router reports', async () => {
    const apollo = await start(STUDIO);
    await post(apollo, { query: '{ hello }' }, { 'apollo-federation-include-trace': 'ftv1' });
    await stop(apollo);
    expect(endpoint.received).toEqual([]);
  });

  it('that fail are logged once and affect no client', async () => {
    // Fakes only the interval at which reports are sent.
    jest.useFakeTimers({ doNotFake: [...ALL_BUT_INTERVALS] });
    const apollo = await start(STUDIO);
    const reportOnce = async (): Promise<void> => {
      const before = endpoint.received.length;
      expect(await post(apollo, { query: '{ hello }' })).toContain('world');
      await immediate();
      jest.advanceTimersByTime(10_000);
      await until(() => endpoint.received.length > before);
    };
    const lines = (): string[] => log.split('\n').filter((line) => line.includes('usage reports'));
    endpoint.status = 403;
    await reportOnce();
    await until(() => lines().length === 1);
    await reportOnce();
    endpoint.status = 200;
    await reportOnce();
    await until(() => lines().length > 1);
    expect(lines().map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'usage reports do not reach Apollo Studio',
      'usage reports reach Apollo Studio again',
    ]);
    await stop(apollo);
  });

  it('delay the shutdown for a few seconds at most', async () => {
    const apollo = await start(STUDIO);
    await post(apollo, { query: '{ hello }' });
    endpoint.status = undefined;
    const startedMs = performance.now();
    await stop(apollo);
    expect(endpoint.received.length).toBeGreaterThan(0);
    expect(performance.now() - startedMs).toBeLessThan(4_500);
  });
});

describe('a server without an Apollo key', () => {
  it("sends and logs nothing, whatever Apollo's environment variables are", async () => {
    const apolloEnvironment = {
      APOLLO_KEY: 'service:other:key',
      APOLLO_GRAPH_REF: 'other@current',
      APOLLO_GRAPH_ID: 'other',
    };
    Object.assign(process.env, apolloEnvironment, { APOLLO_SCHEMA_REPORTING: 'true' });
    const fetched = jest.spyOn(globalThis, 'fetch');
    try {
      const apollo = await start(undefined);
      await post(apollo, { query: '{ hello }' });
      await stop(apollo);
      expect(fetched).not.toHaveBeenCalled();
      expect(endpoint.received).toEqual([]);
      expect(log).toBe('');
    } finally {
      fetched.mockRestore();
      for (const name of [...Object.keys(apolloEnvironment), 'APOLLO_SCHEMA_REPORTING'])
        Reflect.deleteProperty(process.env, name);
    }
  });
});

describe('a trace for a router', () => {
  it('contains the timing of fields and no personal data', async () => {
    const apollo = await start(undefined);
    const responses = await sendPersonalData(apollo, { 'apollo-federation-include-trace': 'ftv1' });
    await stop(apollo);
    const [literal, failing] = responses.map(traceIn);
    expect(literal?.trace.root?.child).toMatchObject([{ responseName: 'hello', type: 'String' }]);
    expect(failing?.trace.root?.child?.[1]?.error).toMatchObject([{ message: '<masked>' }]);
    for (const found of [literal, failing]) expect(found?.bytes.toString('latin1')).not.toContain(PERSONAL);
  });
});

function traceIn(response: string): { bytes: Buffer; trace: Trace } {
  const { extensions } = JSON.parse(response) as { extensions?: { ftv1: string } };
  const bytes = Buffer.from(extensions?.ftv1 ?? '', 'base64');
  return { bytes, trace: Trace.decode(bytes) };
}

const ALL_BUT_INTERVALS = [
  'Date',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setTimeout',
  'clearTimeout',
] as const;
