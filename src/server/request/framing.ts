import type { FormattedExecutionResult } from 'graphql';

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
