interface Told {
  readonly errors?: readonly { readonly message?: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
  readonly data?: unknown;
  /** In a part of a stream. */
  readonly payload?: unknown;
}

/** What an answer says in a few words: status, codes of errors, members of unions, and what should not be there. */
export function told(status: number | undefined, text: string, secrets: readonly string[]): string {
  const words = [...bodiesOf(text).flatMap(wordsOf), ...givenAway(text, secrets)];
  return [status ?? [], ...new Set(words)].flat().join(' ');
}

/** Of one answer in JSON, or of all events or parts of a stream. */
function bodiesOf(text: string): unknown[] {
  const events = [...text.matchAll(/^(?:data: |(?=\{"payload"))(.+)$/gm)].map(([, data]) => parsed(data ?? ''));
  return events.length > 0 ? events : [parsed(text)];
}

export function wordsOf(body: unknown): string[] {
  if (Array.isArray(body)) return body.flatMap(wordsOf);
  if (!isObject(body)) return [];
  const { errors, data, payload } = body as Told;
  if (isObject(payload)) return wordsOf(payload);
  const codes = (errors ?? []).map(({ extensions }) => String(extensions?.code));
  return [...codes, ...(isObject(data) ? Object.values(data).flatMap(wordsOfField) : [])];
}

function wordsOfField(value: unknown): string[] {
  if (Array.isArray(value)) return value.length === 0 ? ['nothing'] : value.flatMap(wordsOfField);
  if (!isObject(value)) return [value === null ? 'null' : 'data'];
  const { __typename, code, issues, edges } = value;
  if (Array.isArray(edges)) return edges.length === 0 ? ['nothing'] : ['payments'];
  const issueCodes = Array.isArray(issues) ? issues.map((issue: { code: string }) => issue.code) : [];
  const words = [__typename, __typename === undefined ? code : undefined, ...issueCodes];
  const found = words.filter((word): word is string => typeof word === 'string');
  return found.length === 0 ? ['data'] : found;
}

function givenAway(text: string, secrets: readonly string[]): string[] {
  return [
    ...(/stacktrace|node_modules|\.js:\d/.test(text) ? ['with a stack trace'] : []),
    ...(text.includes('Did you mean') ? ['with a suggestion'] : []),
    ...(secrets.some((secret) => text.includes(secret)) ? ['with what is not theirs'] : []),
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
