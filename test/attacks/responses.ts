interface GraphqlResponse {
  readonly errors?: readonly { readonly message?: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
  readonly data?: unknown;
  /** The response itself, in a part of a multipart stream. */
  readonly payload?: unknown;
}

/** Summarizes a response: status, error codes, types of the results, and whether it contains what it should not. */
export function summarize(status: number | undefined, text: string, secrets: readonly string[]): string {
  const parts = [...bodiesOf(text).flatMap(summariesOf), ...leaksIn(text, secrets)];
  return [status ?? [], ...new Set(parts)].flat().join(' ');
}

/** The one JSON body of a response, or those of all events or parts of a stream. */
function bodiesOf(text: string): unknown[] {
  const events = [...text.matchAll(/^(?:data: |(?=\{"payload"))(.+)$/gm)].map(([, data]) => parsed(data ?? ''));
  return events.length > 0 ? events : [parsed(text)];
}

function summariesOf(body: unknown): string[] {
  if (Array.isArray(body)) return body.flatMap(summariesOf);
  if (!isObject(body)) return [];
  const { errors, data, payload } = body as GraphqlResponse;
  if (isObject(payload)) return summariesOf(payload);
  const codes = (errors ?? []).map(({ extensions }) => String(extensions?.code));
  return [...codes, ...(isObject(data) ? Object.values(data).flatMap(summariesOfField) : [])];
}

function summariesOfField(value: unknown): string[] {
  if (Array.isArray(value)) return value.length === 0 ? [EMPTY] : value.flatMap(summariesOfField);
  if (!isObject(value)) return [value === null ? 'null' : 'data'];
  const { __typename, code, issues, edges } = value;
  if (Array.isArray(edges)) return edges.length === 0 ? [EMPTY] : ['payments'];
  const issueCodes = Array.isArray(issues) ? issues.map((issue: { code: string }) => issue.code) : [];
  const parts = [__typename, __typename === undefined ? code : undefined, ...issueCodes];
  const found = parts.filter((part): part is string => typeof part === 'string');
  return found.length === 0 ? ['data'] : found;
}

const EMPTY = 'empty list';

function leaksIn(text: string, secrets: readonly string[]): string[] {
  return [
    ...(/stacktrace|node_modules|\.js:\d/.test(text) ? ['with a stack trace'] : []),
    ...(text.includes('Did you mean') ? ['with a suggestion'] : []),
    ...(secrets.some((secret) => text.includes(secret)) ? ['with data of another client'] : []),
  ];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
