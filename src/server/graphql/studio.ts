import type { ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { ApolloServerPluginUsageReporting } from '@apollo/server/plugin/usageReporting';
import type { Logger } from '../../lib/logger.js';
import type { RequestContext } from '../../resolvers/request-context.js';

/** The graph in Apollo Studio that receives usage reports. */
export interface Studio {
  /** An API key of the graph. */
  readonly key: { reveal(): string };
  /** `graph@variant`. */
  readonly graphRef: string;
}

// Both together bound how long draining waits for reports.
const ATTEMPTS = 2;
const ATTEMPT_TIMEOUT_MS = 1_500;

/** Apollo Server's configuration of the graph. Empty values keep it from reading its own environment variables. */
export function apolloConfig(studio: Studio | undefined) {
  const noId = { graphId: '', graphVariant: '' };
  return studio === undefined ? noId : { ...noId, key: studio.key.reveal(), graphRef: studio.graphRef };
}

/**
 * Inline traces for a router that asks for them (`ftv1`) and reports them itself; usage reports to Apollo Studio, if a
 * graph is configured, for operations that clients send directly. The schema is published with `rover`: Apollo Server's
 * own schema reporting does not support subgraphs. `endpointUrl` is where reports go; default: Apollo's.
 */
export function tracing(studio: Studio | undefined, log: Logger, endpointUrl?: string) {
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
    // Apollo's logger warns at every start that subgraphs do not usually report usage, and at each report that is lost.
    logger: { debug: ignore, info: ignore, warn: ignore, error: (problem) => health.failed(problem) },
  });
  return {
    ...plugin,
    requestDidStart: async (context) => {
      const { request } = context;
      // With the plugin's own `includeRequest` the operation would still be counted.
      if (request.http?.headers.get('apollo-federation-include-trace') === 'ftv1') return undefined;
      // The client chooses the names of variables, so they may hold data as well.
      return plugin.requestDidStart?.({ ...context, request: { ...request, variables: {} } });
    },
  };
}

/** For what the gateway's own log or the documentation already says. */
const ignore = (): void => undefined;

/** Lets names and versions of programs pass, and drops anything else that a client may put there. */
function clientHeaders(text = ''): string {
  return /^[\w .-]{1,64}$/.test(text) ? text : '';
}

/** Logs once that reports fail to arrive, and once that they arrive again. */
class ReportHealth {
  #failing = false;

  constructor(private readonly log: Logger) {}

  async fetch(...request: Parameters<typeof fetch>): Promise<Response> {
    const response = await fetch(...request);
    if (response.ok && this.#failing) {
      this.#failing = false;
      this.log.info({ event: 'usage_reporting_recovered' }, 'usage reports reach Apollo Studio again');
    }
    return response;
  }

  failed(problem: unknown): void {
    if (this.#failing) return;
    this.#failing = true;
    const line = { event: 'usage_reporting_failed', problem: String(problem).slice(0, 200) };
    this.log.warn(line, 'usage reports do not reach Apollo Studio');
  }
}
