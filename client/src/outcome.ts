import type { Outcome } from './repeat.js';

/** What was received, in whichever client's words. */
export interface Received {
  readonly data?: unknown;
  /** Whether there were errors of GraphQL. */
  readonly hasErrors: boolean;
  readonly status: number | undefined;
}

/** Judges what was received by the answer of this name. */
export function outcomeOf({ data, hasErrors, status }: Received, answerName: string): Outcome {
  const answer = (data as Readonly<Record<string, object | null>> | null | undefined)?.[answerName];
  if (answer != null) return { ...answer, kind: 'answer' };
  if (hasErrors && (status === undefined || status < 300)) return { kind: 'final' };
  return { kind: 'no-result', status };
}

/** Judges an error in place of a result. Clients keep the status of an answer that is no GraphQL in it, under either name. */
export function outcomeOfError(error: unknown): Outcome {
  const { name, statusCode } = Object(error) as { name?: unknown; statusCode?: unknown };
  if (name === 'AbortError' || name === 'TimeoutError') return { kind: 'final' };
  return { kind: 'no-result', status: typeof statusCode === 'number' ? statusCode : undefined };
}
