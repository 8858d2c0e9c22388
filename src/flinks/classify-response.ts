import { z } from 'zod';
import { DAY_MS } from '../lib/duration.js';
import type { Sensitive } from '../domain/sensitive.js';
import { redactMessage } from './redaction.js';
import type { Exchange } from './transport.js';
import { notExecuted } from '../domain/provider-result.js';
import type { ProviderResult } from '../domain/provider-result.js';

/** How to read the response to a call. */
export interface ExpectedResponse<T> {
  /** The shape of a usable 2xx body, whose top-level keys start with a lower-case letter (see `readJson`). */
  readonly response: z.ZodType<T>;
  /** The shape of a 2xx body that is a rejection after all, for calls that may be repeated. */
  readonly rejection?: z.ZodType;
  /** Sensitive values of the request, redacted from Flinks's messages in case they repeat them. */
  readonly sensitive?: readonly Sensitive<string>[];
  /** The path contains an id, so that a 404 is about that id and not about our settings. */
  readonly namesResource?: boolean;
}

/** Converts an exchange into a result: checks the status before the body, since an error response may be malformed. */
export function classifyResponse<T>(
  exchange: Exchange,
  { response, rejection, sensitive = [], namesResource = false }: ExpectedResponse<T>,
): ProviderResult<T> {
  if (exchange.kind === 'not-executed') return { ...notExecuted(exchange.reason), detail: exchange.detail };
  if (exchange.kind === 'unknown') return { kind: 'unknown', reason: `no response (${exchange.reason})` };
  const { status, body } = exchange;
  if (status >= 200 && status < 300) {
    const value = readJson(body);
    const read = response.safeParse(value);
    if (read.success) return { kind: 'succeeded', value: read.data };
    if (rejection?.safeParse(value).success === true)
      return { kind: 'rejected', status, message: problemMessage(body, sensitive) };
    return { kind: 'unknown', reason: `${status} without a usable body` };
  }
  if (status === 401) return notExecuted('unauthorized');
  if (status === 429) return notExecuted('rate-limited', retryAfterMs(exchange.retryAfter));
  if ((status >= 300 && status < 400) || status === 403 || status === 405 || (status === 404 && !namesResource))
    return { kind: 'misconfigured', reason: `responded ${status}` };
  if (status >= 400 && status < 500 && status !== 408)
    return { kind: 'rejected', status, message: problemMessage(body, sensitive) };
  return { kind: 'unknown', reason: `responded ${status}` };
}

/**
 * Parses JSON, undefined if it is none. Lower-cases the first letter of top-level keys: the documents write both
 * `referenceId` and `ReferenceId`.
 */
function readJson(body: string | undefined): unknown {
  if (body === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // The parser's message quotes the body, which may hold secrets, so it is dropped.
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key.charAt(0).toLowerCase() + key.slice(1), field as unknown]),
  );
}

const problemSchema = z.object({ title: z.string().optional(), detail: z.string().optional() });
/** Title and detail of a problem document, truncated, without anything that may be personal or secret. */
function problemMessage(body: string | undefined, sensitive: readonly Sensitive<string>[]): string {
  const problem = problemSchema.safeParse(readJson(body));
  if (!problem.success) return '(no problem document)';
  const text = [problem.data.title, problem.data.detail].filter((part) => part !== undefined).join(': ');
  return redactMessage(text, sensitive);
}

/** Converts a Retry-After header (seconds or an HTTP date) to milliseconds, at most one day. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms >= 0 ? Math.min(Math.ceil(ms), DAY_MS) : undefined;
}
