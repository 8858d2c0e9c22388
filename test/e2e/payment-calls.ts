import { readExample } from '../../scripts/examples.mjs';
import { createVariables } from '../support/examples.js';

/** A part of `variables` that is written into the body as it stands, for what no JavaScript value can say. */
export class JsonText {
  constructor(readonly text: string) {}

  toJSON(): string {
    return `json-text:${this.text}`;
  }
}

/** The body of a request, `JsonText` included. */
export function bodyOf(request: object): string {
  return JSON.stringify(request).replace(/"json-text:([^"]*)"/g, '$1');
}

export type Payment = Readonly<Record<string, unknown>>;

/** One of the three calls that take a payment. */
export interface PaymentCall {
  readonly name: string;
  readonly query: string;
  /** A payment that is all right, another one at each call: what tests spoil. */
  readonly goodPayment: () => Payment;
  readonly variables: (payment: unknown) => object;
}

export const mutations: readonly PaymentCall[] = (['create-payment-session', 'send-payment-request'] as const).map(
  (name) => ({
    name,
    query: readExample(name).query,
    goodPayment: () => createVariables().input,
    variables: (payment) => ({ input: payment }),
  }),
);

export const validatePayment: PaymentCall = {
  name: 'validate-payment',
  query: readExample('validate-payment').query,
  goodPayment: () => withValue(createVariables().input, 'idempotencyKey', undefined),
  variables: (payment) => ({ input: payment }),
};

export const paymentCalls: readonly PaymentCall[] = [...mutations, validatePayment];

/** A copy with another value at a path such as `customer.name` or `clientUrls.0`; `undefined` takes the field out. */
export function withValue(payment: unknown, path: string, value: unknown): Payment {
  const [head = '', ...rest] = path.split('.');
  const inner = (payment as Payment | undefined)?.[head];
  const changed = rest.length === 0 ? value : withValue(inner, rest.join('.'), value);
  if (/^\d+$/.test(head)) return Object.assign([...((payment as unknown[] | undefined) ?? [])], { [head]: changed });
  return { ...(payment as Payment | undefined), [head]: changed };
}

export interface GraphQLProblem {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly requestId?: string; readonly inputPath?: readonly string[] };
}

/** What came back, with the text that was received: echoes hide in places that nobody parses. */
export interface Reply {
  readonly status: number;
  readonly requestId: string | null;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors: readonly GraphQLProblem[] | undefined;
}

export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** In this media type the status tells that a request was refused; in `application/json` it is 200. */
const ACCEPT = { accept: 'application/graphql-response+json' };

/** Sends any HTTP request to a gateway, by default a POST of JSON to /graphql. */
export async function send(gatewayUrl: string, request: RawRequest): Promise<Reply> {
  const { method = 'POST', path = '/graphql', headers = { 'content-type': 'application/json' }, body } = request;
  const init = { method, headers: { ...ACCEPT, ...headers }, ...(body === undefined ? {} : { body }) };
  const answer = await fetch(gatewayUrl + path, init);
  const text = await answer.text();
  const { data, errors } = parsed(text);
  return { status: answer.status, requestId: answer.headers.get('x-request-id'), text, data, errors };
}

function parsed(text: string): Partial<Pick<Reply, 'data' | 'errors'>> {
  try {
    return JSON.parse(text) as Pick<Reply, 'data' | 'errors'>;
  } catch {
    return {};
  }
}

export function call(gatewayUrl: string, { query, variables }: PaymentCall, payment: unknown): Promise<Reply> {
  return send(gatewayUrl, { body: bodyOf({ query, variables: variables(payment) }) });
}

export interface Issue {
  readonly path: readonly string[];
  readonly code: string;
}

/** The answer to a payment that breaks rules, without what differs between the calls; undefined when it is another. */
export function issuesIn({ data }: Reply): readonly Issue[] | undefined {
  return issuesOf(data)?.map(({ path: [, ...path], code }) => ({ path, code }));
}

/** The issues of an answer, be they its data or of a failure that is data; undefined when there is neither. */
export function issuesOf(data: Reply['data']): readonly Issue[] | undefined {
  const [result] = Object.values(data ?? {}) as (Issue[] | { readonly issues?: Issue[] } | null)[];
  return Array.isArray(result) ? result : result?.issues;
}

/** Stands in most bad values, so that an echo is found wherever it is and however it is cut. */
export const MARK = 'qzvkx';

// Shorter values occur in answers and log lines by chance.
const TELLING_LENGTH = 9;

/** The texts by which a value would be recognised: keys and strings however deep, long numbers. */
export function tracesOf(value: unknown): string[] {
  if (value instanceof JsonText) return tracesOf(value.text);
  if (Array.isArray(value)) return value.flatMap(tracesOf);
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(tracesOf);
  const text = String(value);
  return text.trim().length >= TELLING_LENGTH ? [text] : [];
}

/** The traces, or the mark, that stand in a text, written as they are or as JSON. */
export function echoesIn(text: string, traces: readonly string[]): string[] {
  const found = traces.filter((trace) => text.includes(trace) || text.includes(JSON.stringify(trace).slice(1, -1)));
  return text.toLowerCase().includes(MARK) ? [MARK, ...found] : found;
}

/** What no answer may show, whatever was asked. */
export function flawsOf(reply: Reply, rejected: unknown): string[] {
  const { status, requestId, text, errors = [] } = reply;
  return [
    ...(status >= 500 ? [`status ${status}`] : []),
    ...(requestId === null ? ['no x-request-id'] : []),
    ...errors.flatMap(({ extensions }) => [
      ...(extensions?.requestId === requestId ? [] : ['another requestId in errors']),
      ...(extensions?.code === undefined || extensions.code === 'INTERNAL_SERVER_ERROR' ? ['masked as ours'] : []),
    ]),
    ...echoesIn(text, tracesOf(rejected)).map((echo) => `echo of ${JSON.stringify(echo)}`),
  ];
}
