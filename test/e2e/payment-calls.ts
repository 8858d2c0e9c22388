import { readExample } from '../../scripts/examples.mjs';
import { createVariables } from '../support/examples.js';

/** JSON text that is copied into the request body unchanged, for values that JavaScript cannot represent. */
export class JsonText {
  constructor(readonly text: string) {}

  toJSON(): string {
    return `json-text:${this.text}`;
  }
}

/** Serializes a request body, including any `JsonText` in it. */
export function bodyOf(request: object): string {
  return JSON.stringify(request).replace(/"json-text:([^"]*)"/g, '$1');
}

/** The input of a payment, or a part of it. */
export type Payment = Readonly<Record<string, unknown>>;

/** One of the three operations that take a payment. */
export interface PaymentCall {
  readonly name: string;
  readonly query: string;
  /** Returns a new valid payment, which tests then make invalid. */
  readonly goodPayment: () => Payment;
  readonly variables: (payment: unknown) => object;
}

/** The operations that start a payment. */
export const mutations: readonly PaymentCall[] = (['create-payment-session', 'send-payment-request'] as const).map(
  (name) => ({
    name,
    query: readExample(name).query,
    goodPayment: () => createVariables().input,
    variables: (payment) => ({ input: payment }),
  }),
);

/** The query that only checks the input. */
export const validatePayment: PaymentCall = {
  name: 'validate-payment',
  query: readExample('validate-payment').query,
  goodPayment: () => withValue(createVariables().input, 'idempotencyKey', undefined),
  variables: (payment) => ({ input: payment }),
};

/** All operations that take a payment. */
export const paymentCalls: readonly PaymentCall[] = [...mutations, validatePayment];

/** A copy with another value at a path such as `customer.name` or `clientUrls.0`. `undefined` removes the field. */
export function withValue(payment: unknown, path: string, value: unknown): Payment {
  const [head = '', ...rest] = path.split('.');
  const inner = (payment as Payment | undefined)?.[head];
  const changed = rest.length === 0 ? value : withValue(inner, rest.join('.'), value);
  if (/^\d+$/.test(head)) return Object.assign([...((payment as unknown[] | undefined) ?? [])], { [head]: changed });
  return { ...(payment as Payment | undefined), [head]: changed };
}

/** An entry of `errors[]`. */
export interface ResponseError {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly requestId?: string; readonly inputPath?: readonly string[] };
}

/** A response of the gateway. `text` is the body as received, because a value may be echoed outside the parsed parts. */
export interface GatewayResponse {
  readonly status: number;
  readonly requestId: string | null;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors: readonly ResponseError[] | undefined;
}

/** An HTTP request of any shape. */
export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** With this media type the HTTP status shows a rejected request. With `application/json` it is 200. */
const ACCEPT = { accept: 'application/graphql-response+json' };

/** Sends any HTTP request to a gateway. The default is a POST of JSON to /graphql. */
export async function send(gatewayUrl: string, request: RawRequest): Promise<GatewayResponse> {
  const { method = 'POST', path = '/graphql', headers = { 'content-type': 'application/json' }, body } = request;
  const init = { method, headers: { ...ACCEPT, ...headers }, ...(body === undefined ? {} : { body }) };
  const response = await fetch(gatewayUrl + path, init);
  const text = await response.text();
  const { data, errors } = parseBody(text);
  return { status: response.status, requestId: response.headers.get('x-request-id'), text, data, errors };
}

function parseBody(text: string): Partial<Pick<GatewayResponse, 'data' | 'errors'>> {
  try {
    return JSON.parse(text) as Pick<GatewayResponse, 'data' | 'errors'>;
  } catch {
    return {};
  }
}

/** Sends one of the operations with this payment. */
export function call(
  gatewayUrl: string,
  { query, variables }: PaymentCall,
  payment: unknown,
): Promise<GatewayResponse> {
  return send(gatewayUrl, { body: bodyOf({ query, variables: variables(payment) }) });
}

/** An issue of invalid input: where it is, and which rule is broken. */
export interface Issue {
  readonly path: readonly string[];
  readonly code: string;
}

/** The issues of an invalid payment, with paths below `input`. Undefined if the response has none. */
export function issuesIn({ data }: GatewayResponse): readonly Issue[] | undefined {
  return issuesOf(data)?.map(({ path: [, ...path], code }) => ({ path, code }));
}

/** The issues in the data of a response: a list, or a member of a result union. Undefined if there are none. */
export function issuesOf(data: GatewayResponse['data']): readonly Issue[] | undefined {
  const [result] = Object.values(data ?? {}) as (Issue[] | { readonly issues?: Issue[] } | null)[];
  return Array.isArray(result) ? result : result?.issues;
}

/** Part of most invalid values, so that a search finds an echo even if the value is cut. */
export const MARK = 'qzvkx';

// Shorter values occur in responses and log lines by chance.
const MIN_TRACE_LENGTH = 9;

/** The texts that identify a value: its keys and strings at any depth, and long numbers. */
export function tracesOf(value: unknown): string[] {
  if (value instanceof JsonText) return tracesOf(value.text);
  if (Array.isArray(value)) return value.flatMap(tracesOf);
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(tracesOf);
  const text = String(value);
  return text.trim().length >= MIN_TRACE_LENGTH ? [text] : [];
}

/** The traces that a text contains, as written or escaped as in JSON, and the mark if it contains that. */
export function echoesIn(text: string, traces: readonly string[]): string[] {
  const found = traces.filter((trace) => {
    const escaped = JSON.stringify(trace).slice(1, -1);
    return text.includes(trace) || (escaped !== trace && text.includes(escaped));
  });
  return text.toLowerCase().includes(MARK) ? [MARK, ...found] : found;
}

/** The problems of a response to any rejected request. */
export function flawsOf(response: GatewayResponse, rejected: unknown): string[] {
  const { status, requestId, text, errors = [] } = response;
  return [
    ...(status >= 500 ? [`status ${status}`] : []),
    ...(requestId === null ? ['no x-request-id'] : []),
    ...errors.flatMap(({ extensions }) => [
      ...(extensions?.requestId === requestId ? [] : ['another requestId in errors']),
      ...(extensions?.code === undefined || extensions.code === 'INTERNAL_SERVER_ERROR'
        ? ['masked as an internal error']
        : []),
    ]),
    ...echoesIn(text, tracesOf(rejected)).map((echo) => `echo of ${JSON.stringify(echo)}`),
  ];
}
