import type { ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { ApolloServerPluginUsageReporting } from '@apollo/server/plugin/usageReporting';
import type { Logger } from '../../lib/logger.js';
import type { RequestContext } from '../../resolvers/request-context.js';

/** The graph in Apollo Studio that operations are reported to. */
export interface Studio {
  /** An API key of the graph, as a `Sensitive`. */
  readonly key: { reveal(): string };
  /** `graph@variant`. */
  readonly graphRef: string;
}

// Together they bound what draining waits for.
const ATTEMPTS = 2;
const ATTEMPT_TIMEOUT_MS = 1_500;

const CLIENT_HEADERS = /^[\w .-]{1,64}$/;

/** For Apollo Server: the graph, if there is one. What is empty is what it would otherwise read from the environment by itself. */
export function apolloConfig(studio: Studio | undefined) {
  const noId = { graphId: '', graphVariant: '' };
  return studio === undefined ? noId : { ...noId, key: studio.key.reveal(), graphRef: studio.graphRef };
}

/**
 * Traces for the router that asks for them (`ftv1`), which reports them; and reports to Apollo Studio, if there is a graph, on the
 * operations that callers send directly. The schema goes there by `rover`: Apollo Server's own reporting is not for subgraphs.
 * `endpointUrl`: where reports go; Apollo's, when undefined.
 */
export function tracing(
  studio: Studio | undefined,
  log: Logger,
  endpointUrl?: string,
): ApolloServerPlugin<RequestContext>[] {
  return [
    ApolloServerPluginInlineTrace({ includeErrors: { masked: true } }),
    ApolloServerPluginSchemaReportingDisabled(),
    studio === undefined ? ApolloServerPluginUsageReportingDisabled() : usageReporting(log, endpointUrl),
  ];
}

function usageReporting(log: Logger, endpointUrl: string | undefined): ApolloServerPlugin<RequestContext> {
  const health = new ReportHealth(log);
  const plugin = ApolloServerPluginUsageReporting<RequestContext>({
    ...(endpointUrl === undefined ? {} : { endpointUrl }),
    sendErrors: { masked: true },
    sendHeaders: { none: true },
    sendVariableValues: { none: true },
    generateClientInfo: ({ request: { http } }) => ({
      clientName: clientHeaders(http?.headers.get('apollographql-client-name')),
      clientVersion: clientHeaders(http?.headers.get('apollographql-client-version')),
    }),
    maxAttempts: ATTEMPTS,
    requestTimeoutMs: ATTEMPT_TIMEOUT_MS,
    fetcher: (url, options) => health.fetch(url, options),
    // It warns at every start that a subgraph is not usually reported directly, and of each report that is lost.
    logger: { debug: noted, info: noted, warn: noted, error: (problem) => health.failed(problem) },
  });
  return {
    ...plugin,
    requestDidStart: async (context) => {
      const { request } = context;
      // With `includeRequest` of the plugin it would still be counted.
      if (request.http?.headers.get('apollo-federation-include-trace') === 'ftv1') return undefined;
      // Even the names of variables are words of the caller.
      return plugin.requestDidStart?.({ ...context, request: { ...request, variables: {} } });
    },
  };
}

function noted(): void {
  // What it tells is in our own log already, or in the documentation.
}

/** Names of programs pass; what else a caller may write there does not. */
function clientHeaders(text = ''): string {
  return CLIENT_HEADERS.test(text) ? text : '';
}

/** Says once that reports do not arrive, and once that they do again. */
class ReportHealth {
  #failing = false;

  constructor(private readonly log: Logger) {}

  async fetch(...request: Parameters<typeof fetch>): Promise<Response> {
    const response = await fetch(...request);
    if (response.ok && this.#failing) {
      this.#failing = false;
      this.log.info('usage reports reach Apollo Studio again');
    }
    return response;
  }

  failed(problem: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    this.log.warn({ problem: String(problem).slice(0, 200) }, 'usage reports do not reach Apollo Studio');
  }
}
