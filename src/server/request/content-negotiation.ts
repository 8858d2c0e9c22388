import type { FormattedExecutionResult } from 'graphql';

/** The response format chosen from a request's `accept` header. */
export interface NegotiatedFormat {
  readonly framing: Framing;
  /** Content type for a response that is a single result; undefined where even that has to be framed as a stream. */
  readonly json: string | undefined;
}

type Range = ReturnType<typeof toRange>;

const JSON_TYPES: Readonly<Record<string, string>> = {
  'application/json': 'application/json; charset=utf-8',
  'application/graphql-response+json': 'application/graphql-response+json; charset=utf-8',
  'application/*': 'application/json; charset=utf-8',
  '*/*': 'application/json; charset=utf-8',
};

/** Chooses a format by the weights of an `accept` header; undefined for a client that accepts no stream. */
export function negotiate(accept = ''): NegotiatedFormat | undefined {
  const ranges = rangesOf(accept);
  const framing = ranges.map(framingOf).find((found) => found !== undefined);
  return framing && { framing, json: jsonTypeIn(ranges) };
}

/** Whether the client accepts a response that is a single result. An absent or empty header accepts any. */
export function acceptsJson(accept = ''): boolean {
  return accept === '' || jsonTypeIn(rangesOf(accept)) !== undefined;
}

/** For a single error. A client that lists GraphQL's own type gets it: in `application/json` it ignores the status. */
export function errorContentType(accept = ''): string {
  return jsonTypeIn(rangesOf(accept)) ?? 'application/json; charset=utf-8';
}

/** Sorted by weight, highest first. */
function rangesOf(accept: string): Range[] {
  const ranges = accept.toLowerCase().split(',').map(toRange);
  return ranges.filter(({ weight }) => weight > 0).sort((one, other) => other.weight - one.weight);
}

function toRange(text: string) {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length) ?? '1';
  return { type, parameters, weight: Number(weight) };
}

function jsonTypeIn(ranges: readonly Range[]): string | undefined {
  return ranges.map(({ type }) => JSON_TYPES[type]).find((found) => found !== undefined);
}

/** Multipart responses other than `subscriptionSpec=1.0` cannot carry a subscription. */
function framingOf({ type, parameters }: Range): Framing | undefined {
  if (type === 'text/event-stream') return EVENT_STREAM;
  const isSubscription = parameters.some((parameter) => /^subscriptionspec="?1\.0"?$/.test(parameter));
  return type === 'multipart/mixed' && isSubscription ? MULTIPART : undefined;
}

/** How a stream of results is written into the response to one HTTP request. */
export interface Framing {
  /** Sent with status 200, before `opening`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent at once, so that proxies and clients see that the stream is open. */
  readonly opening: string;
  /** Sent every `HEARTBEAT_MS`, so that no proxy or client takes a quiet connection for a broken one. */
  readonly heartbeat: string;
  /** One result of the subscription. */
  result(result: FormattedExecutionResult): string;
  /** Sent last when no result can follow. */
  readonly completion: string;
  /** Sent last when the stream is cut and the client has to subscribe again to get further results. */
  interruption(requestId: string): string;
}

const HEADERS = {
  'cache-control': 'no-store, no-transform',
  // Without it nginx buffers results and delivers them late, in batches.
  'x-accel-buffering': 'no',
};

/** Server-sent events, as in the distinct connections mode of the GraphQL over SSE protocol of graphql-sse. */
export const EVENT_STREAM: Framing = {
  headers: { ...HEADERS, 'content-type': 'text/event-stream; charset=utf-8' },
  opening: ':\n\n',
  heartbeat: ':\n\n',
  result: (result) => `event: next\ndata: ${JSON.stringify(result)}\n\n`,
  completion: 'event: complete\ndata:\n\n',
  // The protocol has no message for it: clients reconnect to a stream that ends without `complete`.
  interruption: () => '',
};

const DELIMITER = '\r\n--graphql';

// Clients consider a part complete only once the next delimiter has arrived, so each part ends with it.
function part(content: object): string {
  return `\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${JSON.stringify(content)}${DELIMITER}`;
}

/**
 * The multipart protocol for subscriptions of Apollo's clients and router.
 * Source: apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol.
 */
export const MULTIPART: Framing = {
  headers: { ...HEADERS, 'content-type': 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0' },
  opening: DELIMITER,
  heartbeat: part({}),
  result: (payload) => part({ payload }),
  completion: '--\r\n',
  interruption: (requestId) => {
    const extensions = { code: 'SHUTTING_DOWN', requestId };
    const message = 'This replica is shutting down. Subscribe again.';
    return `${part({ payload: null, errors: [{ message, extensions }] })}--\r\n`;
  },
};
