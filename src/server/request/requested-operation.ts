import type { FastifyRequest } from 'fastify';

/** An operation as sent in GraphQL over HTTP and graphql-ws. */
export interface RequestedOperation {
  /** Absent where `extensions.persistedQuery` names the document. */
  readonly query?: string | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Reads the operation of a GET or POST; undefined when there is none or it is malformed. */
export function requestedOperation({ method, query, body }: FastifyRequest): RequestedOperation | undefined {
  const given = method === 'GET' ? withParsedJson(query) : body;
  return isOperation(given) ? given : undefined;
}

/** In a query string, objects are sent as JSON. */
function withParsedJson(query: unknown): unknown {
  if (!isObject(query)) return undefined;
  const parsed = (json: unknown): unknown => (typeof json === 'string' ? JSON.parse(json) : json);
  try {
    return { ...query, variables: parsed(query.variables), extensions: parsed(query.extensions) };
  } catch {
    return undefined;
  }
}

function isOperation(value: unknown): value is RequestedOperation {
  if (!isObject(value)) return false;
  const { query, operationName, variables, extensions } = value;
  return (
    (typeof query === 'string' || (query == null && isObject(extensions) && isObject(extensions.persistedQuery))) &&
    (operationName == null || typeof operationName === 'string') &&
    (variables == null || isObject(variables)) &&
    (extensions == null || isObject(extensions))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
