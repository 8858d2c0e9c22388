import { z } from 'zod';
import { DAY_MS } from '../lib/duration.js';
import type { Sensitive } from '../domain/sensitive.js';
import { redactMessage } from './redaction.js';
import type { Exchange } from './transport.js';
import { notExecuted } from './call-result.js';
import type { CallResult } from './call-result.js';

/**
 * What an exchange means. Status first, then body, then fields: an error reply may itself be broken.
 * `reply`: the shape of a usable 2xx body; its keys are compared with a small first letter (see `readJson`).
 * `namesResource`: the path has an id in it, so that a 404 is about that id and not about our settings.
 * `hidden`: what was sensitive in the request, taken out of Flinks's words should they repeat it.
 * `refusal`: the shape of a 2xx body that is a refusal after all, of calls that may be repeated.
 */
export function classifyResponse<T>(
  exchange: Exchange,
  schema: z.ZodType<T>,
  sensitive: readonly Sensitive<string>[],
  namesResource = false,
  rejection?: z.ZodType,
): CallResult<T> {
  if (exchange.kind === 'not-sent') return { ...notExecuted(exchange.reason), detail: exchange.detail };
  if (exchange.kind === 'lost') return { kind: 'unknown', reason: `no answer (${exchange.reason})` };
  const { status, body } = exchange;
  if (status >= 200 && status < 300) {
    const value = readJson(body);
    const read = schema.safeParse(value);
    if (read.success) return { kind: 'done', value: read.data };
    if (rejection?.safeParse(value).success === true)
      return { kind: 'refused', status, message: problemMessage(body, sensitive) };
    return { kind: 'unknown', reason: `${status} without a usable body` };
  }
  if (status === 401) return notExecuted('unauthorized');
  if (status === 429) return notExecuted('rate-limited', retryAfterMs(exchange.retryAfter));
  if ((status >= 300 && status < 400) || status === 403 || status === 405 || (status === 404 && !namesResource))
    return { kind: 'misconfigured', reason: `answered ${status}` };
  if (status >= 400 && status < 500 && status !== 408)
    return { kind: 'refused', status, message: problemMessage(body, sensitive) };
  return { kind: 'unknown', reason: `answered ${status}` };
}

/**
 * A JSON body as a value, keys of the top level with a small first letter: the documents write `referenceId` and
 * `ReferenceId` for one field. Undefined when it is not JSON.
 */
function readJson(body: string | undefined): unknown {
  if (body === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // The parser's message quotes the body, which may hold secrets, so it is not kept.
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key.charAt(0).toLowerCase() + key.slice(1), field as unknown]),
  );
}

const problemSchema = z.object({ title: z.string().optional(), detail: z.string().optional() });
/** Title and detail of a problem document, cut short, with everything taken out that may be personal or secret. */
function problemMessage(body: string | undefined, sensitive: readonly Sensitive<string>[]): string {
  const problem = problemSchema.safeParse(readJson(body));
  if (!problem.success) return '(no problem document)';
  const text = [problem.data.title, problem.data.detail].filter((part) => part !== undefined).join(': ');
  return redactMessage(text, sensitive);
}

/** Milliseconds of a Retry-After header, seconds or an HTTP date; a day at most. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) && ms >= 0 ? Math.min(Math.ceil(ms), DAY_MS) : undefined;
}
