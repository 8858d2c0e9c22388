import type { Outcome } from './repeat.js';

/** The response as received by a GraphQL client, independent of which client it is. */
export interface Received {
  readonly data?: unknown;
  /** Whether the response contained GraphQL errors. */
  readonly hasErrors: boolean;
  /** The HTTP status; undefined if it is not known. */
  readonly status: number | undefined;
}

/** The outcome of a response, determined by the field with this response key (its alias or name). */
export function outcomeOf({ data, hasErrors, status }: Received, responseKey: string): Outcome {
  const result = (data as Readonly<Record<string, object | null>> | null | undefined)?.[responseKey];
  if (result != null) return { ...result, kind: 'result' };
  if (hasErrors && (status === undefined || status < 300)) return { kind: 'final' };
  return { kind: 'no-result', status };
}

/**
 * The outcome of an error that replaces a response. If a response was not GraphQL, both GraphQL clients report its HTTP
 * status as `statusCode` of the error.
 */
export function outcomeOfError(error: unknown): Outcome {
  const { name, statusCode } = Object(error) as { name?: unknown; statusCode?: unknown };
  if (name === 'AbortError' || name === 'TimeoutError') return { kind: 'final' };
  return { kind: 'no-result', status: typeof statusCode === 'number' ? statusCode : undefined };
}
